import Bytes
import JSON

/// How the string that a JSON text holds is spelled: which characters are escapes though they need not be.
struct JSONSpelling {
    /// By the character of ASCII, how it is escaped.
    private enum Escape: UInt8 {
        case none, solidus, lower, upper
    }

    private var escapes: [128 of UInt8] = .init(repeating: 0)
    /// Every character beyond ASCII is escaped.
    private var escapesWide = false
    private var hasUpperDigits = false

    /// Learns from what stands between two quotes.
    init(_ spelling: Span<UInt8>) {
        var hasWide = false
        var index = 0
        while index < spelling.count {
            let byte = spelling[index]
            if byte >= 0x80 { hasWide = true }
            guard byte == 0x5C else {
                index &+= 1
                continue
            }
            if spelling.byte(index &+ 1) == 0x2F { escapes[0x2F] = Escape.solidus.rawValue }
            guard spelling.byte(index &+ 1) == 0x75, index &+ 6 <= spelling.count else {
                index &+= 2
                continue
            }
            note(spelling.extracting(index &+ 2..<index &+ 6))
            index &+= 6
        }
        if hasWide { escapesWide = false }
    }

    private mutating func note(_ digits: Span<UInt8>) {
        var unit = 0
        for index in digits.indices {
            unit = unit << 4 | Int(digits[index].hexDigitValue ?? 0)
            if (0x41...0x46).contains(digits[index]) { hasUpperDigits = true }
        }
        guard unit < 128 else {
            escapesWide = true
            return
        }
        escapes[unit] = (hasUpperDigits ? Escape.upper : .lower).rawValue
    }

    /// Appends `text` in this spelling, with the escapes that it needs anyway.
    func append(_ text: Span<UInt8>, to output: inout [UInt8]) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte < 0x80 {
                appendASCII(byte, text.extracting(index..<index &+ 1), to: &output)
                index &+= 1
                continue
            }
            let length = Swift.max(1, text.utf8SequenceLength(at: index))
            let character = text.extracting(index..<index &+ length)
            if escapesWide, length > 1 {
                for unit in String(decoding: Array(character), as: UTF8.self).utf16 {
                    append(unit, to: &output)
                }
            } else {
                JSONString.escape(character, into: &output)
            }
            index &+= length
        }
    }

    private func appendASCII(_ byte: UInt8, _ character: Span<UInt8>, to output: inout [UInt8]) {
        // Letters and digits of a new value have nothing to do with those of the old one.
        guard !byte.isASCIILetter, !byte.isASCIIDigit, let escape = Escape(rawValue: escapes[Int(byte)])
        else {
            return JSONString.escape(character, into: &output)
        }
        switch escape {
        case .none: JSONString.escape(character, into: &output)
        case .solidus: output.append(contentsOf: [0x5C, byte])
        case .lower, .upper: append(UInt16(byte), to: &output)
        }
    }

    private func append(_ unit: UInt16, to output: inout [UInt8]) {
        output.append(contentsOf: [0x5C, 0x75])
        for shift: UInt16 in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: unit >> shift & 15)
            output.append(digit < 10 ? 0x30 &+ digit : (hasUpperDigits ? 0x37 : 0x57) &+ digit)
        }
    }
}
