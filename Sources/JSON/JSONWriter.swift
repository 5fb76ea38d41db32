import Bytes

/// Writes compact JSON; the commas are its business.
///
/// What it writes is valid whatever strings it is given: bytes that are not UTF-8 become U+FFFD, numbers that JSON
/// cannot spell become `null`. Closing what is not open, or a value where a key belongs, traps.
package struct JSONWriter: Sendable {
    private enum Level {
        case array
        case object
    }

    /// What has been written so far.
    package private(set) var bytes: [UInt8] = []
    private var levels: [Level] = []
    private var needsComma = false
    private var hasKey = false

    package init() {}

    package mutating func beginObject() { open(.object, 0x7B) }
    package mutating func endObject() { close(.object, 0x7D) }
    package mutating func beginArray() { open(.array, 0x5B) }
    package mutating func endArray() { close(.array, 0x5D) }

    /// Begins the member `name` of the open object; its value comes next.
    package mutating func key(_ name: String) {
        precondition(levels.last == .object && !hasKey, "a key stands at the start of a member of an object")
        separate()
        quote(name.utf8.span)
        bytes.append(0x3A)
        needsComma = false
        hasKey = true
    }

    package mutating func string(_ text: String) {
        string(text.utf8.span)
    }

    /// Writes UTF-8 as a string.
    package mutating func string(_ text: Span<UInt8>) {
        beginValue()
        quote(text)
    }

    package mutating func integer(_ value: some BinaryInteger) {
        raw(value.description.utf8.span)
    }

    /// Writes the shortest spelling that reads back as `value`; infinities and NaN become `null`.
    package mutating func double(_ value: Double) {
        if value.isFinite { raw(value.description.utf8.span) } else { null() }
    }

    package mutating func bool(_ value: Bool) {
        raw((value ? "true" : "false").utf8.span)
    }

    package mutating func null() {
        raw("null".utf8.span)
    }

    /// Writes a value that is JSON already.
    package mutating func raw(_ json: Span<UInt8>) {
        beginValue()
        bytes.append(contentsOf: json)
    }

    /// Ends a whole value with a line feed, for one value a line.
    package mutating func endLine() {
        precondition(levels.isEmpty, "a line ends when every array and object is closed")
        bytes.append(0x0A)
        needsComma = false
    }

    /// Forgets what has been written and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        levels.removeAll(keepingCapacity: true)
        needsComma = false
        hasKey = false
    }

    private mutating func open(_ level: Level, _ byte: UInt8) {
        beginValue()
        levels.append(level)
        bytes.append(byte)
        needsComma = false
    }

    private mutating func close(_ level: Level, _ byte: UInt8) {
        precondition(
            levels.last == level && !hasKey,
            "what is closed is what was opened last, and its members have values"
        )
        levels.removeLast()
        bytes.append(byte)
        needsComma = true
    }

    private mutating func beginValue() {
        precondition(levels.last != .object || hasKey, "a member of an object has a key")
        precondition(!(levels.isEmpty && needsComma), "a text holds one value; end the line before the next")
        separate()
        hasKey = false
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(0x2C) }
    }

    private mutating func quote(_ text: Span<UInt8>) {
        bytes.append(0x22)
        JSONString.escape(text, into: &bytes)
        bytes.append(0x22)
    }
}
