import Bytes

/// Makes pseudonyms: keyed, deterministic, of the form of what they replace.
///
/// Each comes from HMAC-SHA256 over the kind and the value in one canonical spelling, so that the same value has
/// the same pseudonym wherever it stands. Two values can share a pseudonym where the form leaves little room, such
/// as names of three letters. The last few values are remembered, in clear, in a table of fixed size.
package struct Pseudonymizer {
    private let keyed: KeyedDigest
    private var memory = PseudonymMemory()
    private var canonical: [UInt8] = []
    /// Of parts of values, such as the domain of an e-mail address or the networks of an IP address, which come again far
    /// more often than the whole.
    private var digests = TextMemory<Digest>(places: 1024, longestText: 47)
    var addresses = AddressBook()
    private var book = CollisionBook()

    package init(key: PseudonymKey) {
        keyed = KeyedDigest(key: key)
    }

    /// How many IPv4 networks of 16 bits share their pseudonym with one met before.
    package var addressCollisions: UInt64 { addresses.collisions }

    /// How many values of a kind were given the pseudonym of another one, among those of the last 65,536 pseudonyms.
    package func collisions(_ kind: PseudonymKind) -> UInt64 { book[kind] }

    var hasCollisions: Bool { book.hasAny }

    /// Appends the pseudonym of `value`, which is decoded text, to `output`.
    ///
    /// A value that does not have the form of its kind is treated as text of the closest form. The kinds of header
    /// values are not for this method: their parts are.
    package mutating func append(
        _ kind: PseudonymKind,
        of value: Span<UInt8>,
        to output: inout [UInt8]
    ) {
        let place = memory.place(of: value, kind)
        if let place, memory.recall(value, kind, at: place, to: &output) { return }
        let start = output.count
        make(kind, of: value, to: &output)
        if let place {
            memory.remember(value, kind, as: output.span.extracting(start..<output.count), at: place)
        }
        book.note(kind, value, as: output.span.extracting(start..<output.count))
    }

    private mutating func make(_ kind: PseudonymKind, of value: Span<UInt8>, to output: inout [UInt8]) {
        switch kind {
        case .email: appendEmail(value, to: &output)
        case .card: appendCard(value, to: &output)
        case .phone: appendPhone(value, to: &output)
        case .ip, .addresses: appendAddress(value, to: &output)
        case .name: appendName(value, to: &output)
        case .text: appendText(value, to: &output)
        case .digits: appendDigits(value, to: &output)
        case .date: appendDate(value, to: &output)
        case .nationalID: appendNationalID(value, to: &output)
        case .iban: appendIBAN(value, to: &output)
        case .jwt: appendJWT(value, to: &output)
        case .token: appendToken(value, to: &output)
        case .mac: appendMAC(value, to: &output)
        case .uuid: appendUUID(value, to: &output)
        case .bic: appendBIC(value, to: &output)
        case .coordinates: appendCoordinates(value, to: &output)
        case .address: appendStreetAddress(value, to: &output)
        case .credential, .authorization, .cookie, .setCookie: appendCredential(value, to: &output)
        }
    }

    /// The numbers that belong to a value of a kind, or to a part of one; letter case of ASCII does not count.
    mutating func stream(
        _ kind: PseudonymKind,
        _ value: Span<UInt8>,
        isPart: Bool = false
    ) -> KeyedStream {
        if let text = ShortCanonical(kind, value) {
            return KeyedStream(digest(of: text.span, isPart: isPart))
        }
        return KeyedStream(
            digest(isPart: isPart) { text in
                text.append(kind.rawValue)
                text.append(lowercasing: value)
            }
        )
    }

    /// The same for the digits in a value alone.
    mutating func streamOfDigits(_ kind: PseudonymKind, _ value: Span<UInt8>) -> KeyedStream {
        KeyedStream(
            digest(isPart: false) { text in
                text.append(kind.rawValue)
                for index in value.indices where value[index].isASCIIDigit { text.append(value[index]) }
            }
        )
    }

    /// The same for the digits of a number.
    mutating func streamOfDigits(_ kind: PseudonymKind, _ number: DigitList) -> KeyedStream {
        KeyedStream(
            digest(isPart: false) { text in
                text.append(kind.rawValue)
                for index in 0..<number.count { text.append(0x30 &+ UInt8(number[index])) }
            }
        )
    }

    /// 256 keyed bits that belong to the first `count` bytes of an address; an odd `width` gives other ones.
    mutating func bits(ofPrefix count: Int, of address: UInt128, width: Int) -> Digest {
        digest(isPart: true) { text in
            text.append(PseudonymKind.ip.rawValue)
            text.append(UInt8(truncatingIfNeeded: width))
            for index in 0..<count {
                text.append(UInt8(truncatingIfNeeded: address >> UInt128((width & ~1) &- 8 &* (index &+ 1))))
            }
        }
    }

    /// The digest of the canonical spelling that `spell` appends to an empty buffer; that of a part is remembered, a whole
    /// value is with its pseudonym.
    @inline(__always)
    private mutating func digest(isPart: Bool, spell: (inout [UInt8]) -> Void) -> Digest {
        var text: [UInt8] = []
        swap(&text, &canonical)
        defer { swap(&text, &canonical) }
        text.removeAll(keepingCapacity: true)
        spell(&text)
        return digest(of: text.span, isPart: isPart)
    }

    private mutating func digest(of text: Span<UInt8>, isPart: Bool) -> Digest {
        guard isPart else { return keyed.digest(of: text) }
        if let known = digests.recall(text) { return known }
        let digest = keyed.digest(of: text)
        digests.remember(text, digest)
        return digest
    }
}

/// The canonical spelling of a value that is not long, where no buffer has to be asked for it: its kind, then its bytes with
/// capital ASCII letters made small.
private struct ShortCanonical {
    private static let limit = 64

    private var bytes: [64 of UInt8] = .init(repeating: 0)
    private var count = 1

    /// `nil` for a value that is too long.
    init?(_ kind: PseudonymKind, _ value: Span<UInt8>) {
        guard value.count < Self.limit else { return nil }
        bytes[0] = kind.rawValue
        let raw = value.bytes
        var target = bytes.mutableSpan
        var room = target.mutableBytes
        var index = 0
        while index &+ 8 <= value.count {
            let lanes = raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            room.storeBytes(of: ByteLanes.lowercased(lanes), toByteOffset: index &+ 1, as: UInt64.self)
            index &+= 8
        }
        while index < value.count {
            room.storeBytes(of: value[index].asciiLowercased, toByteOffset: index &+ 1, as: UInt8.self)
            index &+= 1
        }
        count = value.count &+ 1
    }

    var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(first: count) }
    }
}
