import Foundation
import Testing

/// Recording with a thread of its own for anonymizing, and without where there is one processor.
@Suite struct OneProcessorTests {
    @Test func theTraceIsTheSame() throws {
        let scratch = try Scratch()
        try Self.capture().write(to: scratch.url.appending(path: "x.pcap"))
        let options = [
            "record", "-r", scratch.path("x.pcap"), "--key-file", scratch.path("key"), "--json", "--quiet",
        ]
        let (usual, alone) = (scratch.path("usual.trace.gz"), scratch.path("alone.trace.gz"))
        let first = try Program.run(options + ["-w", usual])
        #expect(first.status == 0, "\(first.errors)")
        let second = try Program(
            "/usr/bin/taskset",
            ["-c", Self.processor, Program.tapedeck] + options + ["-w", alone]
        ).finish()
        #expect(second.status == 0, "\(second.errors)")
        #expect(first.text == second.text, "ledger and counts")
        let messages = try Program.run(["cat", usual, "--json"]).text
        #expect(messages.split(separator: "\n").count == 2 * Self.exchanges)
        let others = try Program.run(["cat", alone, "--json"]).text
        #expect(messages == others)
    }

    private static let exchanges = 3_000

    /// A processor that this process may use.
    private static let processor: String = {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") } ?? ""
        return String(line.dropFirst("Cpus_allowed_list:".count).drop { !$0.isNumber }.prefix { $0.isNumber })
    }()

    private static func capture() -> Data {
        var builder = CaptureBuilder()
        var time: Int64 = 1_700_000_000 * 1_000_000_000
        var connection = builder.open(port: 20_000, at: time)
        for number in 0..<exchanges {
            time += 1_000_000
            let body = #"{"n":\#(number),"email":"ada\#(number % 50)@navy.mil","name":"Ada Lovelace"}"#
            builder.send(
                &connection,
                fromClient: true,
                "POST /hooks?n=\(number) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)",
                at: time
            )
            builder.send(
                &connection,
                fromClient: false,
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
                at: time + 300_000
            )
        }
        builder.close(&connection, at: time + 1_000_000)
        return builder.file()
    }
}
