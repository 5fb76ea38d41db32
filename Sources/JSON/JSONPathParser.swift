import Bytes

/// Reads the steps of a ``JSONPath``, front to back.
struct JSONPathParser {
    private let text: String
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        self.text = text
        bytes = Array(text.utf8)
    }

    /// The next step, or `nil` at the end of a whole path.
    mutating func next() throws(JSONPathError) -> (JSONPath.Selector, atAnyDepth: Bool)? {
        if index == 0 {
            guard bytes.first == 0x24 else { throw error("does not start with '$'") }
            index = 1
        }
        guard index < bytes.count else { return nil }
        switch bytes[index] {
        case 0x5B:
            return (try bracket(), false)
        case 0x2E:
            index += 1
            let atAnyDepth = index < bytes.count && bytes[index] == 0x2E
            if atAnyDepth { index += 1 }
            guard index < bytes.count else { throw error("ends in a dot") }
            if atAnyDepth, bytes[index] == 0x5B { return (try bracket(), true) }
            return (try name(), atAnyDepth)
        default:
            throw error("has '\(Character(Unicode.Scalar(bytes[index])))' where '.' or '[' belongs")
        }
    }

    private mutating func name() throws(JSONPathError) -> JSONPath.Selector {
        if bytes[index] == 0x2A {
            index += 1
            return .any
        }
        let start = index
        while index < bytes.count, JSONPath.isPlain(bytes[index]) { index += 1 }
        guard index > start else { throw error("has a dot without a name; quote unusual names: ['a b']") }
        return .member(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func bracket() throws(JSONPathError) -> JSONPath.Selector {
        index += 1
        guard index < bytes.count else { throw error("has an open bracket") }
        let selector: JSONPath.Selector
        switch bytes[index] {
        case 0x2A:
            index += 1
            selector = .any
        case 0x22, 0x27:
            selector = .member(try quotedName(bytes[index]))
        default:
            let start = index
            while index < bytes.count, bytes[index].isASCIIDigit { index += 1 }
            guard let element = Int(String(decoding: bytes[start..<index], as: UTF8.self)) else {
                throw error("has brackets with neither an index, a quoted name nor '*'")
            }
            selector = .element(element)
        }
        guard index < bytes.count, bytes[index] == 0x5D else { throw error("has an open bracket") }
        index += 1
        return selector
    }

    private mutating func quotedName(_ quote: UInt8) throws(JSONPathError) -> String {
        var name: [UInt8] = []
        index += 1
        while index < bytes.count, bytes[index] != quote {
            if bytes[index] == 0x5C, index + 1 < bytes.count { index += 1 }
            name.append(bytes[index])
            index += 1
        }
        guard index < bytes.count else { throw error("has an open quote") }
        index += 1
        return String(decoding: name, as: UTF8.self)
    }

    private func error(_ what: String) -> JSONPathError {
        JSONPathError("'\(text)' is no JSON path: it \(what)")
    }
}
