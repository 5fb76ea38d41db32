import Bytes

/// A value that a detector found in running text.
struct Finding: Equatable {
    var kind: PseudonymKind
    var range: Range<Int>
}

/// Finds personal data and secrets in running text by their shape, and by the words before them, in one pass.
///
/// Words of small letters are passed over eight bytes at a time. Every other byte is looked up in a table; only one that
/// can be part of what is looked for (`@`, `:`, `+`, `(`, a hyphen, a digit or a capital, `e` or the first letter of a known
/// key at the start of a word) starts a closer look. The looks are bounded, so that a text costs O(n).
struct TextScanner: Sendable {
    private static let word: UInt8 = 1
    private static let digit: UInt8 = 2
    private static let tokenStart: UInt8 = 4
    private static let capital: UInt8 = 8
    private static let sign: UInt8 = 16
    /// The first byte of a letter beyond ASCII.
    private static let wide: UInt8 = 32

    let detectors: DetectorSet
    private var classes: [UInt8] = .init(repeating: 0, count: 256)
    /// What comes of a byte, by the byte outside a word and then by the byte inside one: 0 leads out of the word, 1 into
    /// it, and 2 calls for a closer look.
    private var steps: [UInt8] = .init(repeating: 0, count: 512)
    /// By the first byte of a key of a known service, the bytes that come second in one, as bits of their last five bits.
    private var secondBytes: [UInt32] = .init(repeating: 0, count: 256)

