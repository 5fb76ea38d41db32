import Bytes
import JSON

/// Reads XML 1.0 far enough to compare it: elements, attributes, text, character data, and the five entities that are
/// always there.
///
/// Comments, processing instructions and the declaration are passed over. A document type declaration is not read, and
/// neither is a document that has one: entities of strangers are the beginning of trouble (CWE-776). O(n).
struct XMLReader: ~Escapable {
    /// Deeper documents are not read.
    static let maximumDepth = 256

    private let bytes: Span<UInt8>
    private var index = 0

    @_lifetime(copy bytes)
    private init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// The root element; `nil` for what is not well-formed as far as it is read, and for more than `maximumCount` elements
    /// and attributes.
    static func element(in bytes: Span<UInt8>, maximumCount: Int) -> XMLElement? {
        var reader = XMLReader(bytes)
        return reader.document(maximumCount: maximumCount)
    }

    private mutating func document(maximumCount: Int) -> XMLElement? {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { index = 3 }
        var open: [XMLElement] = []
        var texts: [[UInt8]] = []
        var root: XMLElement?
        var count = 0
        while index < bytes.count {
            guard bytes[index] == 0x3C else {
                let end = bytes.firstIndex(of: 0x3C, from: index) ?? bytes.count
                if open.isEmpty {
                    while index < end { guard isSpace(bytes[index]) else { return nil }; index += 1 }
                } else {
                    guard append(index..<end, to: &texts[texts.count - 1]) else { return nil }
                    index = end
                }
                continue
            }
            if passes("<!--") {
                guard skip(past: "-->") else { return nil }
            } else if passes("<![CDATA[") {
                let start = index
                guard !open.isEmpty, skip(past: "]]>") else { return nil }
                texts[texts.count - 1].append(contentsOf: bytes.extracting(start..<index - 3))
            } else if passes("<?") {
                guard skip(past: "?>") else { return nil }
            } else if passes("<!") {
                return nil
            } else if passes("</") {
                guard let name = name(), let element = open.last, element.name == name else { return nil }
                skipSpace()
                guard passes(">") else { return nil }
                close(&open, &texts, &root)
            } else {
                index += 1
                guard root == nil, open.count < Self.maximumDepth, let name = name() else { return nil }
                var element = XMLElement(name: name)
                guard attributes(of: &element) else { return nil }
                count += 1 + element.attributes.count
                guard count <= maximumCount else { return nil }
                let isEmpty = passes("/")
                guard passes(">") else { return nil }
                open.append(element)
                texts.append([])
                if isEmpty { close(&open, &texts, &root) }
            }
        }
        return open.isEmpty ? root : nil
    }

    private func close(_ open: inout [XMLElement], _ texts: inout [[UInt8]], _ root: inout XMLElement?) {
        var element = open.removeLast()
        element.text = Self.trimmed(texts.removeLast())
        if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }

    private static func trimmed(_ text: [UInt8]) -> String {
        guard let first = text.firstIndex(where: { !isSpace($0) }),
            let last = text.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(decoding: text[first...last], as: UTF8.self)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }

    private func isSpace(_ byte: UInt8) -> Bool { Self.isSpace(byte) }

    @_lifetime(self: copy self)
    private mutating func skipSpace() {
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
    }

    @_lifetime(self: copy self)
    private mutating func passes(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count - index >= count else { return false }
        for offset in 0..<count where bytes[index + offset] != text.utf8Start[offset] { return false }
        index += count
        return true
    }

    @_lifetime(self: copy self)
    private mutating func skip(past text: StaticString) -> Bool {
        while let next = bytes.firstIndex(of: text.utf8Start[0], from: index) {
            index = next
            if passes(text) { return true }
            index += 1
        }
        return false
    }

    @_lifetime(self: copy self)
    private mutating func name() -> String? {
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if isSpace(byte) || byte == 0x2F || byte == 0x3E || byte == 0x3D || byte == 0x3C || byte == 0x22
                || byte == 0x27
            {
                break
            }
            index += 1
        }
        guard index > start else { return nil }
        return String(validating: Array(bytes.extracting(start..<index)), as: UTF8.self)
    }

    @_lifetime(self: copy self)
    private mutating func attributes(of element: inout XMLElement) -> Bool {
        while true {
            skipSpace()
            guard index < bytes.count else { return false }
            if bytes[index] == 0x3E || bytes[index] == 0x2F { return true }
            guard let name = name() else { return false }
            skipSpace()
            guard passes("=") else { return false }
            skipSpace()
            guard index < bytes.count, bytes[index] == 0x22 || bytes[index] == 0x27 else { return false }
            let quote = bytes[index]
            guard let end = bytes.firstIndex(of: quote, from: index + 1) else { return false }
            var value: [UInt8] = []
            guard append(index + 1..<end, to: &value) else { return false }
            index = end + 1
            element.attributes.append(
                .init(name: "@" + name, value: .string(String(decoding: value, as: UTF8.self)))
            )
        }
    }

    /// Appends text with its entities replaced; false where one is not known.
    private func append(_ range: Range<Int>, to text: inout [UInt8]) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == 0x26 else {
                text.append(bytes[index])
                index += 1
                continue
            }
            guard let end = bytes.firstIndex(of: 0x3B, from: index), end < range.upperBound,
                end - index <= 12,
                let scalar = Self.scalar(
                    String(decoding: Array(bytes.extracting(index + 1..<end)), as: UTF8.self)
                )
            else { return false }
            text.append(contentsOf: String(scalar).utf8)
            index = end + 1
        }
        return true
    }

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        switch name {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let isHexadecimal = name.hasPrefix("#x")
            return UInt32(name.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10)
                .flatMap(Unicode.Scalar.init)
        }
    }
}
