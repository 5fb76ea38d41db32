import Bytes

/// A value that a detector found in running text.
struct Finding: Equatable {
    var kind: PseudonymKind
    var range: Range<Int>
}

/// Finds personal data and secrets in running text by their shape, in one pass.
///
/// Every byte is looked up in a table; only a byte that can be part of what is looked for (`@`, `:`, `+`, `(`, a digit
/// or a capital, `e` or the first letter of a known key at the start of a word) starts a closer look. The looks are
/// bounded, so that a text costs O(n).
struct TextScanner: Sendable {
    private static let word: UInt8 = 1
    private static let digit: UInt8 = 2
    private static let tokenStart: UInt8 = 4
    private static let capital: UInt8 = 8
    private static let sign: UInt8 = 16

    let detectors: DetectorSet
    private var classes: [UInt8] = .init(repeating: 0, count: 256)
    /// By the first byte of a key of a known service, the bytes that come second in one, as bits of their last five bits.
    private var secondBytes: [UInt32] = .init(repeating: 0, count: 256)

    init(_ detectors: DetectorSet) {
        self.detectors = detectors
        for byte in 0..<256 where UInt8(byte).isWordByte { classes[byte] = Self.word }
        for byte in 0x30...0x39 { classes[byte] |= Self.digit }
        if detectors.contains(.iban) {
            for byte in 0x41...0x5A { classes[byte] |= Self.capital }
        }
        if !detectors.isDisjoint(with: [.token, .jwt]) {
            for prefix in TokenPrefix.all {
                classes[Int(prefix.text.utf8Start[0])] |= Self.tokenStart
                secondBytes[Int(prefix.text.utf8Start[0])] |= Self.bit(of: prefix.text.utf8Start[1])
            }
            // A JSON Web Token begins with `ey`.
            classes[0x65] |= Self.tokenStart
            secondBytes[0x65] |= Self.bit(of: 0x79)
        }
        if detectors.contains(.email) { classes[0x40] |= Self.sign }
        if detectors.contains(.ip) { classes[0x3A] |= Self.sign }
        if detectors.contains(.phone) {
            classes[0x2B] |= Self.sign
            classes[0x28] |= Self.sign
        }
        if detectors.contains(.token) { classes[0x2D] |= Self.sign }
    }

    /// The first finding that lies at or after `start` as a whole; earlier bytes are looked at as context only.
    func next(in text: Span<UInt8>, from start: Int) -> Finding? {
        guard !detectors.isEmpty else { return nil }
        let classes = classes.span
        var index = start
        var isInWord = start > 0 && text[start &- 1].isWordByte
        while index < text.count {
            let kind = classes[Int(text[index])]
            if kind == 0 {
                isInWord = false
            } else if kind & Self.sign != 0 {
                if let found = atSign(in: text, index, from: start) { return found }
                isInWord = false
            } else {
                if !isInWord, kind & ~Self.word != 0, let found = atWord(in: text, index, kind) {
                    return found
                }
                isInWord = true
            }
            index &+= 1
        }
        return nil
    }

    private static func bit(of byte: UInt8) -> UInt32 { 1 << UInt32(byte & 31) }

    private func atSign(in text: Span<UInt8>, _ index: Int, from start: Int) -> Finding? {
        switch text[index] {
        case 0x40: text.emailAddress(around: index, from: start).map { Finding(kind: .email, range: $0) }
        case 0x3A: text.ipv6Address(around: index, from: start).map { Finding(kind: .ip, range: $0) }
        case 0x2D: text.privateKey(at: index).map { Finding(kind: .credential, range: $0) }
        default: text.phoneNumber(at: index).map { Finding(kind: .phone, range: $0) }
        }
    }

    private func atWord(in text: Span<UInt8>, _ index: Int, _ kind: UInt8) -> Finding? {
        if kind & Self.digit != 0 { return atDigit(in: text, index) }
        if kind & Self.tokenStart != 0,
            secondBytes[Int(text[index])] & Self.bit(of: text.byte(index &+ 1)) != 0
        {
            if detectors.contains(.jwt), let end = Self.jwtEnd(in: text, at: index) {
                return Finding(kind: .jwt, range: index..<end)
            }
            if detectors.contains(.token), let end = Self.tokenEnd(in: text, at: index) {
                return Finding(kind: .token, range: index..<end)
            }
        }
        if kind & Self.capital != 0, let end = text.ibanEnd(at: index) {
            return Finding(kind: .iban, range: index..<end)
        }
        return nil
    }

    private func atDigit(in text: Span<UInt8>, _ index: Int) -> Finding? {
        if detectors.contains(.card), let end = text.cardNumberEnd(at: index) {
            return Finding(kind: .card, range: index..<end)
        }
        if detectors.contains(.nationalID), text.isSocialSecurityNumber(at: index) {
            return Finding(kind: .nationalID, range: index..<index &+ 11)
        }
        if detectors.contains(.ip), let end = text.ipv4AddressEnd(at: index) {
            return Finding(kind: .ip, range: index..<end)
        }
        if detectors.contains(.phone), let range = text.phoneNumber(at: index) {
            return Finding(kind: .phone, range: range)
        }
        return nil
    }
}

extension UInt8 {
    /// ASCII letters, digits and `_`.
    var isWordByte: Bool { isASCIILetter || isASCIIDigit || self == 0x5F }
}

extension Span where Element == UInt8 {
    /// The byte at `index`, or a blank outside.
    func byte(_ index: Int) -> UInt8 { index >= 0 && index < count ? self[index] : 0x20 }
}