    init(_ detectors: DetectorSet) {
        self.detectors = detectors
        for byte in 0..<256 where UInt8(byte).isWordByte { classes[byte] = Self.word }
        for byte in 0x30...0x39 { classes[byte] |= Self.digit }
        if !detectors.isDisjoint(with: [.iban, .nationalID, .bic, .name, .address, .uuid, .token]) {
            for byte in 0x41...0x5A { classes[byte] |= Self.capital }
        }
        if !detectors.isDisjoint(with: [.name, .address]) {
            for byte in 0xC3...0xED { classes[byte] |= Self.wide }
        }
        if detectors.contains(.uuid) {
            for byte in 0x61...0x66 { classes[byte] |= Self.capital }
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
        if !detectors.isDisjoint(with: [.token, .mac]) { classes[0x2D] |= Self.sign }
        if detectors.contains(.mac) {
            classes[0x3A] |= Self.sign
            classes[0x2E] |= Self.sign
        }
        for byte in 0..<256 {
            let kind = classes[byte]
            let isSign = kind & Self.sign != 0
            steps[byte] = isSign || kind & ~Self.word != 0 ? 2 : kind
            steps[256 + byte] = isSign ? 2 : kind & Self.word
        }
    }

    /// The first finding that lies at or after `start` as a whole; earlier bytes are looked at as context only. `field` is what
    /// the name of the field says whose value the text is.
    func next(in text: Span<UInt8>, from start: Int, field: Lexicon.Roles = []) -> Finding? {
        guard !detectors.isEmpty else { return nil }
        let steps = steps.span
        var index = start
        while true {
            // Words of small letters alone are none of what is looked for. Each known key has another byte in its first word
            // or right behind it, so that going back from there to the start of the word misses none.
            let passed = index
            let other = text.endOfSmallWords(from: index)
            guard other < text.count else { return nil }
            index = other
            while index > passed, text[index &- 1].isSmallLetter { index &-= 1 }
            // 256 inside a word: the half of the table that counts.
            var state = index > 0 && text[index &- 1].isWordByte ? 256 : 0
            repeat {
                let byte = text[index]
                let step = steps[state | Int(byte)]
                if step == 2 {
                    if let found = look(in: text, at: index, from: start, field) { return found }
                    state = byte.isWordByte ? 256 : 0
                } else {
                    state = Int(step) &<< 8
                }
                index &+= 1
                // Inside a word only what ends it can call for a look.
                if state != 0 { index = text.endOfWord(from: index) }
            } while index < text.count && (state != 0 || index <= other || !text[index].isSmallLetter)
        }
    }

    private func look(in text: Span<UInt8>, at index: Int, from start: Int, _ field: Lexicon.Roles)
        -> Finding?
    {
        let kind = classes[Int(text[index])]
        if kind & Self.sign != 0 { return atSign(in: text, index, from: start, field) }
        if kind & Self.digit != 0 { return atDigit(in: text, index, field) }
        return atWord(in: text, index, kind, from: start, field)
    }

    private static func bit(of byte: UInt8) -> UInt32 { 1 << UInt32(byte & 31) }

    private func atSign(in text: Span<UInt8>, _ index: Int, from start: Int, _ field: Lexicon.Roles)
        -> Finding?
    {
        switch text[index] {
        case 0x40:
            return text.emailAddress(around: index, from: start).map { Finding(kind: .email, range: $0) }
        case 0x3A:
            if detectors.contains(.mac), let found = text.macAddress(firstSignAt: index, from: start) {
                return Finding(kind: .mac, range: found)
            }
            guard detectors.contains(.ip) else { return nil }
            return text.ipv6Address(around: index, from: start).map { Finding(kind: .ip, range: $0) }
        case 0x2D:
            if detectors.contains(.mac), let found = text.macAddress(firstSignAt: index, from: start) {
                return Finding(kind: .mac, range: found)
            }
            if detectors.contains(.coordinates), text.byte(index &+ 1).isASCIIDigit,
                !text.isInWord(at: index),
                let end = text.coordinatesEnd(at: index, field: field)
            {
                return Finding(kind: .coordinates, range: index..<end)
            }
            guard detectors.contains(.token) else { return nil }
            return text.privateKey(at: index).map { Finding(kind: .credential, range: $0) }
        case 0x2E:
            return text.macAddress(firstSignAt: index, from: start).map { Finding(kind: .mac, range: $0) }
        default: return text.phoneNumber(at: index, field: field).map { Finding(kind: .phone, range: $0) }
        }
    }

    private func atWord(
        in text: Span<UInt8>,
        _ index: Int,
        _ kind: UInt8,
        from start: Int,
        _ field: Lexicon.Roles
    ) -> Finding? {
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
        if kind & Self.capital != 0, let found = atCapital(in: text, index, field) { return found }
        guard kind & (Self.capital | Self.wide) != 0, !detectors.isDisjoint(with: [.name, .address]) else {
            return nil
        }
        return atName(in: text, index, from: start, field)
    }

    private func atCapital(in text: Span<UInt8>, _ index: Int, _ field: Lexicon.Roles) -> Finding? {
        if detectors.contains(.uuid), let end = text.uuidEnd(at: index) {
            return Finding(kind: .uuid, range: index..<end)
        }
        if detectors.contains(.token),
            let end = text.discordTokenEnd(at: index) ?? text.twilioKeyEnd(at: index)
        {
            return Finding(kind: .token, range: index..<end)
        }
        // What follows stands in capitals and digits.
        guard !(0x61...0x7A).contains(text.byte(index &+ 1)) else { return nil }
        if detectors.contains(.iban), let end = text.ibanEnd(at: index) {
            return Finding(kind: .iban, range: index..<end)
        }
        if detectors.contains(.nationalID), let end = text.letteredNumberEnd(at: index, field: field) {
            return Finding(kind: .nationalID, range: index..<end)
        }
        if detectors.contains(.bic), let end = text.bankIdentifierEnd(at: index, field: field) {
            return Finding(kind: .bic, range: index..<end)
        }
        return nil
    }

    private func atName(in text: Span<UInt8>, _ index: Int, from start: Int, _ field: Lexicon.Roles)
        -> Finding?
    {
        if text[index] >= 0x80, text.isInWord(at: index) { return nil }
        guard let word = text.word(at: index), word.couldBeName else { return nil }
        if detectors.contains(.address), let range = text.streetAddress(atWord: word, from: start) {
            return Finding(kind: .address, range: range)
        }
        guard detectors.contains(.name) else { return nil }
        return text.personName(at: word, from: start, field: field).map { Finding(kind: .name, range: $0) }
    }

    private func atDigit(in text: Span<UInt8>, _ index: Int, _ field: Lexicon.Roles) -> Finding? {
        let shape = NumberShape(text, at: index)
        if detectors.contains(.token), let end = text.telegramTokenEnd(at: index) {
            return Finding(kind: .token, range: index..<end)
        }
        if detectors.contains(.card), shape.digits >= 12,
            let end = text.cardNumberEnd(at: index, field: field)
        {
            return Finding(kind: .card, range: index..<end)
        }
        if detectors.contains(.nationalID) {
            if text.isNationalNumber(shape, at: index, field: field) {
                return Finding(kind: .nationalID, range: index..<shape.end)
            }
            if shape.digits >= 4, let end = text.letteredNumberEnd(at: index, field: field) {
                return Finding(kind: .nationalID, range: index..<end)
            }
        }
        if detectors.contains(.ip), let end = text.ipv4AddressEnd(at: index) {
            return Finding(kind: .ip, range: index..<end)
        }
        if detectors.contains(.date), shape.digits >= 6,
            let end = text.dateOfBirthEnd(at: index, field: field)
        {
            return Finding(kind: .date, range: index..<end)
        }
        if detectors.contains(.phone), shape.digits >= 2,
            let range = text.phoneNumber(at: index, field: field)
        {
            return Finding(kind: .phone, range: range)
        }
        if detectors.contains(.coordinates), let end = text.coordinatesEnd(at: index, field: field) {
            return Finding(kind: .coordinates, range: index..<end)
        }
        if detectors.contains(.uuid), let end = text.uuidEnd(at: index) {
            return Finding(kind: .uuid, range: index..<end)
        }
        if detectors.contains(.address), shape.digits <= 12, let range = text.streetAddress(atNumber: index) {
            return Finding(kind: .address, range: range)
        }
        return nil
    }
}

extension UInt8 {
    /// ASCII letters, digits and `_`.
    var isWordByte: Bool { isASCIILetter || isASCIIDigit || self == 0x5F }

