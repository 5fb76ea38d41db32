import Bytes

extension Head {
    /// One bit for each name of a field, by its length and outer letters; names that share a bit cannot be told apart.
    ///
    /// A bit that is not set says for certain that none of its names is there. O(fields).
    package var fieldNameBits: UInt64 {
        var bits: UInt64 = 0
        for index in fields.indices { bits |= bytes.span.extracting(fields[index].name.bounds).fieldNameBit }
        return bits
    }
}

extension RequestFilter {
    /// The bits of the header fields of which at least one must be there for the filter to match; 0 where it can match
    /// without any.
    package var neededFieldNameBits: UInt64 {
        for term in terms where !term.isNegated {
            if case .header(let name) = term.key { return name.span.fieldNameBit }
        }
        return 0
    }
}

extension Span where Element == UInt8 {
    fileprivate var fieldNameBit: UInt64 {
        guard count > 0 else { return 0 }
        let first = UInt64(self[0] | 0x20)
        let last = UInt64(self[count &- 1] | 0x20)
        return 1 << ((UInt64(count) &* 11 &+ first &* 3 &+ last) & 63)
    }
}
