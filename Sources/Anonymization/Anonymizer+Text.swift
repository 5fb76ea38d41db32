import Bytes
import Compression
import JSON

extension Anonymizer {
    /// How long what is compressed within a value may be when it is inflated; what is longer is a text of its own.
    static let maximumInflatedValue = 8 << 20

    /// Appends what takes the place of a decoded value: by the rule if there is one, else by what it holds.
    ///
    /// Answers false, with nothing appended, if the value stays as it is.
    mutating func rewrite(_ value: Span<UInt8>, _ treatment: Treatment?, to output: inout [UInt8]) -> Bool {
        if let treatment { return treat(value, treatment, to: &output) }
        guard !value.isEmpty else { return false }
        guard openTexts < Self.maximumNesting else { return rewriteEscaped(value, to: &output) }
        let surroundings = surroundings
        let isKnown = isKnownToStay(value, in: surroundings)
        if isKnown == true { return false }
        let context = fieldContext
        // What stands behind the value is none of its fields' values.
        defer { fieldContext = context }
        openTexts &+= 1
        defer { openTexts &-= 1 }
        let isChanged = rewriteStructure(value, to: &output) ?? rewriteProse(value, to: &output)
        if !isChanged, isKnown == false { noteThatStays(value, in: surroundings) }
        return isChanged
    }

    /// What rule sets say of strings that no rule names, for a value where everything is text: numbers and truth values are
    /// no strings.
    func otherText(_ value: Span<UInt8>) -> Treatment? {
        guard let treatment = rules.otherStrings else { return nil }
        var scanner = JSONScanner(value)
        switch try? scanner.next() {
        case .number, .bool, .null:
            do {
                return try scanner.next() == nil ? nil : treatment
            } catch {
                return treatment
            }
        default: return treatment
        }
    }

    /// ``rewrite(_:_:to:)`` for a value that is JSON, markup, GraphQL, a path, pairs, percent-encoded or base64 as a whole; `nil`
    /// for every other one.
    mutating func rewriteStructure(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool? {
        let start = value.firstVisible
        switch value.byte(start) {
        case 0x7B, 0x5B, 0x22:
            if value.isJSON { return rewriteJSON(value, to: &output) }
            if value.byte(start) == 0x7B, value.byte(start &+ 1) == 0x5C {
                return rewriteEscapedJSON(value, to: &output)
            }
        case 0x3C: return rewriteMarkup(value, isStrict: true, to: &output)
        case 0x2F where value.looksLikePath: return rewriteURL(value, to: &output)
        case 0x25 where !value.hasBlanks:
            let text = PercentEncoding.decode(value, plusIsBlank: false)
            var made: [UInt8] = []
            guard rewrite(text.span, nil, to: &made) else { return false }
            PercentEncoding.encode(made.span, like: value, plusIsBlank: false, to: &output)
            return true
        default: break
        }
        if value.startsLikeGraphQL, let isChanged = rewriteGraphQL(value, to: &output) { return isChanged }
        if value.looksLikePairs { return rewritePairs(value, in: .form, to: &output) }
        return value.mayBeBase64 ? rewriteBase64(value, to: &output) : nil
    }

    /// Appends a text that is JSON with values replaced.
    private mutating func rewriteJSON(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        var edit = ByteEdit()
        guard (try? rewriteJSON(value, &edit)) != nil, edit.isChanged else { return false }
        edit.finish(value)
        output.append(contentsOf: edit.output)
        return true
    }

    /// The same for JSON as it is written within a string: `{\"a\":1}`.
    private mutating func rewriteEscapedJSON(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool? {
        let text = JSONString.unescape(value)
        guard text.span.isJSON else { return nil }
        var made: [UInt8] = []
        guard rewrite(text.span, nil, to: &made) else { return false }
        JSONString.escape(made.span, into: &output)
        return true
    }

    /// The same for text in base64, compressed or not; `nil` for what is no text.
    private mutating func rewriteBase64(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool? {
        guard let (bytes, form) = Base64.decode(value) else { return nil }
        var made: [UInt8] = []
        if bytes.starts(with: [0x1F, 0x8B, 8]) {
            let limit = Self.maximumInflatedValue
            guard let text = try? ContentCoding.decode(bytes.span, coding: .gzip, limit: limit),
                text.span.isPrintable
            else { return nil }
            guard rewrite(text.span, nil, to: &made) else { return false }
            made = ContentCoding.encode(made.span, coding: .gzip)
        } else {
            guard bytes.span.isPrintable else { return nil }
            guard rewrite(bytes.span, nil, to: &made) else { return false }
        }
        Base64.encode(made.span, as: form, to: &output)
        return true
    }
}

extension Span where Element == UInt8 {
    /// Where the first byte stands that is no white space of JSON; `count` if there is none.
    var firstVisible: Int {
        var index = 0
        while index < count, self[index] <= 0x20 { index &+= 1 }
        return index
    }

    /// Whether the text is one JSON value.
    var isJSON: Bool {
        var scanner = JSONScanner(self)
        do {
            while try scanner.next() != nil {}
            return true
        } catch {
            return false
        }
    }

    /// Whether the bytes are UTF-8 without control characters but for tabs and line ends.
    var isPrintable: Bool {
        for index in indices where self[index] < 0x20 || self[index] == 0x7F {
            guard self[index] == 0x09 || self[index] == 0x0A || self[index] == 0x0D else { return false }
        }
        return isText
    }

    var hasBlanks: Bool {
        for index in indices where self[index] <= 0x20 { return true }
        return false
    }

    /// Whether a text is pairs as in a form: `a=1&b=2`, without blanks.
    var looksLikePairs: Bool {
        guard let equals = firstIndex(of: 0x3D), equals > 0, let and = firstIndex(of: 0x26), and > equals
        else { return false }
        for index in 0..<equals {
            let byte = self[index]
            guard
                byte.isWordByte || byte == 0x2D || byte == 0x2E || byte == 0x5B || byte == 0x5D
                    || byte == 0x25
            else { return false }
        }
        return !hasBlanks
    }

    /// Whether the first bytes could be base64 of text or of something in gzip.
    ///
    /// It looks at 16 digits at most, by which nearly everything is told from text that only uses the same letters.
    var mayBeBase64: Bool {
        guard count >= 12 else { return false }
        var trailing = 0
        var index = 0
        while index &+ 4 <= Swift.min(count, 16) {
            // Fewer digits and padding at the end.
            guard let (one, two, three) = Base64.firstBytes(of: extracting(index..<index &+ 4)) else {
                return index >= 8
            }
            if index == 0, one == 0x1F { return two == 0x8B && three == 8 }
            guard one.goesOnText(&trailing), two.goesOnText(&trailing), three.goesOnText(&trailing) else {
                return false
            }
            index &+= 4
        }
        return true
    }
}

extension UInt8 {
    /// Whether the byte can stand next in UTF-8 without control characters; `trailing` counts the bytes that a character
    /// still lacks.
    fileprivate func goesOnText(_ trailing: inout Int) -> Bool {
        if trailing > 0 {
            trailing &-= 1
            return self & 0xC0 == 0x80
        }
        switch self {
        case 0x20..<0x7F, 0x09, 0x0A, 0x0D: return true
        case 0xC2...0xDF: trailing = 1
        case 0xE0...0xEF: trailing = 2
        case 0xF0...0xF4: trailing = 3
        default: return false
        }
        return true
    }
}
