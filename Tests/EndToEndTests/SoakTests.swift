import Foundation
import Testing

/// The short form of `Benchmarks/soak/soak`: every kind of traffic for some seconds, in parts of ten seconds.
@Suite(.enabled(if: Privileges.mayCapture, "capturing takes root, or CAP_NET_RAW"))
struct SoakTests {
    /// The script holds what the clients counted against what is in the parts, and checks every sum.
    @Test func aMinuteOfEveryKindOfTrafficIsRecordedWhole() throws {
        let script = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().appending(path: "../../Benchmarks/soak/soak").standardized.path
        let run = try Program(
            "/usr/bin/env",
            [
                "python3", script, "--json", "--duration", "63s", "--rate", "300", "--step", "7s",
                "--rotate-every", "10s", "--report-every", "7s",
            ],
            environment: ["TAPEDECK_BINARY": Program.tapedeck]
        ).finish(within: 180)
        #expect(run.status == 0, "\(run.text) \(run.errors)")
        let result = try run.json()
        #expect(result["problems"] as? [String] == [])
        #expect(try #require(result["parts"] as? Int) >= 6)
        let clients = try #require(result["clients"] as? [String: Int])
        // Every kind came to something.
        for count in ["requests", "responses", "aborted", "events", "frames"] {
            #expect(try #require(clients[count]) > 0, "no \(count)")
        }
    }
}