    fileprivate var isSmallLetter: Bool { (0x61...0x7A).contains(self) }
}

extension Span where Element == UInt8 {
    /// Where the first byte stands at or after `start` that is neither a small letter nor a blank; `count` if there is none.
    func endOfSmallWords(from start: Int) -> Int {
        let raw = bytes
        var index = start
        let (first, last, blank) = (WideLanes.all(0x61), WideLanes.all(0x7A), WideLanes.all(0x20))
        while index &+ 16 <= count {
            let chunk = raw.wideLanes(at: index)
            let found = (((chunk .< first) .| (chunk .> last)) .& (chunk .!= blank)).firstLane
            index &+= found
            if found < 16 { return index }
        }
        while index &+ 8 <= count {
            let chunk = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            let others = ByteLanes.tops & ~ByteLanes.smallLettersAndBlanks(in: chunk)
            if others != 0 { return index &+ others.trailingZeroBitCount >> 3 }
            index &+= 8
        }
        while index < count, self[index].isSmallLetter || self[index] == 0x20 { index &+= 1 }
        return index
    }

    /// Where the first byte stands at or after `start` that is none of a word; `count` if there is none.
    func endOfWord(from start: Int) -> Int {
        var index = start
        while index &+ 16 <= count {
            let found = firstOutsideWord(at: index)
            index &+= found
            if found < 16 { return index }
        }
        if index < count, count &- start >= 16 {
            // The last sixteen, the first of which have been looked at already.
            return count &- 16 &+ firstOutsideWord(at: count &- 16)
        }
        while index < count, self[index].isWordByte { index &+= 1 }
        return index
    }

    /// The first of sixteen bytes that is none of a word; 16 where all are.
    @inline(__always)
    private func firstOutsideWord(at index: Int) -> Int {
        let chunk = bytes.wideLanes(at: index)
        let small = chunk | WideLanes.all(0x20)
        let letters = (small .> WideLanes.all(0x60)) .& (small .< WideLanes.all(0x7B))
        let digits = (chunk .> WideLanes.all(0x2F)) .& (chunk .< WideLanes.all(0x3A))
        return (.!(letters .| digits .| (chunk .== WideLanes.all(0x5F)))).firstLane
    }

    /// The byte at `index`, or a blank outside.
    func byte(_ index: Int) -> UInt8 { index >= 0 && index < count ? self[index] : 0x20 }
}
