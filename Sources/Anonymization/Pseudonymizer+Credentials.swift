import Bytes

/// The mark at the start of placeholders: their first four letters or digits are `x` (`0` where all is digits).
enum PlaceholderMark {
    static let length = 4

    static func isOn(_ text: Span<UInt8>) -> Bool {
        var seen = 0
        for index in text.indices where text[index].isASCIILetter || text[index].isASCIIDigit {
            guard text[index] | 0x20 == 0x78 || text[index] == 0x30 else { return false }
            seen &+= 1
            if seen == length { break }
        }
        return true
    }
}

extension Pseudonymizer {
    /// Appends a placeholder of the same length and kinds of characters.
    mutating func appendCredential(_ value: Span<UInt8>, to output: inout [UInt8]) {
        if value.isEmailAddress { return append(.email, of: value, to: &output) }
        if TextScanner.jwtEnd(in: value, at: 0) == value.count { return appendJWT(value, to: &output) }
        if TextScanner.tokenEnd(in: value, at: 0) == value.count { return appendToken(value, to: &output) }
        var stream = stream(.credential, value)
        appendPlaceholder(value, &stream, to: &output)
    }

    /// Appends a placeholder for a key of a known service: its prefix stays.
    mutating func appendToken(_ value: Span<UInt8>, to output: inout [UInt8]) {
        let prefix = TextScanner.tokenPrefixLength(in: value)
        var stream = stream(.token, value)
        output.append(contentsOf: value.extracting(0..<prefix))
        appendPlaceholder(value.extracting(prefix..<value.count), &stream, to: &output)
    }

    /// Appends a token of the same parts and lengths: the header stays, claims and signature become noise.
    mutating func appendJWT(_ value: Span<UInt8>, to output: inout [UInt8]) {
        guard let dot = value.firstIndex(of: 0x2E) else { return appendToken(value, to: &output) }
        var stream = stream(.jwt, value)
        output.append(contentsOf: value.extracting(0..<dot))
        var start = dot
        while start < value.count {
            output.append(0x2E)
            let end = value.firstIndex(of: 0x2E, from: start &+ 1) ?? value.count
            appendPlaceholder(value.extracting(start &+ 1..<end), &stream, to: &output)
            start = end
        }
    }

    /// Appends other characters of the same kinds behind the mark.
    func appendPlaceholder(_ value: Span<UInt8>, _ stream: inout KeyedStream, to output: inout [UInt8]) {
        var hasLetters = false
        for index in value.indices where value[index].isASCIILetter { hasLetters = true }
        var marked = 0
        for index in value.indices {
            let byte = value[index]
            let isDigit = byte.isASCIIDigit
            if !isDigit, !byte.isASCIILetter {
                // Bytes beyond ASCII would be a part of the secret.
                output.append(byte < 0x80 ? byte : 0x78)
            } else if marked < PlaceholderMark.length {
                marked &+= 1
                output.append(isDigit ? (hasLetters ? 0x78 : 0x30) : 0x58 | byte & 0x20)
            } else if isDigit {
                output.append(stream.digit())
            } else {
                output.append(stream.smallLetter() & ~0x20 | byte & 0x20)
            }
        }
    }
}
