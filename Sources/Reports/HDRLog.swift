import Bytes
import Compression
package import Replay

/// Intervals of a run as lines of a histogram log, format 1.3, which HdrHistogram's own tools read and plot.
///
/// Each interval gives three lines, tagged `send_error`, `service_time` and `response_time`. Values are nanoseconds with
/// three significant digits; the second column is the length of the interval, the third the greatest value in
/// milliseconds. The format is that of HistogramLogWriter in HdrHistogram 2.1.12.
package struct HDRLog: ~Copyable {
    private var encoder = HDRHistogramEncoder()

    package init() {}

    /// The first lines; `startedAt` is when the run began, in nanoseconds since 1970.
    package func header(version: String, startedAt: Int64) -> String {
        let seconds = startedAt / 1_000_000_000
        let milliseconds = startedAt / 1_000_000 % 1_000
        return """
            #[Logged with tapedeck \(version)]
            #[Histogram log format version 1.3]
            #[StartTime: \(seconds).\(Self.padded(milliseconds)) (seconds since epoch)]
            "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

            """
    }

    /// The lines of one interval.
    package mutating func lines(_ interval: ReplayInterval) -> String {
        var text = ""
        for (tag, latencies) in [
            ("send_error", interval.sendError), ("service_time", interval.serviceTime),
            ("response_time", interval.responseTime),
        ] {
            let length = interval.end - min(interval.end, interval.start)
            text +=
                "Tag=\(tag),\(Self.seconds(interval.start)),\(Self.seconds(length))"
                + ",\(Self.milliseconds(latencies.summary.max)),\(encoder.encode(latencies))\n"
        }
        return text
    }

    private static func seconds(_ nanoseconds: UInt64) -> String {
        "\(nanoseconds / 1_000_000_000).\(padded(Int64(nanoseconds / 1_000_000 % 1_000)))"
    }

    private static func milliseconds(_ microseconds: UInt64) -> String {
        "\(microseconds / 1_000).\(padded(Int64(microseconds % 1_000)))"
    }

    private static func padded(_ number: Int64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}

/// Histograms in the compressed V2 encoding of HdrHistogram, as Base64.
///
/// The counts stand in the order of their buckets: 2,048 of width 1, then 1,024 each of width 2, 4, 8 and so on. Each is a
/// zigzag LEB128 number, and a negative one stands for so many zeros (AbstractHistogram.encodeIntoCompressedByteBuffer).
struct HDRHistogramEncoder: ~Copyable {
    private static let cookie: UInt32 = 0x1C84_9313
    private static let compressedCookie: UInt32 = 0x1C84_9314
    private static let significantDigits: UInt32 = 3
    /// Buckets of width 1, as many as tell 1,000 values apart twice over, rounded up to a power of 2.
    private static let narrow = 2_048
    private static let highest = Latencies.ceiling * 1_000

    private var deflater = Deflater(.zlib, level: 6)

    mutating func encode(_ latencies: Latencies) -> String {
        var payload: [UInt8] = []
        var next = 0
        var open: (place: Int, count: UInt64)?
        for (microseconds, count) in latencies.counts {
            let place = Self.place(of: microseconds * 1_000)
            if let last = open, last.place == place {
                open = (place, last.count + count)
                continue
            }
            if let open { Self.append(open, next: &next, to: &payload) }
            open = (place, count)
        }
        if let open { Self.append(open, next: &next, to: &payload) }
        var bytes: [UInt8] = []
        bytes.appendBigEndian(Self.cookie)
        bytes.appendBigEndian(UInt32(payload.count))
        // Nothing is shifted, and values are what they say.
        bytes.appendBigEndian(UInt32(0))
        bytes.appendBigEndian(Self.significantDigits)
        bytes.appendBigEndian(UInt64(1))
        bytes.appendBigEndian(Self.highest)
        bytes.appendBigEndian(1.0.bitPattern)
        bytes += payload
        var compressed: [UInt8] = []
        deflater.append(bytes.span, to: &compressed)
        deflater.finish(into: &compressed)
        deflater.reset()
        var envelope: [UInt8] = []
        envelope.appendBigEndian(Self.compressedCookie)
        envelope.appendBigEndian(UInt32(compressed.count))
        return String(base64: (envelope + compressed).span)
    }

    /// The number of a value's bucket.
    static func place(of value: UInt64) -> Int {
        let width = max(0, UInt64.bitWidth - value.leadingZeroBitCount - 11)
        return width * narrow / 2 + Int(value >> UInt64(width))
    }

    /// Appends a bucket, and before it the zeros from `next` on.
    private static func append(
        _ bucket: (place: Int, count: UInt64),
        next: inout Int,
        to payload: inout [UInt8]
    ) {
        if bucket.place > next { append(Int64(next - bucket.place), to: &payload) }
        append(Int64(clamping: bucket.count), to: &payload)
        next = bucket.place + 1
    }

    private static func append(_ value: Int64, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        // Eight groups of seven bits, and what is left over as a whole byte.
        for _ in 0..<8 {
            if rest < 0x80 { break }
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
