import Compression
import Foundation
import Replay
import Reports
import Testing

@Suite struct HDRLogTests {
    /// The buckets of one histogram of a log, read by the format's own rules.
    struct Decoded {
        var digits: Int
        var counts: [Int: Int64]

        init(_ text: Substring) throws {
            let envelope = [UInt8](try #require(Data(base64Encoded: String(text))))
            #expect(Self.integer(envelope[0..<4]) == 0x1C84_9314)
            #expect(Self.integer(envelope[4..<8]) == envelope.count - 8)
            var inflater = Inflater(.zlib)
            var bytes: [UInt8] = []
            let progress = try inflater.inflate(Array(envelope[8...]).span, into: &bytes, limit: 1 << 20)
            #expect(progress.isFinished)
            #expect(Self.integer(bytes[0..<4]) == 0x1C84_9313)
            #expect(Self.integer(bytes[4..<8]) == bytes.count - 40)
            digits = Self.integer(bytes[12..<16])
            counts = [:]
            var place = 0
            var index = 40
            while index < bytes.count {
                var value: UInt64 = 0
                for group in 0..<9 {
                    let byte = UInt64(bytes[index])
                    index += 1
                    value |= (group == 8 ? byte : byte & 0x7F) << UInt64(7 * group)
                    if byte & 0x80 == 0 { break }
                }
                let count = Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
                if count < 0 {
                    place += Int(-count)
                } else {
                    counts[place] = count
                    place += 1
                }
            }
        }

        private static func integer(_ bytes: ArraySlice<UInt8>) -> Int {
            bytes.reduce(0) { $0 << 8 | Int($1) }
        }
    }

    private func histogram(_ microseconds: [UInt64]) -> Latencies {
        var latencies = Latencies()
        for value in microseconds { latencies.record(nanoseconds: value * 1_000) }
        return latencies
    }

    /// Bucket 2,047 is the last of width 1, 2,048 the first of width 2; 1,024 buckets double the width.
    @Test(
        arguments: [
            (values: [UInt64](), counts: [Int: Int64]()),
            (values: [0, 0, 2], counts: [0: 2, 2_000: 1]),
            // 3,000 ns is bucket 3,000 / 2 beyond the first 1,024.
            (values: [3], counts: [1_024 + 1_500: 1]),
            // 2^31 µs are 2,000 · 2^30 ns, which have 41 bits.
            (values: [1 << 31], counts: [30 * 1_024 + 2_000: 1]),
        ] as [(values: [UInt64], counts: [Int: Int64])]
    )
    func countsStandInTheirBuckets(values: [UInt64], counts: [Int: Int64]) throws {
        var interval = try #require(Self.interval)
        interval.responseTime = histogram(values)
        var log = HDRLog()
        let line = try #require(log.lines(interval).split(separator: "\n").last)
        let decoded = try Decoded(try #require(line.split(separator: ",").last))
        #expect(decoded.digits == 3)
        #expect(decoded.counts == counts)
    }

    @Test func linesSayWhenAndHowLong() throws {
        var interval = try #require(Self.interval)
        interval.start = 1_250_000_000
        interval.end = 2_250_000_000
        interval.serviceTime = histogram([1_500, 20])
        var log = HDRLog()
        #expect(
            log.header(version: "1.0", startedAt: 1_700_000_000_123_000_000) == """
                #[Logged with tapedeck 1.0]
                #[Histogram log format version 1.3]
                #[StartTime: 1700000000.123 (seconds since epoch)]
                "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

                """
        )
        let lines = log.lines(interval).split(separator: "\n")
        #expect(
            lines.map { $0.split(separator: ",").dropLast().joined(separator: ",") } == [
                "Tag=send_error,1.250,1.000,0.000", "Tag=service_time,1.250,1.000,1.500",
                "Tag=response_time,1.250,1.000,0.000",
            ]
        )
    }

    /// An interval of a machine that has done nothing.
    static var interval: ReplayInterval? {
        guard let target = try? ReplayTarget("http://127.0.0.1:1") else { return nil }
        var plan = ReplayPlan(target: target, run: "run")
        plan.keepsIntervals = true
        var machine = ReplayMachine(plan: plan, start: 0, descriptors: 1)
        return machine.takeInterval(at: 0)
    }
}
