import Bytes

extension Endpoint: CustomStringConvertible {
    /// The canonical text: `10.0.0.1:80` or `[::1]:80`.
    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the canonical text in ASCII, at most 53 bytes.
    package func append(to output: inout [UInt8]) {
        if address.isIPv4 {
            address.append(to: &output)
        } else {
            output.append(0x5B)
            address.append(to: &output)
            output.append(0x5D)
        }
        output.append(0x3A)
        output.appendDecimal(port)
    }

    /// Reads an address, a colon and a port from ASCII text; an IPv6 address must stand in brackets.
    package init?(parsing text: Span<UInt8>) {
        var colon = text.count - 1
        while colon >= 0, text[colon] != 0x3A { colon -= 1 }
        guard colon > 0, let port = Self.port(text.extracting(colon + 1..<text.count)) else { return nil }
        let isBracketed = colon >= 2 && text[0] == 0x5B && text[colon - 1] == 0x5D
        let bounds = isBracketed ? 1..<colon - 1 : 0..<colon
        guard let address = IPAddress(parsing: text.extracting(bounds)), address.isIPv4 != isBracketed else {
            return nil
        }
        self.init(address: address, port: port)
    }

    /// Reads an endpoint from a string; the same forms as ``init(parsing:)``.
    package init?(_ text: some StringProtocol) {
        self.init(parsing: Array(text.utf8).span)
    }

    private static func port(_ digits: Span<UInt8>) -> UInt16? {
        guard digits.count >= 1, digits.count <= 5 else { return nil }
        var value: UInt32 = 0
        for index in digits.indices {
            guard digits[index].isASCIIDigit else { return nil }
            value = value * 10 + UInt32(digits[index] - 0x30)
        }
        return UInt16(exactly: value)
    }
}

extension Endpoint: Comparable {
    /// By address, then by port.
    package static func < (left: Endpoint, right: Endpoint) -> Bool {
        left.address != right.address ? left.address < right.address : left.port < right.port
    }
}
