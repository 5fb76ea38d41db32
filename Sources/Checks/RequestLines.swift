import Bytes
import Traces

/// What follows from a request line, kept for the lines that were there last.
///
/// Most requests have a line that was there before; of those nothing is parsed. A fixed number of lines is kept, the last
/// one of each hash. O(bytes of the line) for each look-up.
struct RequestLines<Value: Sendable>: Sendable {
    private struct Known {
        var line: [UInt8]
        var value: Value
    }

    /// A power of two.
    private static var count: Int { 4_096 }
    /// Longer lines are not kept.
    private static var longest: Int { 1_024 }

    private var known = [Known?](repeating: nil, count: Self.count)

    /// The value of a request's line; where that is not known, `make` says it.
    mutating func value<Failure: Error>(
        for record: HeadRecord,
        make: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        guard record.encoding == .http1, let end = record.bytes.span.firstIndex(of: 0x0A), end <= Self.longest
        else { return try make() }
        let line = record.bytes.span.extracting(0..<end)
        let slot = Int(line.mixedHash & UInt64(Self.count - 1))
        if let known = known[slot], known.line.span.equals(line) { return known.value }
        let value = try make()
        known[slot] = Known(line: Array(line), value: value)
        return value
    }
}

extension Span where Element == UInt8 {
    /// A hash that is quick, and no more than that: bytes eight at a time, multiplied and folded.
    var mixedHash: UInt64 {
        var hash = UInt64(truncatingIfNeeded: count)
        var index = 0
        while index + 8 <= count {
            hash = (hash ^ littleEndian(UInt64.self, at: index)) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            index += 8
        }
        while index < count {
            hash = (hash ^ UInt64(self[index])) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 32
            index += 1
        }
        return hash
    }
}
