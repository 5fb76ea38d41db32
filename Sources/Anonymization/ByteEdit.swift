import Bytes
import JSON

/// A copy of a text under way in which some runs are replaced; nothing is copied before the first change.
struct ByteEdit {
    /// The text up to the last replaced run, as far as something has changed, or to where a run begins that is being
    /// replaced.
    var output: [UInt8]
    private var copied = 0
    private(set) var isChanged = false

    /// Takes a buffer to write to, whose contents are dropped; one that nobody else holds is not allocated anew.
    init(reusing buffer: consuming [UInt8] = []) {
        output = buffer
        if !output.isEmpty { output.removeAll(keepingCapacity: true) }
    }

    /// Replaces `range` of `source` by what `write` appends; ranges come in order and do not overlap.
    mutating func replace(_ range: Range<Int>, of source: Span<UInt8>, with replacement: Span<UInt8>) {
        pass(to: range, of: source)
        output.append(contentsOf: replacement)
    }

    /// Replaces the inside of a JSON string by `text`, spelled with the escapes it needs.
    mutating func replace(_ range: Range<Int>, of source: Span<UInt8>, withJSONText text: Span<UInt8>) {
        pass(to: range, of: source)
        JSONString.escape(text, into: &output)
    }

    /// Copies what stands before `offset`, so that what takes the place of the run from there on may be written to ``output``;
    /// answers how much stands there now. Where nothing is, nothing has changed.
    mutating func begin(at offset: Int, of source: Span<UInt8>) -> Int {
        if output.isEmpty { output.reserveCapacity(source.count &+ 16) }
        output.append(contentsOf: source.extracting(copied..<offset))
        copied = offset
        return output.count
    }

    /// Gives up what ``begin(at:of:)`` has copied of a text in which nothing has changed.
    mutating func revert() {
        if !output.isEmpty { output.removeAll(keepingCapacity: true) }
        copied = 0
    }

    /// Notes that what has been written to ``output`` since ``begin(at:of:)`` takes the place of the inside of a JSON string,
    /// and spells it with the escapes it needs; `end` is where the string ends, `start` what `begin` answered.
    mutating func concludeJSONText(at end: Int, from start: Int) {
        isChanged = true
        copied = end
        guard !output.span.extracting(start..<output.count).isPlainJSONText else { return }
        let text = Array(output[start...])
        output.removeSubrange(start...)
        JSONString.escape(text.span, into: &output)
    }

    /// Takes out one entry of a list with the separator before it, or behind it where nothing is left before it.
    mutating func remove(
        _ range: Range<Int>,
        of source: Span<UInt8>,
        separator: UInt8,
        withBlanks: Bool = false
    ) {
        var lower = range.lowerBound
        while withBlanks, lower > copied, source[lower &- 1].isListBlank { lower &-= 1 }
        if lower > copied, source[lower &- 1] == separator {
            return replace(lower &- 1..<range.upperBound, of: source, with: Span())
        }
        var upper = range.upperBound
        while withBlanks, upper < source.count, source[upper].isListBlank { upper &+= 1 }
        guard upper < source.count, source[upper] == separator else {
            return replace(range, of: source, with: Span())
        }
        upper &+= 1
        while withBlanks, upper < source.count, source[upper].isListBlank { upper &+= 1 }
        replace(range.lowerBound..<upper, of: source, with: Span())
    }

    /// Copies what stands before `range` and passes over `range`.
    private mutating func pass(to range: Range<Int>, of source: Span<UInt8>) {
        if !isChanged {
            isChanged = true
            output.reserveCapacity(source.count &+ 16)
        }
        output.append(contentsOf: source.extracting(copied..<range.lowerBound))
        copied = range.upperBound
    }

    /// Copies what is left and answers the whole text; only for one that has changed.
    mutating func finish(_ source: Span<UInt8>) {
        output.append(contentsOf: source.extracting(copied..<source.count))
        copied = source.count
    }

    consuming func taken() -> [UInt8] { output }
}

extension UInt8 {
    /// White space of JSON.
    fileprivate var isListBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
