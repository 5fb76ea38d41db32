import Bytes

extension Head {
    /// One bit for each name of a field, by its length and outer letters; names that share a bit cannot be told apart.
    ///
    /// A bit that is not set says for certain that none of its names is there. O(fields).
    package var fieldNameBits: UInt64 {
        var bits: UInt64 = 0
        let bytes = bytes.span
        let fields = fields.span
        for index in fields.indices { bits |= bytes.extracting(fields[index].name.bounds).fieldNameBit }
        return bits
    }
}

extension RequestFilter {
    /// What is looked at of a request, by one pattern.
    package enum Look: Hashable, Sendable {
        case path(pattern: [UInt8])
        /// Letters of the name are compared without their case.
        case field(name: [UInt8], pattern: [UInt8])
    }

    /// The looks of which one that holds is enough and none is not; `nil` where it takes more to tell.
    package var looks: [Look]? {
        guard terms.count == 1, let term = terms.first, !term.isNegated, !asksForStatus else { return nil }
        switch term.key {
        case .path: return term.patterns.map { .path(pattern: $0) }
        case .header(let name): return term.patterns.map { .field(name: name, pattern: $0) }
        case .method, .host, .status: return nil
        }
    }

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
    /// The bit of ``Head/fieldNameBits`` that stands for this name.
    @inlinable
    package var fieldNameBit: UInt64 {
        guard count > 0 else { return 0 }
        let first = UInt64(self[0] | 0x20)
        let last = UInt64(self[count &- 1] | 0x20)
        return 1 << ((UInt64(count) &* 11 &+ first &* 3 &+ last) & 63)
    }
}
