import Bytes
import JSON

/// A string or number of a JSON text that stands where one could be told apart from others.
struct JSONLeaf {
    /// In the text, quotes excluded.
    var range: ByteRange
    var isString: Bool
    var hasEscapes: Bool
    /// The same for all leaves whose paths differ in indices of arrays alone.
    var pathKey: UInt64

    /// What it stands for, in UTF-8.
    func value(in text: Span<UInt8>) -> [UInt8] {
        let spelling = text.extracting(range.bounds)
        return hasEscapes ? JSONString.unescape(spelling) : Array(spelling)
    }
}

/// Walks through the strings and numbers of a JSON text, in order.
struct JSONLeaves {
    /// An open object or array, and where in it the walk is.
    private struct Level {
        var isArray: Bool
        /// Of the container.
        var key: UInt64
        /// Of the member or element under way.
        var current: UInt64
        var name = ByteRange(offset: 0, count: 0)
        var index = -1
    }

    /// Leaves beyond these are not looked at.
    static let maximumCount = 50_000

    private var levels: [Level] = []

    /// Calls `body` for each leaf, with the walk to ask for its path, until it answers `false`; answers whether the text
    /// is JSON as far as it was read.
    @discardableResult
    static func forEach(
        _ text: Span<UInt8>,
        seed: UInt64 = 0,
        _ body: (JSONLeaf, JSONLeaves) -> Bool
    ) -> Bool {
        var scanner = JSONScanner(text)
        var leaves = JSONLeaves()
        var current = seed
        var count = 0
        do throws(JSONError) {
            while let token = try scanner.next() {
                switch token {
                case .beginObject:
                    leaves.beginValue(&current, seed)
                    leaves.levels.append(Level(isArray: false, key: current, current: current))
                case .beginArray:
                    leaves.beginValue(&current, seed)
                    leaves.levels.append(Level(isArray: true, key: current, current: current))
                case .endObject, .endArray: leaves.levels.removeLast()
                case .key(let range):
                    let top = leaves.levels.count - 1
                    leaves.levels[top].name = range
                    leaves.levels[top].current = Self.mix(
                        leaves.levels[top].key,
                        range.isEmpty ? 7 : text.extracting(range.bounds).number()
                    )
                case .string(let range), .number(let range):
                    leaves.beginValue(&current, seed)
                    count += 1
                    let isString = if case .string = token { true } else { false }
                    let leaf = JSONLeaf(
                        range: range,
                        isString: isString,
                        hasEscapes: isString && scanner.hasEscapes,
                        pathKey: current
                    )
                    guard count <= maximumCount, body(leaf, leaves) else { return true }
                case .bool, .null: leaves.beginValue(&current, seed)
                }
            }
            return true
        } catch {
            return false
        }
    }

    private mutating func beginValue(_ current: inout UInt64, _ seed: UInt64) {
        guard let top = levels.indices.last else {
            current = seed
            return
        }
        if levels[top].isArray {
            levels[top].index += 1
            levels[top].current = Self.mix(levels[top].key, 0x5B)
        }
        current = levels[top].current
    }

    static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = (left ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: right ^ 0xD6E8_FEB8_6659_FD93)
        return (product.high ^ product.low) &+ left &* 31
    }

    /// The path of the leaf under way, `[*]` for every index.
    func path(in text: Span<UInt8>) -> String {
        var path = "$"
        for level in levels {
            if level.isArray {
                path += "[*]"
                continue
            }
            let name = Self.name(level, text)
            path += JSONPath.isPlainName(name) ? ".\(name)" : "['\(JSONPath.quoted(name))']"
        }
        return path
    }

    private static func name(_ level: Level, _ text: Span<UInt8>) -> String {
        String(decoding: JSONString.unescape(text.extracting(level.name.bounds)), as: UTF8.self)
    }

    /// Whether the leaf under way is one that `steps` mean.
    func isMeant(by steps: [JSONPath.Step], in text: Span<UInt8>) -> Bool {
        matches(steps[...], 0, text)
    }

    private func matches(_ steps: ArraySlice<JSONPath.Step>, _ level: Int, _ text: Span<UInt8>) -> Bool {
        guard let step = steps.first else { return level == levels.count }
        guard level < levels.count else { return false }
        if isMeant(by: step.selector, level, text), matches(steps.dropFirst(), level + 1, text) {
            return true
        }
        return step.atAnyDepth && matches(steps, level + 1, text)
    }

    private func isMeant(by selector: JSONPath.Selector, _ level: Int, _ text: Span<UInt8>) -> Bool {
        switch selector {
        case .any: return true
        case .element(let index): return levels[level].isArray && levels[level].index == index
        case .member(let name):
            guard !levels[level].isArray else { return false }
            let range = levels[level].name
            let spelling = text.extracting(range.bounds)
            if spelling.firstIndex(of: 0x5C) != nil { return Self.name(levels[level], text) == name }
            guard spelling.count == name.utf8.count else { return false }
            var index = 0
            for byte in name.utf8 {
                guard spelling[index] == byte else { return false }
                index += 1
            }
            return true
        }
    }
}
