import Bytes

/// The start of a key that a known service gives out, by the service's own documentation.
package struct TokenPrefix: Sendable {
    package let text: StaticString
    /// The least number of characters behind it.
    package let minimum: Int

    /// Where the prefixes that start with a byte stand in ``all``, by the byte.
    private static let ranges: [Range<Int>] = (0..<256).map { byte in
        let first = all.firstIndex { $0.text.utf8Start[0] == byte } ?? 0
        return first..<first + all.filter { $0.text.utf8Start[0] == byte }.count
    }

    /// The second and third byte of each of ``all``, which tell nearly every word from a key.
    private static let continuations: [UInt16] = all.map {
        UInt16($0.text.utf8Start[1]) << 8 | UInt16($0.text.utf8Start[2])
    }

    /// The prefix that stands at `start`.
    static func prefix(in text: Span<UInt8>, at start: Int) -> TokenPrefix? {
        guard start &+ 2 < text.count else { return nil }
        let continuation = UInt16(text[start &+ 1]) << 8 | UInt16(text[start &+ 2])
        let continuations = continuations.span
        for index in ranges[Int(text[start])] where continuations[index] == continuation {
            if text.starts(with: all[index].text, at: start) { return all[index] }
        }
        return nil
    }

    /// In the order of their first bytes, and of those that begin alike longer ones first.
    package static let all = services.sorted {
        ($0.text.utf8Start[0], $1.text.utf8CodeUnitCount) < ($1.text.utf8Start[0], $0.text.utf8CodeUnitCount)
    }
}

extension TextScanner {
    /// The length of the known prefix of `token`, or 0. Of a key whose prefix is a number, that number is the prefix.
    static func tokenPrefixLength(in token: Span<UInt8>) -> Int {
        if let prefix = TokenPrefix.prefix(in: token, at: 0) { return prefix.text.utf8CodeUnitCount }
        return token.telegramTokenEnd(at: 0) == nil ? 0 : (token.firstIndex(of: 0x3A) ?? -1) &+ 1
    }

    /// The end of the key of a known service that starts at `start`.
    static func tokenEnd(in text: Span<UInt8>, at start: Int) -> Int? {
        guard start < text.count else { return nil }
        guard let prefix = TokenPrefix.prefix(in: text, at: start) else {
            return text.telegramTokenEnd(at: start) ?? text.discordTokenEnd(at: start)
                ?? text.twilioKeyEnd(at: start)
        }
        let first = start &+ prefix.text.utf8CodeUnitCount
        var index = first
        let isBase64 = text[first &- 1] == 0x3D
        while index < text.count, text[index].isTokenByte || isBase64 && text[index].isBase64Sign {
            index &+= 1
        }
        while index > first, text[index &- 1] == 0x2E || text[index &- 1] == 0x2D { index &-= 1 }
        return index &- first >= prefix.minimum ? index : nil
    }

    /// The end of the JSON Web Token that starts at `start`: three parts in base64url, the first an object.
    static func jwtEnd(in text: Span<UInt8>, at start: Int) -> Int? {
        guard text.count &- start > 20, text[start] == 0x65, text[start &+ 1] == 0x79 else { return nil }
        // A hyphen can stand in a token, so that one behind it would read the same bytes again and again.
        if text.byte(start &- 1) == 0x2D { return nil }
        var index = start
        var dots = 0
        var part = start
        while index < text.count {
            if text[index] == 0x2E {
                // A token has three parts, an encrypted one five; claims cannot be empty, a signature can.
                guard dots < 4, index &- part >= (dots < 2 ? 4 : 0) else { break }
                dots &+= 1
                part = index &+ 1
            } else if !text[index].isWordByte && text[index] != 0x2D {
                break
            }
            index &+= 1
        }
        guard dots >= 2 else { return nil }
        if dots > 2, text[index &- 1] == 0x2E { index &-= 1 }
        return index
    }
}

extension UInt8 {
    fileprivate var isTokenByte: Bool { isWordByte || self == 0x2D || self == 0x2E }

    fileprivate var isBase64Sign: Bool { self == 0x2B || self == 0x2F || self == 0x3D }
}

extension Span where Element == UInt8 {
    /// The lines between `-----BEGIN … PRIVATE KEY-----` and its end (RFC 7468), without the first and last line.
    func privateKey(at start: Int) -> Range<Int>? {
        guard starts(with: "-----BEGIN ", at: start) else { return nil }
        var index = start &+ 11
        while index < count, index < start &+ 50, !starts(with: "PRIVATE KEY-----", at: index) { index &+= 1 }
        guard starts(with: "PRIVATE KEY-----", at: index) else { return nil }
        let first = index &+ 16
        index = first
        while index < count, !starts(with: "-----END ", at: index) { index &+= 1 }
        return first < index ? first..<index : nil
    }

    func starts(with prefix: StaticString, at start: Int) -> Bool {
        guard start >= 0, start &+ prefix.utf8CodeUnitCount <= count else { return false }
        for index in 0..<prefix.utf8CodeUnitCount where self[start &+ index] != prefix.utf8Start[index] {
            return false
        }
        return true
    }
}
