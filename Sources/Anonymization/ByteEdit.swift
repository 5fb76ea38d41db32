import Bytes
import JSON

/// A copy of a text under way in which some runs are replaced; nothing is copied before the first change.
struct ByteEdit {
    /// The text up to the last replaced run, as far as something has changed.
    private(set) var output: [UInt8]
    private var copied = 0
    private(set) var isChanged = false

    /// Takes a buffer to write to, whose contents are dropped.
    init(reusing buffer: consuming [UInt8] = []) {
        output = buffer
        output.removeAll(keepingCapacity: true)
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
