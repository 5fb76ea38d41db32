import Bytes
import Crypto

/// Makes the identifiers of deliveries new for one pass of a replay: what was equal stays equal, what differed differs.
///
/// Every character is moved on within its kind, by a distance that depends on the pass and on the place alone, so two
/// identifiers of one shape can never become the same; the shape of a UUID and a prefix such as `msg_` stay.
package struct DeliveryRenewal: Sendable {
    private let distances: [UInt8]
    private let offset: UInt64

    /// `run` names the replay, `pass` counts its passes over the trace.
    package init(run: String, pass: UInt32) {
        var hash = SHA512()
        hash.update(data: Array("delivery ids of \(run)/\(pass)".utf8))
        distances = Array(hash.finalize())
        // Numbers that were near each other stay so, as those that a sender counts up are.
        offset = 1_000 + distances.prefix(4).reduce(0) { $0 << 8 | UInt64($1) } % 900_000_000
    }

    /// Leaves every identifier as it is.
    package static let none = DeliveryRenewal()

    private init() {
        distances = []
        offset = 0
    }

    /// The identifier that stands for another; one without letters and digits stays as it is.
    func renewed(_ id: Span<UInt8>) -> [UInt8] {
        if !distances.isEmpty, let number = Self.number(id) { return Array(String(number + offset).utf8) }
        return renewed(keepingLengthOf: id)
    }

    /// The same, numbers too remaining as long as they were; a whole number does not begin with 0 then either.
    package func renewed(keepingLengthOf id: Span<UInt8>) -> [UInt8] {
        if distances.isEmpty { return Array(id) }
        let isUUID = Self.isUUID(id)
        let start = isUUID ? 0 : Self.prefixLength(of: id)
        var text = Array(id)
        let letters: UInt8 = Self.hasCapital(id) ? 0x37 : 0x57
        let isNumber = text.allSatisfy(\.isASCIIDigit)
        // Letters that could be hexadecimal digits remain ones.
        let isHexadecimal = text[start...].allSatisfy { !$0.isLetter || ($0 | 0x20) <= 0x66 }
        for index in start..<text.count {
            let byte = text[index]
            // The version and the variant of a UUID (RFC 9562, section 4).
            if isUUID, index == 14 || index == 19 { continue }
            let distance = Int(distances[index % distances.count])
            if isUUID, let digit = byte.hexDigitValue {
                let moved = UInt8((Int(digit) + 1 + distance % 15) % 16)
                text[index] = moved + (moved < 10 ? 0x30 : letters)
            } else if index == 0, byte > 0x30, isNumber {
                text[index] = 0x31 + UInt8((Int(byte - 0x31) + 1 + distance % 8) % 9)
            } else if byte.isASCIIDigit {
                text[index] = 0x30 + UInt8((Int(byte - 0x30) + 1 + distance % 9) % 10)
            } else if byte.isLetter {
                let first: UInt8 = byte & 0x20 | 0x41
                let count = isHexadecimal ? 6 : 26
                text[index] = first + UInt8((Int(byte - first) + 1 + distance % (count - 1)) % count)
            }
        }
        return text
    }

    private static func hasCapital(_ id: Span<UInt8>) -> Bool {
        for index in id.indices where (0x41...0x5A).contains(id[index]) { return true }
        return false
    }

    /// A whole number without leading zeros, far from overflow.
    private static func number(_ id: Span<UInt8>) -> UInt64? {
        guard id.count > 0, id.count <= 18, id.count == 1 || id[0] != 0x30 else { return nil }
        var number: UInt64 = 0
        for index in id.indices {
            guard id[index].isASCIIDigit else { return nil }
            number = number * 10 + UInt64(id[index] - 0x30)
        }
        return number
    }

    private static func isUUID(_ id: Span<UInt8>) -> Bool {
        guard id.count == 36 else { return false }
        for index in id.indices {
            let isDash = index == 8 || index == 13 || index == 18 || index == 23
            if isDash ? id[index] != 0x2D : id[index].hexDigitValue == nil { return false }
        }
        return true
    }

    /// The bytes up to the last underscore among letters, where enough is left that differs.
    private static func prefixLength(of id: Span<UInt8>) -> Int {
        var length = 0
        for index in id.indices {
            if id[index] == 0x5F, id.count - index > 4 { length = index + 1 }
            if !id[index].isLetter, id[index] != 0x5F { break }
        }
        return length
    }
}

extension UInt8 {
    var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
}
