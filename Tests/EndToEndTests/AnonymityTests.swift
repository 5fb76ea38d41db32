import Foundation
import Testing

/// Personal data and secrets that went over the wire are in nothing that Tapedeck leaves behind.
@Suite struct AnonymityTests {
    static let canaries = [
        "ada.lovelace@analytical.example.net", "4929 1234 5678 9015", "Lovelace", "+44 20 7946 0958",
        "s3ss10n-c00kie-value", "bearer-t0ken-9f8e7d6c5b4a", "192-0-2-55-key-a1b2c3d4", "203.0.113.77",
        "987-65-4320",
    ]

    /// The capture of one delivery that holds every canary, in header, path, query, form and JSON.
    private func capture() -> Data {
        var builder = CaptureBuilder()
        let start: Int64 = 1_700_000_000_000_000_000
        var connection = builder.open(port: 41_000, at: start)
        let body =
            #"{"email":"ada.lovelace@analytical.example.net","card":"4929 1234 5678 9015","#
            + #""last_name":"Lovelace","phone":"+44 20 7946 0958","ssn":"987-65-4320"}"#
        let form = "email=ada.lovelace%40analytical.example.net&last_name=Lovelace&ssn=987-65-4320"
        for (type, text) in [("application/json", body), ("application/x-www-form-urlencoded", form)] {
            builder.send(
                &connection,
                fromClient: true,
                "POST /users/ada.lovelace@analytical.example.net?last_name=Lovelace&api_key=192-0-2-55-key-a1b2c3d4"
                    + " HTTP/1.1\r\nHost: hooks\r\nContent-Type: \(type)\r\n"
                    + "Authorization: Bearer bearer-t0ken-9f8e7d6c5b4a\r\n"
                    + "Cookie: session=s3ss10n-c00kie-value\r\nX-Forwarded-For: 203.0.113.77\r\n"
                    + "X-Api-Key: 192-0-2-55-key-a1b2c3d4\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)",
                at: start + 1_000_000
            )
            builder.send(
                &connection,
                fromClient: false,
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    + "Set-Cookie: session=s3ss10n-c00kie-value; HttpOnly\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
                at: start + 2_000_000
            )
        }
        builder.close(&connection, at: start + 3_000_000)
        return builder.file()
    }

    @Test func noCanaryIsInTheTraceNorInWhatWasSaid() throws {
        let scratch = try Scratch()
        try capture().write(to: scratch.url.appending(path: "in.pcap"))
        let trace = scratch.path("in.trace.gz")
        let recorded = try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", trace, "--json"])
        #expect(recorded.status == 0, "\(recorded.errors)")
        let listed = try Program.run(["cat", trace, "--json"])
        #expect(try listed.jsonLines().count == 4)
        let inflated = try Program("/bin/sh", ["-c", "gzip -dc < '\(trace)'"]).finish()
        #expect(inflated.status == 0)
        #expect(inflated.output.count > 500)
        let raw = try Data(contentsOf: URL(fileURLWithPath: trace))
        let places = [
            ("the file", raw), ("the file inflated", inflated.output), ("cat", listed.output),
            ("record's report", recorded.output), ("record's errors", Data(recorded.errors.utf8)),
        ]
        for canary in Self.canaries {
            for spelling in [canary, canary.replacingOccurrences(of: "@", with: "%40")] {
                for (place, data) in places {
                    #expect(data.range(of: Data(spelling.utf8)) == nil, "\(spelling) is in \(place)")
                }
            }
        }
        // The search itself must be able to find: the same without anonymizing holds them all.
        let open = scratch.path("open.trace.gz")
        #expect(
            try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", open, "--no-anonymize"]).status
                == 0
        )
        let shown = try Program.run(["cat", open]).output
        for canary in Self.canaries { #expect(shown.range(of: Data(canary.utf8)) != nil, "\(canary)") }
    }

    @Test func auditFindsWhatWasLeftInAndNothingInAnAnonymizedTrace() throws {
        let scratch = try Scratch()
        try capture().write(to: scratch.url.appending(path: "in.pcap"))
        let input = scratch.path("in.pcap")
        #expect(try Program.run(["record", "-r", input, "-w", scratch.path("a.trace.gz")]).status == 0)
        let clean = try Program.run(["audit", scratch.path("a.trace.gz"), "--json"])
        #expect(clean.status == 0, "\(clean.text)")
        let open = ["record", "-r", input, "-w", scratch.path("b.trace.gz"), "--no-anonymize"]
        #expect(try Program.run(open).status == 0)
        let found = try Program.run(["audit", scratch.path("b.trace.gz"), "--json"])
        #expect(found.status == 1)
        for canary in Self.canaries { #expect(!found.text.contains(canary), "the value is never shown") }
    }
}
