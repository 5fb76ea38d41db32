import Bytes

/// A whole JSON text in memory, with the order of members and the spelling of numbers kept.
package indirect enum JSONValue: Hashable, Sendable {
    /// A member of an object; names may repeat.
    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// The value of the last member called `name`; `nil` for what is no object or has none.
    package subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name == name }?.value
    }

    /// How many values a text may hold unless the caller says otherwise.
    package static let defaultMaximumCount = 1_000_000

    /// Reads a text of at most `maximumCount` values; nesting is bounded by ``JSONScanner/maximumDepth``.
    package init(
        parsing bytes: Span<UInt8>,
        maximumCount: Int = Self.defaultMaximumCount
    ) throws(JSONError) {
        var scanner = JSONScanner(bytes)
        var open: [Partial] = []
        var count = 0
        var root: JSONValue?
        while let token = try scanner.next() {
            let value: JSONValue
            switch token {
            case .beginObject:
                open.append(Partial(isObject: true))
                continue
            case .beginArray:
                open.append(Partial(isObject: false))
                continue
            case .key(let range):
                open[open.count - 1].name = Self.text(bytes.extracting(range.bounds))
                continue
            case .endObject, .endArray:
                value = open.removeLast().whole
            case .string(let range):
                value = .string(Self.text(bytes.extracting(range.bounds)))
            case .number(let range):
                value = .number(
                    JSONNumber(
                        spelling: String(decoding: Array(bytes.extracting(range.bounds)), as: UTF8.self)
                    )
                )
            case .bool(let bool):
                value = .bool(bool)
            case .null:
                value = .null
            }
            count += 1
            guard count <= maximumCount else { throw JSONError(.tooManyValues, at: scanner.offset) }
            if open.isEmpty { root = value } else { open[open.count - 1].append(value) }
        }
        guard let root else { throw JSONError(.unexpectedEnd, at: scanner.offset) }
        self = root
    }

    private static func text(_ spelling: Span<UInt8>) -> String {
        String(decoding: JSONString.unescape(spelling), as: UTF8.self)
    }

    /// An array or object of which the end has not been read.
    private struct Partial {
        let isObject: Bool
        var name = ""
        var elements: [JSONValue] = []
        var members: [Member] = []

        init(isObject: Bool) {
            self.isObject = isObject
        }

        mutating func append(_ value: JSONValue) {
            if isObject { members.append(Member(name: name, value: value)) } else { elements.append(value) }
        }

        var whole: JSONValue { isObject ? .object(members) : .array(elements) }
    }
}

extension JSONWriter {
    /// Writes a value with its order and spellings kept.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let bool): self.bool(bool)
        case .number(let number): raw(number.spelling.utf8.span)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for member in members {
                key(member.name)
                self.value(member.value)
            }
            endObject()
        }
    }
}
