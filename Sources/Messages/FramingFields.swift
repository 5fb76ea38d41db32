import Bytes

/// What the fields of a head say about the length of the body, before they are weighed against each other.
package struct FramingFields: Hashable, Sendable {
    package enum Length: Hashable, Sendable {
        case absent
        case value(UInt64)
        /// Not a decimal number below 2⁶⁴, or several that differ.
        case invalid
    }

    package var length = Length.absent
    /// Content-Length came in a list or in several fields.
    package var hasRepeatedLength = false
    package var hasTransferEncoding = false
    /// How many of the transfer codings are `chunked`.
    package var chunkedCount = 0
    /// The last transfer coding is `chunked`.
    package var endsInChunked = false
    /// `Expect: 100-continue` (RFC 9110, section 10.1.1).
    package var expectsContinue = false

    package init() {}

    /// Takes one field into account.
    mutating func note(name: Span<UInt8>, value: Span<UInt8>) {
        switch name.count {
        case 6 where name.equalsIgnoringCase("Expect"):
            if value.equalsIgnoringCase("100-continue") { expectsContinue = true }
        case 14 where name.equalsIgnoringCase("Content-Length"):
            noteLength(value)
        case 17 where name.equalsIgnoringCase("Transfer-Encoding"):
            noteCodings(value)
        default:
            break
        }
    }

    private mutating func noteLength(_ value: Span<UInt8>) {
        // Nearly always one number, which is no list.
        if case .absent = length, let number = Self.decimal(value, 0..<value.count) {
            length = .value(number)
            return
        }
        var start = 0
        repeat {
            let comma = value.firstIndex(of: .comma, from: start) ?? value.count
            let item = Self.decimal(value, value.trimmed(start..<comma))
            switch (length, item) {
            case (.absent, .some(let number)):
                length = .value(number)
            case (.value(let earlier), .some(let number)) where earlier == number:
                hasRepeatedLength = true
            default:
                length = .invalid
            }
            start = comma &+ 1
        } while start <= value.count
    }

    private mutating func noteCodings(_ value: Span<UInt8>) {
        hasTransferEncoding = true
        var start = 0
        while start < value.count {
            let comma = value.firstIndex(of: .comma, from: start) ?? value.count
            let item = value.trimmed(start..<comma)
            // Empty list elements do not count (RFC 9110, section 5.6.1.2).
            if !item.isEmpty {
                endsInChunked = value.extracting(item).equalsIgnoringCase("chunked")
                if endsInChunked { chunkedCount &+= 1 }
            }
            start = comma &+ 1
        }
    }

    private static func decimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        guard !range.isEmpty else { return nil }
        var number: UInt64 = 0
        for index in range {
            guard bytes[index].isASCIIDigit else { return nil }
            let (scaled, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = scaled.addingReportingOverflow(UInt64(bytes[index] &- 0x30))
            if tooLarge || overflows { return nil }
            number = sum
        }
        return number
    }
}
