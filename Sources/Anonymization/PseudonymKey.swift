import Bytes
import Crypto

/// The 32 secret bytes on which all pseudonyms depend.
///
/// The same key gives the same pseudonyms in every trace; without it nobody can tell which value a pseudonym
/// stands for, not even by trying values.
package struct PseudonymKey: Sendable {
    /// The length of a key in bytes.
    package static let byteCount = 32

    let bytes: [UInt8]

    /// Takes a key of exactly ``byteCount`` bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// A key drawn from a generator, which must be fit for cryptography outside tests.
    package init(using generator: inout some RandomNumberGenerator) {
        var bytes: [UInt8] = []
        for _ in 0..<Self.byteCount / 8 {
            bytes.appendLittleEndian(generator.next() as UInt64)
        }
        self.bytes = bytes
    }

    /// Names the key without revealing it: the first eight bytes of HMAC-SHA256 of a fixed label, in hexadecimal.
    package var id: String {
        var mac = HMAC<SHA256>(key: SymmetricKey(data: bytes))
        mac.update(data: Array("tapedeck key id".utf8))
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in mac.finalize().prefix(8) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension PseudonymKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(key \(id))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
