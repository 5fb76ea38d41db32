import Bytes

extension Anonymizer {
    private static let credential = Treatment(.pseudonymize, as: .credential)

    /// Appends `Authorization` with its scheme and, of `Basic`, the shape of user and password; of schemes with
    /// parameters such as `Digest` the names.
    mutating func rewriteAuthorization(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard let blank = value.firstIndex(of: 0x20) else {
            return treat(value, Self.credential, to: &output)
        }
        var start = blank
        while start < value.count, value[start] == 0x20 { start &+= 1 }
        let proof = value.extracting(start..<value.count)
        var made: [UInt8] = []
        let isChanged: Bool
        if value.extracting(0..<blank).equalsIgnoringCase("basic"), let user = Base64.decode(proof) {
            var shaped: [UInt8] = []
            isChanged = rewriteUser(user.span, to: &shaped)
            Base64.encode(shaped.span, to: &made)
        } else if proof.firstIndex(of: 0x3D).map({ $0 &+ 1 < proof.count && proof[$0 &+ 1] != 0x3D })
            ?? false,
            proof.firstIndex(of: 0x2C) != nil
        {
            isChanged = rewriteParameters(proof, separator: 0x2C, to: &made)
        } else {
            isChanged = treat(proof, Self.credential, to: &made)
        }
        guard isChanged else { return false }
        output.append(contentsOf: value.extracting(0..<start))
        output.append(contentsOf: made)
        return true
    }

    private mutating func rewriteUser(_ user: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard let colon = user.firstIndex(of: 0x3A) else { return treat(user, Self.credential, to: &output) }
        let nameChanged = treat(user.extracting(0..<colon), Self.credential, to: &output)
        output.append(0x3A)
        let wordChanged = treat(user.extracting(colon &+ 1..<user.count), Self.credential, to: &output)
        return nameChanged || wordChanged
    }

    /// Appends `Cookie` with its names and other values.
    mutating func rewriteCookie(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        rewriteParameters(value, separator: 0x3B, to: &output)
    }

    /// Appends `Set-Cookie` with another value; name and attributes stay.
    mutating func rewriteSetCookie(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        let end = value.firstIndex(of: 0x3B) ?? value.count
        guard rewriteParameters(value.extracting(0..<end), separator: 0x3B, to: &output) else { return false }
        output.append(contentsOf: value.extracting(end..<value.count))
        return true
    }

    /// Appends a list of `name=value` with other values; what has no name is a value.
    private mutating func rewriteParameters(
        _ source: Span<UInt8>,
        separator: UInt8,
        to output: inout [UInt8]
    ) -> Bool {
        var edit = ByteEdit()
        var start = 0
        while start < source.count {
            let end = source.firstIndex(of: separator, from: start) ?? source.count
            var value = start
            while value < end, source[value] != 0x3D { value &+= 1 }
            value = value < end ? value &+ 1 : start
            while value < end, source[value] == 0x20 || source[value] == 0x22 { value &+= 1 }
            var stop = end
            while stop > value, source[stop &- 1] == 0x20 || source[stop &- 1] == 0x22 { stop &-= 1 }
            replaceCoded(value..<stop, of: source, Self.credential, plusIsBlank: false, &edit)
            start = end &+ 1
        }
        guard edit.isChanged else { return false }
        edit.finish(source)
        output.append(contentsOf: edit.output)
        return true
    }
}

/// Base64 as in `Authorization: Basic` (RFC 4648, section 4).
enum Base64 {
    private static let alphabet: StaticString =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// The bytes that `text` stands for; `nil` if it is not base64 with padding.
    static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard !text.isEmpty, text.count & 3 == 0 else { return nil }
        var bytes: [UInt8] = []
        var group: UInt32 = 0
        var padding = 0
        for index in text.indices {
            if text[index] == 0x3D {
                guard index &+ 2 >= text.count else { return nil }
                padding &+= 1
                group <<= 6
            } else {
                guard padding == 0, let digit = value(text[index]) else { return nil }
                group = group << 6 | digit
            }
            guard index & 3 == 3 else { continue }
            for shift: UInt32 in [16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: group >> shift)) }
            group = 0
        }
        bytes.removeLast(padding)
        return bytes
    }

    static func encode(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        var index = 0
        while index < bytes.count {
            let left = Swift.min(3, bytes.count &- index)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < left ? UInt32(bytes[index &+ offset]) : 0) }
            for position in 0..<4 {
                let digit = Int(group >> UInt32(18 &- 6 &* position) & 63)
                text.append(position <= left ? alphabet.utf8Start[digit] : 0x3D)
            }
            index &+= 3
        }
    }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte) &- 0x41
        case 0x61...0x7A: UInt32(byte) &- 0x47
        case 0x30...0x39: UInt32(byte) &+ 4
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
