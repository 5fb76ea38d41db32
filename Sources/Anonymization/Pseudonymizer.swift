import Bytes
import Crypto

/// Makes pseudonyms: keyed, deterministic, of the form of what they replace.
///
/// Each comes from HMAC-SHA256 over the kind and the value in one canonical spelling, so that the same value has
/// the same pseudonym wherever it stands. Two values can share a pseudonym where the form leaves little room, such
/// as names of three letters. The last few values are remembered, in clear, in a table of fixed size.
package struct Pseudonymizer {
    /// How many values are remembered.
    static let cacheSize = 2048
    /// Longer values are worked out each time.
    static let longestCached = 96

    private struct Slot {
        var kind: PseudonymKind
        var value: [UInt8]
        var pseudonym: [UInt8]
    }

    private let base: HMAC<SHA256>
    private var slots: [Slot?]
    private var canonical: [UInt8] = []
    private var digest: [UInt8] = []
    private var digests = DigestMemory()
    var addresses = AddressBook()

    package init(key: PseudonymKey) {
        base = HMAC<SHA256>(key: SymmetricKey(data: key.bytes))
        slots = Array(repeating: nil, count: Self.cacheSize)
        digest.reserveCapacity(32)
    }

    /// How many IPv4 networks of 16 bits share their pseudonym with one met before.
    package var addressCollisions: UInt64 { addresses.collisions }

    /// Appends the pseudonym of `value`, which is decoded text, to `output`.
    ///
    /// A value that does not have the form of its kind is treated as text of the closest form. The kinds of header
    /// values are not for this method: their parts are.
    package mutating func append(
        _ kind: PseudonymKind,
        of value: Span<UInt8>,
        to output: inout [UInt8]
    ) {
        guard value.count <= Self.longestCached else { return make(kind, of: value, to: &output) }
        let index = Self.slot(kind, value)
        if let slot = slots[index], slot.kind == kind, value.equals(slot.value.span) {
            output.append(contentsOf: slot.pseudonym)
            return
        }
        let start = output.count
        make(kind, of: value, to: &output)
        slots[index] = Slot(kind: kind, value: Array(value), pseudonym: Array(output[start...]))
    }

    private static func slot(_ kind: PseudonymKind, _ value: Span<UInt8>) -> Int {
        var hash = 0xCBF2_9CE4_8422_2325 ^ UInt64(kind.rawValue)
        for index in value.indices { hash = (hash ^ UInt64(value[index])) &* 0x0000_0100_0000_01B3 }
        return Int(truncatingIfNeeded: (hash ^ hash >> 32) % UInt64(cacheSize))
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
        case .credential, .authorization, .cookie, .setCookie: appendCredential(value, to: &output)
        }
    }

    /// The numbers that belong to a value of a kind; letter case of ASCII does not count.
    mutating func stream(_ kind: PseudonymKind, _ value: Span<UInt8>) -> KeyedStream {
        canonical.removeAll(keepingCapacity: true)
        canonical.append(kind.rawValue)
        for index in value.indices { canonical.append(value[index].asciiLowercased) }
        return streamOfCanonical()
    }

    /// The same for the digits in a value alone.
    mutating func streamOfDigits(_ kind: PseudonymKind, _ value: Span<UInt8>) -> KeyedStream {
        canonical.removeAll(keepingCapacity: true)
        canonical.append(kind.rawValue)
        for index in value.indices where value[index].isASCIIDigit { canonical.append(value[index]) }
        return streamOfCanonical()
    }

    private mutating func streamOfCanonical() -> KeyedStream {
        computeDigest()
        return KeyedStream(digest.span)
    }

    private mutating func computeDigest() {
        if digests.recall(canonical, into: &digest) { return }
        var mac = base
        mac.update(data: canonical)
        digest.removeAll(keepingCapacity: true)
        mac.finalize().withUnsafeBytes { digest.append(contentsOf: $0) }
        digests.remember(canonical, digest: digest)
    }

    /// 256 keyed bits that belong to the first `count` bytes of an address; an odd `width` gives other ones.
    mutating func bits(ofPrefix count: Int, of address: UInt128, width: Int) -> [UInt8] {
        canonical.removeAll(keepingCapacity: true)
        canonical.append(PseudonymKind.ip.rawValue)
        canonical.append(UInt8(truncatingIfNeeded: width))
        for index in 0..<count {
            canonical.append(UInt8(truncatingIfNeeded: address >> UInt128((width & ~1) &- 8 &* (index &+ 1))))
        }
        computeDigest()
        return digest
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are those of `other`.
    func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
