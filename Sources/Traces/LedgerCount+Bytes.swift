import Bytes

extension [UInt8] {
    /// Appends a list of names and counts; names must have at most 255 bytes.
    mutating func appendCounts(_ counts: [LedgerCount]) {
        appendLittleEndian(UInt32(counts.count))
        for count in counts {
            precondition(count.name.utf8.count <= 255, "the name of a count has at most 255 bytes")
            append(UInt8(count.name.utf8.count))
            append(contentsOf: count.name.utf8)
            appendLittleEndian(count.value)
        }
    }
}

extension ByteCursor {
    /// Reads what ``appendCounts(_:)`` wrote; `nil` when it is cut or longer than the limit.
    @_lifetime(self: copy self)
    mutating func counts() -> [LedgerCount]? {
        guard let count = littleEndian(UInt32.self), count <= TraceLimits.counts else { return nil }
        var counts: [LedgerCount] = []
        for _ in 0..<count {
            guard
                let length = littleEndian(UInt8.self), let name = array(Int(length)),
                let value = littleEndian(UInt64.self)
            else { return nil }
            counts.append(LedgerCount(name: String(decoding: name, as: UTF8.self), value: value))
        }
        return counts
    }
}
