import Bytes

/// Reads a JSON text token by token, strictly as RFC 8259 writes it.
///
/// The scanner borrows the text, allocates nothing and does not recurse. Strings are checked on the way: escapes,
/// control characters, UTF-8. An escaped lone surrogate is allowed, as in the grammar; ``JSONString/unescape(_:)``
/// reads it as U+FFFD. Members with the same name are not told apart. A whole text costs O(n).
package struct JSONScanner: ~Escapable {
    /// How many arrays and objects may be open at once.
    package static let maximumDepth = 512

    enum Expectation {
        case value
        case valueOrEndOfArray
        case nameOrEndOfObject
        case name
        case commaOrEnd
        case endOfText
    }

    let bytes: Span<UInt8>
    /// How many bytes have been read; after an error, the place of the error.
    package internal(set) var offset = 0
    /// Whether escapes stand in the key or string that was answered last.
    package internal(set) var hasEscapes = false
    /// How many arrays and objects are open.
    package private(set) var depth = 0
    /// Whether a member of an object may come next.
    package internal(set) var isAtMember = false
    /// Whether it would be the first one of its object, before which no comma stands.
    package internal(set) var isAtFirstMember = false
    var expectation = Expectation.value
    /// One bit for each open level: set for an object.
    private var objects: [8 of UInt64] = .init(repeating: 0)
    /// The bit of the innermost open level.
    private var isInObject = false

    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// Reads the next token; `nil` means that the text was one whole, valid value, and then stays `nil`.
    ///
    /// A key is answered together with its colon. After an error the scanner is of no more use.
    @_lifetime(self: copy self)
    package mutating func next() throws(JSONError) -> JSONToken? {
        skipWhiteSpace()
        guard offset < bytes.count else {
            if expectation == .endOfText { return nil }
            throw JSONError(.unexpectedEnd, at: offset)
        }
        // A copy: a switch over the borrowed byte itself would hold `self` while its cases change it.
        let byte = bytes[offset]
        switch expectation {
        case .value:
            return try value()
        case .valueOrEndOfArray:
            return byte == 0x5D ? close() : try value()
        case .nameOrEndOfObject:
            return byte == 0x7D ? close() : try name()
        case .name:
            return try name()
        case .commaOrEnd:
            switch byte {
            case 0x2C:
                offset &+= 1
                skipWhiteSpace()
                guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
                return isInObject ? try name() : try value()
            case 0x7D where isInObject, 0x5D where !isInObject:
                return close()
            default:
                throw JSONError(.unexpectedByte(byte), at: offset)
            }
        case .endOfText:
            throw JSONError(.trailingBytes, at: offset)
        }
    }
}

