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

    /// The value of a request's line, where that is known.
    func value(for record: HeadRecord) -> Value? {
        guard let end = Self.end(of: record) else { return nil }
        let line = record.bytes.span.extracting(0..<end)
        guard let known = known[Self.slot(of: line)], known.line.span.equals(line) else { return nil }
        return known.value
    }

    /// Keeps the value of a request's line.
    mutating func keep(_ value: Value, for record: HeadRecord) {
        guard let end = Self.end(of: record) else { return }
        let line = record.bytes.span.extracting(0..<end)
        known[Self.slot(of: line)] = Known(line: Array(line), value: value)
    }

    /// Where the line ends; `nil` for one that is not kept.
    private static func end(of record: HeadRecord) -> Int? {
        guard record.encoding == .http1, let end = record.bytes.span.firstIndex(of: 0x0A), end <= longest
        else { return nil }
        return end
    }

    private static func slot(of line: Span<UInt8>) -> Int { Int(line.mixedHash & UInt64(count - 1)) }
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
