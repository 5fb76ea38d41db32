import Bytes

/// The domains that pseudonyms of e-mail addresses lie in; RFC 2606 keeps them out of use.
enum ReservedDomain {
    /// The length of `.example.com`, `.example.net` and `.example.org`.
    static let exampleLength = 12
    /// The length of `.test`.
    static let testLength = 5

    /// Whether a domain lies in one of them.
    static func contains(_ domain: Span<UInt8>) -> Bool {
        let ends: [StaticString] = [".test", ".example.com", ".example.net", ".example.org"]
        for end in ends where domain.count > end.utf8CodeUnitCount {
            if domain.extracting(last: end.utf8CodeUnitCount).equalsIgnoringCase(end) { return true }
        }
        return false
    }
}

extension Pseudonymizer {
    /// Appends another address: letters for letters and digits for digits before the `@`, and a reserved domain of
    /// the same length where that is six bytes or more. Addresses at one domain stay at one domain.
    mutating func appendEmail(_ value: Span<UInt8>, to output: inout [UInt8]) {
        guard let at = value.lastIndex(of: 0x40) else { return appendName(value, to: &output) }
        var stream = stream(.email, value)
        appendShape(value.extracting(0..<at), &stream, to: &output)
        output.append(0x40)
        appendDomain(value.extracting(at &+ 1..<value.count), to: &output)
    }

    private mutating func appendDomain(_ domain: Span<UInt8>, to output: inout [UInt8]) {
        var stream = stream(.email, domain, isPart: true)
        let isLong = domain.count > ReservedDomain.exampleLength
        let rest = domain.count &- (isLong ? ReservedDomain.exampleLength : ReservedDomain.testLength)
        let letters = Swift.max(1, rest)
        output.append(addingCapacity: letters) { free in
            for _ in 0..<letters { free.append(stream.smallLetter()) }
        }
        let end: StaticString
        if isLong {
            switch stream.below(3) {
            case 0: end = ".example.com"
            case 1: end = ".example.net"
            default: end = ".example.org"
            }
        } else {
            end = ".test"
        }
        end.withUTF8Buffer { output.append(contentsOf: $0) }
    }

    /// Appends a letter of the same case for each letter, a digit for each digit, and everything else as it is.
    func appendShape(_ value: Span<UInt8>, _ stream: inout KeyedStream, to output: inout [UInt8]) {
        var index = 0
        while index < value.count {
            output.append(addingCapacity: value.count &- index) { free in
                while index < value.count, value[index] < 0x80 {
                    let byte = value[index]
                    if byte.isASCIIDigit {
                        free.append(stream.digit())
                    } else if byte.isASCIILetter {
                        free.append(stream.smallLetter() & ~0x20 | byte & 0x20)
                    } else {
                        free.append(byte)
                    }
                    index &+= 1
                }
            }
            guard index < value.count else { return }
            index &+= appendWide(value.extracting(index..<value.count), &stream, to: &output)
        }
    }
}

extension Span where Element == UInt8 {
    /// Where the last `byte` stands.
    func lastIndex(of byte: UInt8) -> Int? {
        var index = count
        while index > 0 {
            index &-= 1
            if self[index] == byte { return index }
        }
        return nil
    }

    /// Whether the whole text is one e-mail address.
    var isEmailAddress: Bool {
        guard let at = firstIndex(of: 0x40), let found = emailAddress(around: at, from: 0) else {
            return false
        }
        return found == 0..<count
    }
}
