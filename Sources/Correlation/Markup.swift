import Bytes

/// The fields of forms in a page: `input` elements with a name and a value, `meta` elements with a name and a content.
enum Markup {
    /// Fields beyond these are not looked at.
    static let maximumFields = 1_000

    /// Calls `body` with the name and the value of each; O(n).
    static func forEachField(_ page: Span<UInt8>, _ body: (String, [UInt8]) -> Void) {
        var index = 0
        var fields = 0
        while let start = page.firstIndex(of: 0x3C, from: index), fields < maximumFields {
            index = start + 1
            let isInput = page.hasElement("input", at: index)
            guard isInput || page.hasElement("meta", at: index) else { continue }
            index += isInput ? 5 : 4
            var name: [UInt8]?
            var value: [UInt8]?
            while let (key, content) = attribute(page, &index) {
                if key.elementsEqual("name".utf8) { name = content }
                if key.elementsEqual(isInput ? "value".utf8 : "content".utf8) { value = content }
            }
            if let name, let value, !name.isEmpty, !value.isEmpty {
                fields += 1
                body(String(decoding: name, as: UTF8.self), value)
            }
        }
    }

    /// The next attribute of an element, its name in small letters; `nil` at the end of the element.
    private static func attribute(_ page: Span<UInt8>, _ index: inout Int) -> (name: [UInt8], value: [UInt8])?
    {
        while index < page.count, page[index] <= 0x20 || page[index] == 0x2F { index += 1 }
        guard index < page.count, page[index] != 0x3E else { return nil }
        var name: [UInt8] = []
        while index < page.count, page[index] > 0x20, page[index] != 0x3D, page[index] != 0x3E {
            name.append(page[index].asciiLowercased)
            index += 1
        }
        while index < page.count, page[index] <= 0x20 { index += 1 }
        guard index < page.count, page[index] == 0x3D else { return name.isEmpty ? nil : (name, []) }
        index += 1
        while index < page.count, page[index] <= 0x20 { index += 1 }
        guard index < page.count else { return nil }
        let quote = page[index]
        let start: Int
        let end: Int
        if quote == 0x22 || quote == 0x27 {
            start = index + 1
            end = page.firstIndex(of: quote, from: start) ?? page.count
            index = min(end + 1, page.count)
        } else {
            start = index
            while index < page.count, page[index] > 0x20, page[index] != 0x3E { index += 1 }
            end = index
        }
        guard end - start <= ValuePieces.maximumBytes else { return (name, []) }
        return (name, withoutEntities(page.extracting(start..<end)))
    }

    private static let entities: [(StaticString, UInt8)] = [
        ("&amp;", 0x26), ("&quot;", 0x22), ("&#39;", 0x27), ("&#x27;", 0x27), ("&lt;", 0x3C), ("&gt;", 0x3E),
        ("&#43;", 0x2B), ("&#x2b;", 0x2B), ("&#x2f;", 0x2F), ("&#47;", 0x2F), ("&#x3d;", 0x3D),
        ("&#61;", 0x3D),
    ]

    private static func withoutEntities(_ text: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var index = 0
        scan: while index < text.count {
            if text[index] == 0x26 {
                for (entity, byte) in entities
                where text.extracting(index..<text.count).startsIgnoringCase(with: entity) {
                    bytes.append(byte)
                    index += entity.utf8CodeUnitCount
                    continue scan
                }
            }
            bytes.append(text[index])
            index += 1
        }
        return bytes
    }
}

extension Span where Element == UInt8 {
    fileprivate func hasElement(_ name: StaticString, at index: Int) -> Bool {
        let end = index + name.utf8CodeUnitCount
        return end < count && extracting(index..<end).equalsIgnoringCase(name)
            && (self[end] <= 0x20 || self[end] == 0x2F)
    }
}
