import Foundation
import Testing

/// The replayer's own figures against a capture of what it sent.
@Suite(.serialized, .enabled(if: Privileges.mayCapture, "capturing takes root, or CAP_NET_RAW"))
struct CaptureConfirmationTests {
    /// One request: when it was due, when the replayer says that it was sent, and when the capture saw it; nanoseconds
    /// since the start of the run.
    struct Sighting {
        var intended: Int
        var sent: Int
        var seen: Int
    }

    @Test(arguments: ["1x", "4x"]) func theCaptureSawWhatTheReportSays(_ speed: String) throws {
        let scratch = try Scratch()
        let server = try NginxServer()
        let (trace, seen, observed) = (
            scratch.path("in.trace.gz"), scratch.path("seen.trace.gz"), scratch.path("observed.trace.gz")
        )
        try CaptureBuilder.steady(count: 2_000, seconds: 4, connections: 20).file()
            .write(to: scratch.url.appending(path: "in.pcap"))
        #expect(try Program.run(["record", "-r", scratch.path("in.pcap"), "-w", trace]).status == 0)
        let recorder = try Program(
            Program.tapedeck,
            [
                "record", "-i", "lo", "-p", "\(server.port)", "-w", seen, "--include-replays",
                "--no-anonymize", "--json",
            ]
        )
        _ = try recorder.waitForErrors { $0.contains("recording on lo") }
        let run = try Program.run([
            "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--speed", speed, "--observed",
            observed, "--json",
        ])
        #expect(run.status == 0, "\(run.errors)")
        recorder.signal(SIGINT)
        let recorded = recorder.finish()
        #expect(try recorded.json()["requests"] as? Int == 2_000, "\(recorded.errors)")

        let report = try run.json()
        let start = try #require(report["started_ns"] as? Int)
        let factor = try #require(report["speed"] as? Double)
        let sightings = try sightings(trace, observed, seen, start: start, factor: factor)
        #expect(sightings.count == 2_000)

        // Nothing was seen before it was sent, and the kernel had it at once.
        let delays = sightings.map { $0.seen - $0.sent }.sorted()
        #expect(delays[0] > -50_000)
        #expect(delays[delays.count / 2] < 1_000_000)

        // What the report says of the send error is what the capture shows, but for that delay.
        let errors = sightings.map { max(0, $0.seen - $0.intended) / 1_000 }.sorted()
        let told = try #require(report["send_error_us"] as? [String: Int])
        #expect(
            abs(errors[errors.count / 2] - (told["p50"] ?? -1)) <= 1_000 + delays[delays.count / 2] / 1_000
        )
        #expect(errors[errors.count - 1] >= (told["max"] ?? .max) * 998 / 1_000)

        // Requests by second, and by window: the report's own from its send times, and the capture's beside them.
        let rates = try #require(report["rates"] as? [String: Any])
        let sent = try #require(rates["sent"] as? [Int])
        #expect(Self.windows(sightings.map(\.sent), of: 1_000_000_000) == Self.trimmed(sent))
        let rhythm = try #require(report["rhythm"] as? [String: Double])
        for (name, width) in [("1ms", 1), ("10ms", 10), ("100ms", 100), ("1000ms", 1_000)] {
            let width = width * 1_000_000
            let own = Self.difference(sightings.map(\.intended), sightings.map(\.sent), width)
            #expect(abs(own - (rhythm[name] ?? -1)) < 0.005, "\(name)")
            guard width >= 10_000_000 else { continue }
            // A request that left on this side of a window's end may be seen on the other.
            let apart = Self.difference(sightings.map(\.sent), sightings.map(\.seen), width)
            #expect(apart <= 0.05, "\(name): \(apart)")
        }
    }

    /// Every request in all three, matched by the mark that it carried.
    private func sightings(
        _ trace: String,
        _ observed: String,
        _ seen: String,
        start: Int,
        factor: Double
    ) throws -> [Sighting] {
        let recorded = try requests(of: trace)
        let first = try #require(recorded.map(\.start).min())
        var intended: [String: Int] = [:]
        for request in recorded {
            intended["\(request.exchange)"] = Int(Double(request.start - first) / factor)
        }
        var sent: [String: Int] = [:]
        for request in try requests(of: observed) {
            let mark = try #require(request.mark)
            #expect(sent.updateValue(request.start - start, forKey: mark) == nil)
        }
        return try requests(of: seen).map { request in
            let mark = try #require(request.mark)
            let exchange = try #require(mark.split(separator: "/").last)
            return Sighting(
                intended: try #require(intended[String(exchange)]),
                sent: try #require(sent[mark]),
                seen: request.start - start
            )
        }
    }

    private func requests(of trace: String) throws -> [(exchange: Int, start: Int, mark: String?)] {
        let run = try Program.run(["cat", trace, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        return try run.jsonLines().filter { $0["type"] as? String == "request" }.map { request in
            let headers = request["headers"] as? [[String]] ?? []
            return (
                try #require(request["exchange"] as? Int), try #require(request["start_ns"] as? Int),
                headers.first { $0[0] == "X-Tapedeck-Replay" }?[1]
            )
        }
    }

    /// How many times lie in each window, up to the last that has any.
    private static func windows(_ times: [Int], of width: Int) -> [Int] {
        var counts: [Int] = []
        for time in times {
            let window = max(0, time) / width
            while counts.count <= window { counts.append(0) }
            counts[window] += 1
        }
        return counts
    }

    private static func trimmed(_ counts: [Int]) -> [Int] {
        Array(counts.prefix { _ in true }.reversed().drop { $0 == 0 }.reversed())
    }

    /// The differences of all windows, over the requests.
    private static func difference(_ one: [Int], _ other: [Int], _ width: Int) -> Double {
        let (one, other) = (windows(one, of: width), windows(other, of: width))
        let sum = (0..<max(one.count, other.count)).reduce(0) { sum, window in
            sum + abs((window < one.count ? one[window] : 0) - (window < other.count ? other[window] : 0))
        }
        return Double(sum) / Double(one.reduce(0, +))
    }
}
