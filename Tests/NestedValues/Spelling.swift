import Foundation

extension String {
    /// Everything but letters and digits as `%40`.
    var percentCoded: String { addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? self }

    var percentDecoded: String? { removingPercentEncoding }

    var base64: String { Data(utf8).base64EncodedString() }

    var base64URL: String {
        base64.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    /// What it stands for in base64 of either alphabet, with or without padding.
    var base64Decoded: String? { base64Bytes.map { String(decoding: $0, as: UTF8.self) } }

    var base64Bytes: [UInt8]? {
        var text = replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        return Data(base64Encoded: text, options: .ignoreUnknownCharacters).map { [UInt8]($0) }
    }

    /// What stands between two texts, the first one to the first of the second behind it.
    func between(_ start: String, _ end: String) -> String? {
        guard let lower = range(of: start)?.upperBound else { return nil }
        guard !end.isEmpty else { return String(self[lower...]) }
        guard let upper = range(of: end, range: lower..<endIndex)?.lowerBound else { return nil }
        return String(self[lower..<upper])
    }

    /// The value of a member of a JSON object at the end of a path.
    func member(_ path: String...) -> String? {
        guard var value = try? JSONSerialization.jsonObject(with: Data(utf8), options: .fragmentsAllowed)
        else { return nil }
        for key in path {
            if let list = value as? [Any], let index = Int(key), list.indices.contains(index) {
                value = list[index]
            } else if let object = value as? [String: Any], let member = object[key] {
                value = member
            } else {
                return nil
            }
        }
        return value as? String ?? (value as? NSNumber).map { "\($0)" }
    }

    /// As it stands in a string of JSON, with escapes for everything but letters and digits.
    var jsonEscaped: String {
        unicodeScalars.map { scalar in
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            let digits = String(scalar.value, radix: 16)
            return isPlain ? String(scalar) : "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    /// As a string of JSON.
    var jsonQuoted: String {
        "\""
            + replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
            .replacingOccurrences(of: "\n", with: "\\n") + "\""
    }

    /// Everything but letters and digits as `&#64;`, or with `hexadecimal` as `&#x40;`.
    func referenced(hexadecimal: Bool = false) -> String {
        unicodeScalars.map { scalar in
            if scalar.isASCII, scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) {
                return String(scalar)
            }
            return hexadecimal ? "&#x\(String(scalar.value, radix: 16));" : "&#\(scalar.value);"
        }.joined()
    }

    /// With references read.
    var dereferenced: String {
        var text = ""
        var rest = Substring(self)
        while let and = rest.firstIndex(of: "&") {
            text += rest[..<and]
            guard let end = rest[and...].firstIndex(of: ";") else { break }
            let name = rest[rest.index(after: and)..<end]
            let number =
                name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
            let known: [Substring: String] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
            text += known[name] ?? number.flatMap(Unicode.Scalar.init).map { String($0) } ?? ""
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }

    /// Mail's spelling of everything but letters and digits.
    var quotedPrintable: String { percentCoded.replacingOccurrences(of: "%", with: "=") }
}

/// Just enough of Protocol Buffers to make messages and take them apart.
enum Wire {
    static func field(_ number: Int, _ bytes: [UInt8]) -> [UInt8] {
        varint(number << 3 | 2) + varint(bytes.count) + bytes
    }

    static func number(_ number: Int, _ value: Int) -> [UInt8] { varint(number << 3) + varint(value) }

    private static func varint(_ value: Int) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127 | 128)] + varint(value >> 7)
    }

    /// The first field of bytes of a number.
    static func bytes(_ number: Int, in message: [UInt8]) -> [UInt8]? {
        var index = 0
        func read() -> Int? {
            var value = 0
            var shift = 0
            while index < message.count {
                value |= Int(message[index] & 127) << shift
                index += 1
                shift += 7
                if message[index - 1] < 128 { return value }
            }
            return nil
        }
        while index < message.count {
            guard let tag = read() else { return nil }
            switch tag & 7 {
            case 0: _ = read()
            case 2:
                guard let length = read(), length <= message.count - index else { return nil }
                if tag >> 3 == number { return Array(message[index..<index + length]) }
                index += length
            default: return nil
            }
        }
        return nil
    }
}
