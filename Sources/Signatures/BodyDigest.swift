import Bytes
import Crypto
import Messages

/// A signature of the form `sha256=HEX`: HMAC-SHA256 over the body alone, hexadecimal digits in lower case.
struct BodyDigest: Sendable {
    static let prefix: StaticString = "sha256="

    /// The header field that holds it.
    let fieldName: StaticString

    /// Whether the field is there and looks like this form; what follows the prefix may be anything.
    func isPresent(in head: borrowing Head) -> Bool {
        guard let value = head.value(of: fieldName) else { return false }
        let length = Self.prefix.utf8CodeUnitCount
        return value.count >= length && value.extracting(first: length).equalsIgnoringCase(Self.prefix)
    }

    func verify(_ head: borrowing Head, body: Span<UInt8>, secret: SigningSecret) -> SignatureState {
        guard let value = head.value(of: fieldName) else { return .missing }
        // Receivers compare text, so digits in upper case are as wrong for them as wrong digits.
        return value.isEqualInConstantTime(to: signature(of: body, secret: secret)) ? .valid : .invalid
    }

    func signature(of body: Span<UInt8>, secret: SigningSecret) -> [UInt8] {
        var mac = HMAC<SHA256>(key: SymmetricKey(data: secret.bytes))
        body.withUnsafeBytes { mac.update(data: $0) }
        var value: [UInt8] = []
        value.reserveCapacity(Self.prefix.utf8CodeUnitCount + 2 * SHA256.byteCount)
        Self.prefix.withUTF8Buffer { value.append(contentsOf: $0) }
        for byte in mac.finalize() {
            value.append((byte >> 4).lowerHexDigit)
            value.append((byte & 0x0F).lowerHexDigit)
        }
        return value
    }

    /// The right signature with every digit turned into another one.
    func spoiledSignature(of body: Span<UInt8>, secret: SigningSecret) -> [UInt8] {
        var value = signature(of: body, secret: secret)
        for index in Self.prefix.utf8CodeUnitCount..<value.count {
            value[index] = (0x0F - (value[index].hexDigitValue ?? 0)).lowerHexDigit
        }
        return value
    }
}

extension UInt8 {
    /// The hexadecimal digit of a number below 16.
    fileprivate var lowerHexDigit: UInt8 { self < 10 ? self + 0x30 : self + 0x57 }
}

extension Span where Element == UInt8 {
    /// Whether the bytes equal `other`, in a time that depends on the lengths alone.
    fileprivate func isEqualInConstantTime(to other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in indices { difference |= self[index] ^ other[index] }
        return difference == 0
    }
}
