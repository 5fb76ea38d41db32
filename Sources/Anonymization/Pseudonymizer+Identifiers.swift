import Bytes

/// What the pseudonyms of identifiers begin with, so that they are known without the key.
enum IdentifierMark {
    /// A locally administered address (IEEE 802, bit 1 of the first octet) with a second octet of zeros.
    static let mac: StaticString = "0200"
    static let uuid: StaticString = "facade"

    /// Whether the hexadecimal digits of `text` begin with `mark`.
    static func isOn(_ text: Span<UInt8>, _ mark: StaticString) -> Bool {
        var seen = 0
        for index in text.indices where text[index].hexDigitValue != nil {
            guard text[index].asciiLowercased == mark.utf8Start[seen] else { return false }
            seen &+= 1
            if seen == mark.utf8CodeUnitCount { return true }
        }
        return false
    }

    /// The eighth character of a bank identifier code that is no bank's: `0` marks one for tests (ISO 9362).
    static func isOnBIC(_ text: Span<UInt8>) -> Bool { text.byte(7) == 0x30 }
}

extension Pseudonymizer {
    /// The numbers that belong to the hexadecimal digits of a value, whatever stands between them.
    private mutating func streamOfHexDigits(_ kind: PseudonymKind, _ value: Span<UInt8>) -> KeyedStream {
        var digits: [UInt8] = []
        for index in value.indices where value[index].hexDigitValue != nil { digits.append(value[index]) }
        return stream(kind, digits.span)
    }

    /// Appends another MAC address in the same notation, locally administered.
    mutating func appendMAC(_ value: Span<UInt8>, to output: inout [UInt8]) {
        var stream = streamOfHexDigits(.mac, value)
        let isCapital = value.indices.contains { value[$0].isCapital }
        var position = 0
        for index in value.indices {
            guard value[index].hexDigitValue != nil else {
                output.append(value[index])
                continue
            }
            let digit = stream.hexDigit(isCapital: isCapital)
            output.append(
                position < IdentifierMark.mac.utf8CodeUnitCount
                    ? IdentifierMark.mac.utf8Start[position] : digit
            )
            position &+= 1
        }
    }

    /// Appends another UUID of the same version and variant (RFC 9562, sections 4.1 and 4.2). What is none becomes a placeholder.
    mutating func appendUUID(_ value: Span<UInt8>, to output: inout [UInt8]) {
        var stream = streamOfHexDigits(.uuid, value)
        var digits = 0
        for index in value.indices where value[index].hexDigitValue != nil { digits &+= 1 }
        guard digits == 32 else { return appendPlaceholder(value, &stream, to: &output) }
        let isCapital = value.indices.contains { value[$0].isCapital }
        var position = 0
        for index in value.indices {
            guard let old = value[index].hexDigitValue else {
                output.append(value[index])
                continue
            }
            let digit = stream.hexDigit(isCapital: isCapital)
            switch position {
            case 0..<6:
                let mark = IdentifierMark.uuid.utf8Start[position]
                output.append(isCapital ? mark & ~0x20 : mark)
            case 12: output.append(value[index])
            // The two upper bits say which variant it is.
            case 16 where old >> 2 == 2:
                let letters: StaticString = isCapital ? "89AB" : "89ab"
                output.append(stream.letter(of: letters))
            case 16: output.append(value[index])
            default: output.append(digit)
            }
            position &+= 1
        }
    }

    /// Appends another bank identifier code of the same country and length, one for tests.
    mutating func appendBIC(_ value: Span<UInt8>, to output: inout [UInt8]) {
        guard value.count == 8 || value.count == 11 else { return appendText(value, to: &output) }
        // The code of the head office is the one without a branch.
        var stream = stream(.bic, value.extracting(0..<8))
        for index in value.indices {
            let byte = value[index]
            let letter = stream.smallLetter() & ~0x20 | byte & 0x20
            switch index {
            case 4, 5: output.append(byte)
            case 7: output.append(0x30)
            case 8...: output.append(byte)
            default: output.append(byte.isASCIIDigit ? stream.digit() : letter)
            }
        }
    }

    /// Appends other degrees for each number of a value: as many digits, none beyond 89 where there are two before the point and
    /// none beyond 179 where there are three.
    mutating func appendCoordinates(_ value: Span<UInt8>, to output: inout [UInt8]) {
        var index = 0
        while index < value.count {
            guard value[index].isASCIIDigit else {
                output.append(value[index])
                index &+= 1
                continue
            }
            var end = index
            while end < value.count, value[end].isASCIIDigit || value[end] == 0x2E { end &+= 1 }
            appendDegrees(value.extracting(index..<end), to: &output)
            index = end
        }
    }

    private mutating func appendDegrees(_ number: Span<UInt8>, to output: inout [UInt8]) {
        var stream = streamOfDigits(.coordinates, number)
        let point = number.firstIndex(of: 0x2E) ?? number.count
        switch point {
        case 1: output.append(stream.digit())
        case 2:
            output.append(contentsOf: [0x31 &+ UInt8(truncatingIfNeeded: stream.below(8)), stream.digit()])
        case 3:
            output.append(contentsOf: [
                0x31, 0x30 &+ UInt8(truncatingIfNeeded: stream.below(8)), stream.digit(),
            ])
        default: for _ in 0..<point { output.append(stream.digit()) }
        }
        for index in point..<number.count { output.append(number[index] == 0x2E ? 0x2E : stream.digit()) }
    }
}

extension KeyedStream {
    mutating func hexDigit(isCapital: Bool) -> UInt8 {
        let digits: StaticString = isCapital ? "0123456789ABCDEF" : "0123456789abcdef"
        return digits.utf8Start[Int(below(16))]
    }
}
