import Bytes
import SeededRandom

/// Makes values that are planted in the target and have to turn up only where they belong, and finds them again.
///
///     z q p p p p p p p p k o o n n n n n n n     small letters and digits, so that nothing escapes or splits them
///         run             │ owner  number
///                         kind: s secret, d data
///
/// Whose a value is stands in itself: what has been planted need not be remembered, and what is cut short is found.
package struct CanaryMint: Hashable, Sendable {
    package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// A credential, which nobody may see.
        case secret = 0x73
        /// Data of a tenant, which no other tenant may see.
        case data = 0x64

        package var name: String { self == .secret ? "secret" : "data" }
    }

    /// A value that was found.
    package struct Sighting: Hashable, Sendable {
        package var kind: Kind
        /// Which tenant's it is, by number; see ``ownerLimit``.
        package var owner: Int

        package init(kind: Kind, owner: Int) {
            self.kind = kind
            self.owner = owner
        }
    }

    /// Bytes of a value.
    package static let length = 20
    /// Tenants that are told apart.
    package static let ownerLimit = 1_024

    private static let digits = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)
    private static let prefixLength = 10

    private let prefix: [UInt8]
    let codedForms: [[UInt8]]
    /// What to look for at each byte: 0 for nothing, 1 for an escape, else the number of a coded form and 2.
    let suspicions: [UInt8]

    /// Values of runs with another seed or another start are not taken for those of this one.
    package init(seed: UInt64, start: Int64) {
        // Both are spread over the letters.
        let mixed = SeededGenerator.mixed(seed &+ UInt64(bitPattern: start) &* SeededGenerator.step)
        prefix = Array("zq".utf8) + Self.spelling(mixed, digits: Self.prefixLength - 2)
        codedForms = Self.codedForms(of: prefix)
        suspicions = Self.suspicions(of: codedForms)
    }

    /// A value; `owner` is the number of a tenant, those beyond ``ownerLimit`` count as one.
    package func value(_ kind: Kind, owner: Int, number: UInt64) -> String {
        let owner = UInt64(min(max(owner, 0), Self.ownerLimit - 1))
        let bytes =
            prefix + [kind.rawValue] + Self.spelling(owner, digits: 2) + Self.spelling(number, digits: 7)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The values in `bytes`, in letters of any case, each kind and owner once; O(n).
    ///
    /// One of which the end is missing counts as a secret of nobody, unless kind and owner are still there.
    package func sightings(in bytes: Span<UInt8>) -> Set<Sighting> {
        var found: Set<Sighting> = []
        var place = 0
        while place <= bytes.count - prefix.count {
            guard bytes[place].asciiLowercased == prefix[0], isPrefix(of: bytes, at: place) else {
                place += 1
                continue
            }
            place += prefix.count
            found.insert(sighting(in: bytes, at: place))
        }
        return found
    }

    private func isPrefix(of bytes: Span<UInt8>, at place: Int) -> Bool {
        for (index, byte) in prefix.enumerated() where bytes[place + index].asciiLowercased != byte {
            return false
        }
        return true
    }

    private func sighting(in bytes: Span<UInt8>, at place: Int) -> Sighting {
        guard place + 3 <= bytes.count, let kind = Kind(rawValue: bytes[place].asciiLowercased),
            let high = Self.digits.firstIndex(of: bytes[place + 1].asciiLowercased),
            let low = Self.digits.firstIndex(of: bytes[place + 2].asciiLowercased)
        else { return Sighting(kind: .secret, owner: 0) }
        return Sighting(kind: kind, owner: high * Self.digits.count + low)
    }

    /// The last digits of a number to the base of 32.
    private static func spelling(_ number: UInt64, digits count: Int) -> [UInt8] {
        (0..<count).reversed().map { digits[Int(number >> UInt64($0 * 5) & 31)] }
    }
}
