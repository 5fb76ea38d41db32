import Foundation
import Testing

/// `tapedeck record --filter`, over a capture with requests of two kinds on one connection.
@Suite struct FilterTests {
    @Test(
        arguments: [
            ("method=POST", 3, 3), ("path=/orders/*", 2, 2), ("status=5xx", 1, 1),
            ("method=POST status!=5xx", 2, 2),
            ("host=shop.example header:x-source=app", 2, 2), ("path=/nowhere", 0, 0), ("status=404", 0, 0),
        ]
    )
    func recordsWhatIsSelected(_ filter: String, _ requests: Int, _ responses: Int) throws {
        let scratch = try Scratch()
        try Self.capture().write(to: scratch.url.appending(path: "x.pcap"))
        let trace = scratch.path("x.trace.gz")
        let recorded = try Program.run(
            ["record", "-r", scratch.path("x.pcap"), "-w", trace, "--filter", filter, "--json"]
        ).json()
        #expect(recorded["requests"] as? Int == requests)
        #expect(recorded["responses"] as? Int == responses)
        #expect(recorded["balanced"] as? Bool == true)
        let ledger = try #require(recorded["ledger"] as? [String: Int])
        #expect(ledger["requests.filtered"] == 5 - requests)
        #expect(ledger["responses.filtered"] == 5 - responses)
        let cat = try Program.run(["cat", trace, "--json"])
        #expect(cat.status == 0)
        #expect(cat.text.split(separator: "\n").count == requests + responses)
    }

    private static func capture() -> Data {
        var builder = CaptureBuilder()
        var time: Int64 = 1_700_000_000 * 1_000_000_000
        var connection = builder.open(port: 20_000, at: time)
        let exchanges = [
            ("GET /orders/1", "X-Source: web", "200 OK"), ("POST /orders/2", "X-Source: app", "201 Created"),
            ("POST /hooks", "X-Source: hook", "202 Accepted"), ("POST /hooks", "X-Source: hook", "503 Later"),
            ("GET /health", "X-Source: app", "200 OK"),
        ]
        for (start, field, status) in exchanges {
            time += 1_000_000
            builder.send(
                &connection,
                fromClient: true,
                "\(start) HTTP/1.1\r\nHost: shop.example\r\n\(field)\r\nContent-Length: 2\r\n\r\nhi",
                at: time
            )
            builder.send(
                &connection,
                fromClient: false,
                "HTTP/1.1 \(status)\r\nContent-Length: 2\r\n\r\nok",
                at: time + 300_000
            )
        }
        builder.close(&connection, at: time + 1_000_000)
        return builder.file()
    }
}
