import Bytes

extension CanaryMint {
    /// What the start of every value becomes in base64 (RFC 4648) behind none, one and two other bytes, and in hexadecimal;
    /// of the former only the characters that no neighbour has a part in. They are the same in base64url.
    static func codedForms(of prefix: [UInt8]) -> [[UInt8]] {
        let base64 = (0..<3).map { before in
            let text = String(base64: ([UInt8](repeating: 0, count: before) + prefix).span)
            return Array(text.utf8)[(before * 8 + 5) / 6..<(before + prefix.count) * 8 / 6]
        }.map(Array.init)
        let digits = Array("0123456789abcdef".utf8)
        return base64 + [prefix.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }]
    }

    /// The first letters of the forms differ, since every value begins alike: `e`, `p`, `6` and `7`.
    static func suspicions(of forms: [[UInt8]]) -> [UInt8] {
        var table = [UInt8](repeating: 0, count: 256)
        for byte in [0x00, 0x25, 0x26, 0x5C] { table[byte] = 1 }
        for (number, form) in forms.enumerated() { table[Int(form[0])] = UInt8(number) + 2 }
        return table
    }

    /// Whether a value may stand in `bytes` in another coding than its letters: whoever says so has to be looked through with
    /// the codings taken off. O(n), and next to never true of bytes in which there is none.
    ///
    /// Signs are the coded start of a value, and letters or digits that are percent-encoded, escaped as in JSON or written as
    /// character references, which none need be; NUL, of which UTF-16 has many; and what begins like gzip, zlib or Zstandard.
    package func mayBeCoded(in bytes: Span<UInt8>) -> Bool {
        if Self.isCompressed(bytes) { return true }
        let suspicions = suspicions.span
        for place in bytes.indices {
            switch suspicions[Int(bytes[place])] {
            case 0: continue
            case 1: if Self.isSign(bytes, at: place) { return true }
            case let number: if isForm(Int(number) - 2, bytes, at: place) { return true }
            }
        }
        return false
    }

    private func isForm(_ number: Int, _ bytes: Span<UInt8>, at place: Int) -> Bool {
        let form = codedForms[number]
        guard bytes.count - place >= form.count else { return false }
        let there = bytes.extracting(place..<place + form.count)
        return number == codedForms.count - 1 ? there.equalsIgnoringCase(form.span) : there.equals(form.span)
    }

    private static func isSign(_ bytes: Span<UInt8>, at place: Int) -> Bool {
        switch bytes[place] {
        case 0x25: isPlainByte(bytes, at: place + 1)
        case 0x26: place + 1 < bytes.count && bytes[place + 1] == 0x23
        case 0x5C: isEscape(bytes, at: place + 1)
        default: true
        }
    }

    private static func isCompressed(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count > 4 else { return false }
        switch (bytes[0], bytes[1]) {
        case (0x1F, 0x8B), (0x28, 0xB5): return true
        case (0x78, let flags): return (0x7800 | UInt16(flags)) % 31 == 0
        default: return false
        }
    }

    /// Behind a backslash: `u007a` or `x7a`.
    private static func isEscape(_ bytes: Span<UInt8>, at place: Int) -> Bool {
        guard place < bytes.count else { return false }
        switch bytes[place] {
        case 0x75:
            return place + 2 < bytes.count && bytes[place + 1] == 0x30 && bytes[place + 2] == 0x30
                && isPlainByte(bytes, at: place + 3)
        case 0x78: return isPlainByte(bytes, at: place + 1)
        default: return false
        }
    }

    /// Whether two hexadecimal digits are the code of a small letter or a digit, which values are made of.
    private static func isPlainByte(_ bytes: Span<UInt8>, at place: Int) -> Bool {
        guard place + 1 < bytes.count, let high = bytes[place].hexDigitValue,
            let low = bytes[place + 1].hexDigitValue
        else { return false }
        let byte = high << 4 | low
        return (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }
}
