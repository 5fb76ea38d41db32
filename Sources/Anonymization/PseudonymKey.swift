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
        let digits = mac.finalize().prefix(8).flatMap { $0.hexadecimal }
        return String(decoding: digits, as: UTF8.self)
    }
}

extension PseudonymKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(key \(id))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension PseudonymKey {
    /// Reads a key from a file's contents: 32 bytes, or 64 hexadecimal digits with or without a line end.
    package init?(spelled contents: [UInt8]) {
        if contents.count == Self.byteCount {
            self.init(contents)
            return
        }
        var digits = contents
        while digits.last == 0x0A || digits.last == 0x0D { digits.removeLast() }
        guard digits.count == 2 * Self.byteCount else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index].hexDigitValue, let low = digits[index + 1].hexDigitValue else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.init(bytes)
    }

    /// The key in 64 hexadecimal digits, for the file that keeps it and for nothing else.
    package var hexadecimal: [UInt8] { bytes.flatMap { $0.hexadecimal } }
}

extension UInt8 {
    fileprivate var hexadecimal: [UInt8] {
        [self >> 4, self & 0x0F].map { $0 < 10 ? $0 + 0x30 : $0 + 0x57 }
    }
}
