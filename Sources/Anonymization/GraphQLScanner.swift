import Bytes

/// A token of a GraphQL document (GraphQL specification, section 2.1); ranges are of the text that was scanned.
enum GraphQLToken: Equatable {
    case name(Range<Int>)
    /// `$name`
    case variable(Range<Int>)
    case number(Range<Int>)
    /// What stands between the quotes; `isBlock` between three of them.
    case string(Range<Int>, isBlock: Bool)
    case comment(Range<Int>)
    /// One of `! & ( ) : = @ [ ] { | }`, or the three dots of a spread as a dot.
    case mark(UInt8)
}

/// Reads a GraphQL document token by token; it borrows the text and allocates nothing.
///
/// It knows the tokens and not the grammar, but for brackets, which must match. A whole document costs O(n).
struct GraphQLScanner: ~Escapable {
    static let maximumDepth = 128

    private let source: Span<UInt8>
    private var offset = 0
    private(set) var depth = 0
    /// Of the open brackets, four bits each would do; a byte is simpler.
    private var open: [128 of UInt8] = .init(repeating: 0)
    /// The text is no document.
    private(set) var isBroken = false

    @_lifetime(copy source)
    init(_ source: Span<UInt8>) {
        self.source = source
        if source.starts(with: "\u{FEFF}", at: 0) { offset = 3 }
    }

    /// The next token; `nil` at the end, or where the text `isBroken`.
    @_lifetime(self: copy self)
    mutating func next() -> GraphQLToken? {
        while offset < source.count, source[offset] <= 0x20 || source[offset] == 0x2C { offset &+= 1 }
        guard offset < source.count, !isBroken else {
            if depth > 0 { isBroken = true }
            return nil
        }
        let byte = source[offset]
        switch byte {
        case 0x22: return string()
        case 0x23:
            let start = offset
            while offset < source.count, source[offset] != 0x0A, source[offset] != 0x0D { offset &+= 1 }
            return .comment(start &+ 1..<offset)
        case 0x24:
            let start = offset &+ 1
            offset = start
            guard let name = name() else { return fail() }
            return .variable(name)
        case 0x28, 0x5B, 0x7B:
            guard depth < Self.maximumDepth else { return fail() }
            open[depth] = byte
            depth &+= 1
            return mark(byte)
        case 0x29, 0x5D, 0x7D:
            let opening: UInt8 = byte == 0x29 ? 0x28 : byte &- 2
            guard depth > 0, open[depth &- 1] == opening else { return fail() }
            depth &-= 1
            return mark(byte)
        case 0x21, 0x26, 0x3A, 0x3D, 0x40, 0x7C: return mark(byte)
        case 0x2E:
            guard source.starts(with: "...", at: offset) else { return fail() }
            offset &+= 3
            return .mark(byte)
        case 0x2D, 0x30...0x39: return number()
        default:
            guard let name = name() else { return fail() }
            return .name(name)
        }
    }

    @_lifetime(self: copy self)
    private mutating func fail() -> GraphQLToken? {
        isBroken = true
        return nil
    }

    @_lifetime(self: copy self)
    private mutating func mark(_ byte: UInt8) -> GraphQLToken {
        offset &+= 1
        return .mark(byte)
    }

    @_lifetime(self: copy self)
    private mutating func name() -> Range<Int>? {
        let start = offset
        guard start < source.count, source[start].isWordByte, !source[start].isASCIIDigit else { return nil }
        while offset < source.count, source[offset].isWordByte { offset &+= 1 }
        return start..<offset
    }

    @_lifetime(self: copy self)
    private mutating func number() -> GraphQLToken? {
        let start = offset
        offset &+= 1
        while offset < source.count, source[offset].isNumberByte { offset &+= 1 }
        guard source[offset &- 1].isASCIIDigit else { return fail() }
        return .number(start..<offset)
    }

    @_lifetime(self: copy self)
    private mutating func string() -> GraphQLToken? {
        if source.starts(with: "\"\"\"", at: offset) {
            let start = offset &+ 3
            var index = start
            while let quote = source.firstIndex(of: 0x22, from: index) {
                if source.starts(with: "\"\"\"", at: quote), source.byte(quote &- 1) != 0x5C {
                    offset = quote &+ 3
                    return .string(start..<quote, isBlock: true)
                }
                index = quote &+ 1
            }
            return fail()
        }
        let start = offset &+ 1
        offset = start
        while offset < source.count, source[offset] != 0x22 {
            guard source[offset] != 0x0A else { return fail() }
            offset &+= source[offset] == 0x5C ? 2 : 1
        }
        guard offset < source.count else { return fail() }
        defer { offset &+= 1 }
        return .string(start..<offset, isBlock: false)
    }
}

extension Span where Element == UInt8 {
    /// Whether a text begins as a GraphQL document does: with a selection or the name of a kind of definition.
    var startsLikeGraphQL: Bool {
        let start = firstVisible
        switch byte(start) {
        case 0x7B: return true
        case 0x71, 0x6D, 0x73, 0x66, 0x23: break
        default: return false
        }
        if self[start] == 0x23 { return firstIndex(of: 0x7B) != nil }
        let names: [StaticString] = ["query", "mutation", "subscription", "fragment"]
        for name in names where starts(with: name, at: start) {
            let next = byte(start &+ name.utf8CodeUnitCount)
            return (next <= 0x20 || next == 0x28 || next == 0x7B || next == 0x40)
                && firstIndex(of: 0x7B) != nil
        }
        return false
    }

    /// Whether the text is tokens of GraphQL to its end, with a selection in it.
    var isGraphQL: Bool {
        var scanner = GraphQLScanner(self)
        var hasSelection = false
        while let token = scanner.next() {
            if token == .mark(0x7B) { hasSelection = true }
        }
        return hasSelection && !scanner.isBroken
    }
}

extension UInt8 {
    fileprivate var isNumberByte: Bool {
        isASCIIDigit || self == 0x2E || self | 0x20 == 0x65 || self == 0x2B || self == 0x2D
    }
}
