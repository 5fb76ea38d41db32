import Bytes
import JSON

/// The way to one value of a JSON text (RFC 6901).
package struct JSONPointer: Hashable, Sendable, CustomStringConvertible {
    /// The value that a pointer leads to.
    struct Target {
        /// The bytes of a string without its quotes, those of a number or a literal as they are.
        var range: Range<Int>
        var isString: Bool
    }

    private let names: [[UInt8]]

    /// As it is written.
    package var description: String {
        names.map { name in
            var text: [UInt8] = [0x2F]
            for byte in name {
                switch byte {
                case 0x7E: text += [0x7E, 0x30]
                case 0x2F: text += [0x7E, 0x31]
                default: text.append(byte)
                }
            }
            return String(decoding: text, as: UTF8.self)
        }.joined()
    }

    /// Reads `/a/b/0`; `~1` stands for a slash in a name, `~0` for a tilde.
    init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        names = text.utf8.dropFirst().split(separator: 0x2F, omittingEmptySubsequences: false).map { part in
            var name: [UInt8] = []
            var index = part.startIndex
            while index < part.endIndex {
                let next = part.index(after: index)
                if part[index] == 0x7E, next < part.endIndex, part[next] == 0x30 || part[next] == 0x31 {
                    name.append(part[next] == 0x30 ? 0x7E : 0x2F)
                    index = part.index(after: next)
                } else {
                    name.append(part[index])
                    index = next
                }
            }
            return name
        }
    }

    /// The scalar that the pointer leads to; `nil` where there is none, or the text is no JSON up to there. O(text).
    func find(in text: Span<UInt8>) -> Target? {
        do {
            var scanner = JSONScanner(text)
            guard var token = try scanner.next() else { return nil }
            for name in names {
                guard let next = try Self.child(name, of: token, &scanner, text) else { return nil }
                token = next
            }
            switch token {
            case .string(let range): return Target(range: range.bounds, isString: true)
            case .number(let range): return Target(range: range.bounds, isString: false)
            case .bool(let value):
                return Target(range: scanner.offset - (value ? 4 : 5)..<scanner.offset, isString: false)
            case .null: return Target(range: scanner.offset - 4..<scanner.offset, isString: false)
            case .beginObject, .endObject, .beginArray, .endArray, .key: return nil
            }
        } catch {
            return nil
        }
    }

    /// The text of the scalar that the pointer leads to, escapes undone.
    func text(in body: Span<UInt8>) -> [UInt8]? {
        guard let target = find(in: body) else { return nil }
        let spelling = body.extracting(target.range)
        return target.isString ? JSONString.unescape(spelling) : Array(spelling)
    }

    /// The first token of a member or an element.
    private static func child(
        _ name: [UInt8],
        of token: JSONToken,
        _ scanner: inout JSONScanner,
        _ text: Span<UInt8>
    ) throws(JSONError) -> JSONToken? {
        switch token {
        case .beginObject:
            while case .key(let range)? = try scanner.next() {
                let isWanted = JSONString.unescape(text.extracting(range.bounds)) == name
                guard let value = try scanner.next() else { return nil }
                if isWanted { return value }
                try skip(value, &scanner)
            }
            return nil
        case .beginArray:
            guard let wanted = Int(String(decoding: name, as: UTF8.self)) else { return nil }
            var index = 0
            while let value = try scanner.next() {
                if case .endArray = value { return nil }
                if index == wanted { return value }
                try skip(value, &scanner)
                index += 1
            }
            return nil
        case .endObject, .endArray, .key, .string, .number, .bool, .null:
            return nil
        }
    }

    /// Goes on behind the value that starts with a token.
    private static func skip(_ token: JSONToken, _ scanner: inout JSONScanner) throws(JSONError) {
        switch token {
        case .beginObject, .beginArray:
            let outer = scanner.depth - 1
            while scanner.depth > outer { guard try scanner.next() != nil else { return } }
        case .endObject, .endArray, .key, .string, .number, .bool, .null:
            return
        }
    }
}
