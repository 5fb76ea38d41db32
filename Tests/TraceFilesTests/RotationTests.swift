import Glibc
import Packets
import Testing
import TraceFiles
import Traces

/// When the next part of a recording begins, and what it is called.
@Suite struct RotationTests {
    private static let second: Int64 = 1_000_000_000

    private func time(_ seconds: Double) -> PacketTime {
        PacketTime(nanoseconds: Int64(seconds * Double(Self.second)))
    }

    struct Row: Sendable {
        var size: UInt64?
        var interval: Int64?
        /// Seconds, bytes, whether the next part is due then.
        var steps: [(at: Double, bytes: UInt64, isDue: Bool)]
    }

    @Test(
        arguments: [
            // Begun at 100.25 s: a ten-second part ends at 110, not at 110.25.
            Row(interval: 10 * second, steps: [(100.25, 0, false), (109.99, 9, false), (110, 9, true)]),
            // A part that begins on the boundary has its whole length.
            Row(interval: 10 * second, steps: [(100, 0, false), (109.9, 0, false), (110, 0, true)]),
            Row(size: 1_000, steps: [(0, 999, false), (1, 1_000, true), (2, 5_000, true)]),
            // Whichever comes first.
            Row(size: 50, interval: 10 * second, steps: [(1, 60, true), (10, 0, true), (3, 0, false)]),
            // The clock was set back by an hour: the boundary goes with it.
            Row(interval: 60 * second, steps: [(7_230, 0, false), (3_605, 0, false), (3_660, 0, true)]),
            // Before 1970 the boundaries are multiples too.
            Row(interval: 10 * second, steps: [(-25, 0, false), (-20.01, 0, false), (-20, 0, true)]),
        ]
    )
    func partsBeginWhenTheyAreDue(_ row: Row) {
        var policy = RotationPolicy(size: row.size, interval: row.interval)
        policy.begin(at: time(row.steps[0].at))
        for step in row.steps {
            #expect(policy.isDue(size: step.bytes, at: time(step.at)) == step.isDue, "at \(step.at)")
        }
    }

    /// 2023-11-14 22:13:20 UTC.
    private let moment = PacketTime(nanoseconds: 1_700_000_000 * second + 999_999_999)

    @Test(
        arguments: [
            ("hooks-%Y%m%d-%H%M%S.trace.gz", "hooks-20231114-221320.trace.gz"),
            ("/var/lib/x/%F_%s.trace.gz", "/var/lib/x/2023-11-14_1700000000.trace.gz"),
            ("a%y%jz", "a23318z"),
            // A percent sign of the folder is its own.
            ("50%/%H%%.trace.gz", "50%/22%.trace.gz"),
            ("plain.trace.gz", "plain.trace.gz"),
        ]
    )
    func namesHaveTheTime(_ pattern: String, _ path: String) throws {
        #expect(try TraceNamePattern(pattern).path(at: moment) == path)
    }

    @Test(arguments: [("%k", "%k"), ("x%", "%"), ("a/%b.gz", "%b"), ("%Q%Y", "%Q")])
    func whatIsNoPlaceIsNamed(_ pattern: String, _ place: String) {
        let error = #expect(throws: TraceNameError.self) { try TraceNamePattern(pattern) }
        #expect(error?.place == place)
        #expect(error?.description.contains("%%") == true)
    }

    @Test func aNameWithoutATimeGetsOne() throws {
        let pattern = try TraceNamePattern("d/hooks.trace.gz").withTime
        #expect(pattern.path(at: moment) == "d/hooks-20231114-221320.trace.gz")
        let timed = try TraceNamePattern("hooks-%s.gz")
        #expect(timed.withTime == timed)
    }

    @Test func whatCanHaveBeenMadeFromAPatternMatches() throws {
        let pattern = try TraceNamePattern("d/h-%Y%m%d.trace.gz")
        #expect(pattern.path(at: moment, collision: 12) == "d/h-20231114-12.trace.gz")
        for name in ["h-20231114.trace.gz", "h-20231114-12.trace.gz", "h-00000000.trace.gz"] {
            #expect(pattern.matches(name), "\(name)")
        }
        for name in [
            "h-20231114.trace.gz.partial", "h-2023111.trace.gz", "x-20231114.trace.gz",
            "h-20231114-.trace.gz",
            "h-20231114-1x.trace.gz", "h-2023111a.trace.gz", "h-20231114.trace.gzz", "",
        ] {
            #expect(!pattern.matches(name), "\(name)")
        }
    }
}