extension JSONScanner {
    @_lifetime(self: copy self)
    private mutating func open(object: Bool) throws(JSONError) -> JSONToken {
        guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: offset) }
        let bit = UInt64(1) << UInt64(depth & 63)
        if object { objects[depth >> 6] |= bit } else { objects[depth >> 6] &= ~bit }
        depth &+= 1
        offset &+= 1
        isInObject = object
        expectation = object ? .nameOrEndOfObject : .valueOrEndOfArray
        isAtMember = object
        isAtFirstMember = object
        return object ? .beginObject : .beginArray
    }

    @_lifetime(self: copy self)
    private mutating func close() -> JSONToken {
        let wasObject = isInObject
        depth &-= 1
        offset &+= 1
        let outer = depth &- 1
        isInObject = depth > 0 && objects[outer >> 6] & (1 << UInt64(outer & 63)) != 0
        valueEnded()
        return wasObject ? .endObject : .endArray
    }

    @_lifetime(self: copy self)
    private mutating func valueEnded() {
        expectation = depth == 0 ? .endOfText : .commaOrEnd
        isAtMember = isInObject
        isAtFirstMember = false
    }

    @_lifetime(self: copy self)
    @inline(__always)
    private mutating func skipWhiteSpace() {
        while offset < bytes.count, bytes[offset] <= 0x20 {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset &+= 1
            default: return
            }
        }
    }

    @_lifetime(self: copy self)
    private mutating func name() throws(JSONError) -> JSONToken {
        guard bytes[offset] == 0x22 else { throw JSONError(.unexpectedByte(bytes[offset]), at: offset) }
        let range = try string()
        skipWhiteSpace()
        guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
        guard bytes[offset] == 0x3A else { throw JSONError(.unexpectedByte(bytes[offset]), at: offset) }
        offset &+= 1
        expectation = .value
        isAtMember = false
        isAtFirstMember = false
        return .key(range)
    }

    @_lifetime(self: copy self)
    private mutating func value() throws(JSONError) -> JSONToken {
        let token: JSONToken
        let byte = bytes[offset]
        switch byte {
        case 0x7B: return try open(object: true)
        case 0x5B: return try open(object: false)
        case 0x22: token = .string(try string())
        case 0x2D, 0x30...0x39: token = .number(try number())
        case 0x74:
            try literal("true")
            token = .bool(true)
        case 0x66:
            try literal("false")
            token = .bool(false)
        case 0x6E:
            try literal("null")
            token = .null
        case 0xEF where offset == 0 && bytes.count >= 3 && bytes[1] == 0xBB && bytes[2] == 0xBF:
            throw JSONError(.byteOrderMark, at: 0)
        default: throw JSONError(.unexpectedByte(byte), at: offset)
        }
        valueEnded()
        return token
    }

    @_lifetime(self: copy self)
    private mutating func literal(_ spelling: StaticString) throws(JSONError) {
        for index in 0..<spelling.utf8CodeUnitCount {
            guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
            guard bytes[offset] == spelling.utf8Start[index] else {
                throw JSONError(.unexpectedByte(bytes[offset]), at: offset)
            }
            offset &+= 1
        }
    }

    /// Reads a string from its opening quote on and answers the bytes between the quotes.
    @_lifetime(self: copy self)
    private mutating func string() throws(JSONError) -> ByteRange {
        let start = offset &+ 1
        offset = bytes.endOfPlainASCII(from: start)
        hasEscapes = false
        if offset < bytes.count, bytes[offset] == 0x22 {
            offset &+= 1
            return ByteRange(offset: start, count: offset &- 1 &- start)
        }
        return try unusualString(from: start)
    }

    /// Reads the rest of a string, in which there is more than plain ASCII.
    @_lifetime(self: copy self)
    private mutating func unusualString(from start: Int) throws(JSONError) -> ByteRange {
        while true {
            offset = bytes.endOfPlainASCII(from: offset)
            guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
            let byte = bytes[offset]
            switch byte {
            case 0x22:
                defer { offset += 1 }
                return ByteRange(start..<offset)
            case 0x5C:
                hasEscapes = true
                try escape()
            case 0..<0x20:
                throw JSONError(.controlCharacter, at: offset)
            default:
                let length = bytes.utf8SequenceLength(at: offset)
                guard length > 0 else { throw JSONError(.invalidUTF8, at: offset) }
                offset += length
            }
        }
    }

    @_lifetime(self: copy self)
    private mutating func escape() throws(JSONError) {
        guard offset + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        let letter = bytes[offset + 1]
        switch letter {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74:
            offset &+= 2
        case 0x75:
            for index in offset + 2..<offset + 6 {
                guard index < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
                guard bytes[index].hexDigitValue != nil else { throw JSONError(.invalidEscape, at: offset) }
            }
            offset &+= 6
        default:
            throw JSONError(.invalidEscape, at: offset)
        }
    }

    @_lifetime(self: copy self)
    private mutating func number() throws(JSONError) -> ByteRange {
        let start = offset
        if bytes[offset] == 0x2D { offset += 1 }
        if offset < bytes.count, bytes[offset] == 0x30 {
            offset &+= 1
            if offset < bytes.count, bytes[offset].isASCIIDigit { throw JSONError(.invalidNumber, at: start) }
        } else {
            try digits(of: start)
        }
        if offset < bytes.count, bytes[offset] == 0x2E {
            offset &+= 1
            try digits(of: start)
        }
        if offset < bytes.count, bytes[offset] | 0x20 == 0x65 {
            offset &+= 1
            if offset < bytes.count, bytes[offset] == 0x2B || bytes[offset] == 0x2D { offset += 1 }
            try digits(of: start)
        }
        return ByteRange(start..<offset)
    }

    @_lifetime(self: copy self)
    private mutating func digits(of start: Int) throws(JSONError) {
        guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
        guard bytes[offset].isASCIIDigit else { throw JSONError(.invalidNumber, at: start) }
        while offset < bytes.count, bytes[offset].isASCIIDigit { offset += 1 }
    }
}
