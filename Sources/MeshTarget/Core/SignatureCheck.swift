import Crypto

/// HMAC-SHA256 over the body, written `sha256=` and 64 lowercase hexadecimal digits.
package enum SignatureCheck {
    package static let prefix = "sha256="

    /// Whether `value` signs `body`; the comparison takes the same time whatever the difference.
    package static func isValid(_ value: String?, body: [UInt8], secret: [UInt8]) -> Bool {
        guard let value, value.hasPrefix(prefix), let code = bytes(ofHex: value.dropFirst(prefix.count))
        else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(
            code,
            authenticating: body,
            using: SymmetricKey(data: secret)
        )
    }

    /// The value of the signature field for `body`.
    package static func signature(of body: [UInt8], secret: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: secret))
        return prefix + code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(ofHex text: Substring) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard digits.count == 2 * SHA256.byteCount else { return nil }
        var bytes: [UInt8] = []
        for pair in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digit(digits[pair]), let low = digit(digits[pair + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
