import Bytes
import JSON

/// Compares two JSON texts token by token, as long as they are built alike: the same members in the same order, lists of
/// the same length.
///
/// Most answers differ from the recorded ones in a few scalars at most, and for those no tree needs to be built. Where
/// anything else differs, nothing is said and the texts are to be compared as ``JSONComparison`` does it; so they are where
/// scalars differ inside a list of several elements, which may have changed places. What is found here is what would be
/// found there.
///
/// One serves for many pairs of texts. What does not count wherever it differs is known by its place after the first time.
struct JSONLockstep: Sendable {
    private struct Level {
        var isObject: Bool
        /// Elements that have begun.
        var elements = 0
        /// The name of the member that is being read, as spelled.
        var name = ByteRange(offset: 0, count: 0)
        /// Scalars that differed before this level began.
        var differing = 0
    }

    private struct Mismatch {
        var place: JSONPlace
        var kind: Difference.Kind
        var expected: JSONValue
        var observed: JSONValue
    }

    private struct KnownPlace {
        var passing: Int
        var spelling: [UInt8]
        var passes: Bool
    }

    /// Places kept, the last one of each hash; a power of two.
    private static let knownPlaces = 1_024
    /// A deeper or longer place is not kept.
    private static let longestPlace = 512

    private var levels: [Level] = []
    private var mismatches: [Mismatch] = []
    /// Scalars that differ, those that do not count too.
    private var differing = 0
    private var passed = 0
    private var known = [KnownPlace?](repeating: nil, count: knownPlaces)
    private var spelling: [UInt8] = []
    private let maximumCount: Int

    /// Texts of more values are not compared.
    init(maximumCount: Int) {
        self.maximumCount = maximumCount
    }

    /// Tells the sink of every difference and answers true, or answers false and tells nothing.
    mutating func compare(
        _ expected: Span<UInt8>,
        _ observed: Span<UInt8>,
        into sink: inout some DifferenceSink
    ) -> Bool {
        levels.removeAll(keepingCapacity: true)
        mismatches.removeAll(keepingCapacity: true)
        differing = 0
        passed = 0
        guard (try? walk(expected, observed, sink)) == true else { return false }
        if passed > 0 { sink.pass(passed) }
        for mismatch in mismatches {
            let name = mismatch.place.lastName
            sink.differ(
                .json(mismatch.place),
                mismatch.kind,
                .json(mismatch.expected, name: name),
                .json(mismatch.observed, name: name)
            )
        }
        return true
    }

    private mutating func walk(
        _ expected: Span<UInt8>,
        _ observed: Span<UInt8>,
        _ sink: some DifferenceSink
    ) throws(JSONError) -> Bool {
        var left = JSONScanner(expected)
        var right = JSONScanner(observed)
        var count = 0
        while true {
            let one = try left.next()
            let hasEscapes = left.hasEscapes
            let other = try right.next()
            guard let one, let other else { return one == nil && other == nil }
            switch (one, other) {
            case (.beginObject, .beginObject):
                begin(isObject: true)
                count += 1
            case (.beginArray, .beginArray):
                begin(isObject: false)
                count += 1
            case (.key(let name), .key(let otherName)):
                guard expected.extracting(name.bounds).equals(observed.extracting(otherName.bounds)) else {
                    // The same name may be spelled in two ways; those are rare enough for the other way.
                    return false
                }
                levels[levels.count - 1].name = name
            case (.endObject, .endObject), (.endArray, .endArray):
                let level = levels.removeLast()
                if !level.isObject, level.elements > 1, differing > level.differing { return false }
            case (.string(let text), .string(let otherText)):
                countElement()
                count += 1
                let (text, otherText) = (
                    expected.extracting(text.bounds), observed.extracting(otherText.bounds)
                )
                guard !text.equals(otherText) else { continue }
                if hasEscapes || right.hasEscapes, JSONString.unescape(text) == JSONString.unescape(otherText)
                {
                    continue
                }
                if passes(sink, in: expected) { continue }
                note(.value, .string(Self.text(text)), .string(Self.text(otherText)), in: expected)
            case (.number(let number), .number(let otherNumber)):
                countElement()
                count += 1
                let (number, otherNumber) = (
                    expected.extracting(number.bounds), observed.extracting(otherNumber.bounds)
                )
                guard !number.equals(otherNumber) else { continue }
                let (value, otherValue) = (Self.number(number), Self.number(otherNumber))
                if value.isNumericallyEqual(to: otherValue) { continue }
                if passes(sink, in: expected) { continue }
                note(.value, .number(value), .number(otherValue), in: expected)
            case (.bool(let value), .bool(let otherValue)):
                countElement()
                count += 1
                if value == otherValue || passes(sink, in: expected) { continue }
                note(.value, .bool(value), .bool(otherValue), in: expected)
            case (.null, .null):
                countElement()
                count += 1
            default:
                guard let value = Self.scalar(one, in: expected),
                    let otherValue = Self.scalar(other, in: observed)
                else { return false }
                countElement()
                count += 1
                if passes(sink, in: expected) { continue }
                note(.type, value, otherValue, in: expected)
            }
            if count > maximumCount { return false }
        }
    }

    private mutating func begin(isObject: Bool) {
        countElement()
        levels.append(Level(isObject: isObject, differing: differing))
    }

    private mutating func countElement() {
        guard !levels.isEmpty else { return }
        levels[levels.count - 1].elements += 1
    }

    /// Notes that scalars differ; whether that does not count, whatever they are.
    private mutating func passes(_ sink: some DifferenceSink, in text: Span<UInt8>) -> Bool {
        differing += 1
        guard let passing = sink.passing else { return false }
        guard spell(in: text) else { return sink.passesAll(at: place(in: text)) && countPassed() }
        let slot = Int((spelling.span.mixedHash ^ UInt64(passing)) & UInt64(Self.knownPlaces - 1))
        if let known = known[slot], known.passing == passing, known.spelling.span.equals(spelling.span) {
            return known.passes && countPassed()
        }
        let passes = sink.passesAll(at: place(in: text))
        known[slot] = KnownPlace(passing: passing, spelling: spelling, passes: passes)
        return passes && countPassed()
    }

    private mutating func countPassed() -> Bool {
        passed += 1
        return true
    }

    /// Spells the place that has been reached, in a way in which no other is spelled; false where that gets too long.
    private mutating func spell(in text: Span<UInt8>) -> Bool {
        spelling.removeAll(keepingCapacity: true)
        for level in levels {
            if level.isObject {
                // No name holds an unescaped quote.
                spelling.append(0x22)
                spelling.append(contentsOf: text.extracting(level.name.bounds))
                spelling.append(0x22)
            } else {
                spelling.append(0x5B)
                spelling.appendLittleEndian(UInt64(level.elements))
            }
            if spelling.count > Self.longestPlace { return false }
        }
        return true
    }

    private func place(in text: Span<UInt8>) -> JSONPlace {
        var place = JSONPlace()
        place.steps.reserveCapacity(levels.count)
        for level in levels {
            place.steps.append(
                level.isObject
                    ? .member(Self.text(text.extracting(level.name.bounds))) : .element(level.elements - 1)
            )
        }
        return place
    }

    private mutating func note(
        _ kind: Difference.Kind,
        _ expected: JSONValue,
        _ observed: JSONValue,
        in text: Span<UInt8>
    ) {
        mismatches.append(
            Mismatch(place: place(in: text), kind: kind, expected: expected, observed: observed)
        )
    }

    private static func scalar(_ token: JSONToken, in bytes: Span<UInt8>) -> JSONValue? {
        switch token {
        case .string(let range): .string(text(bytes.extracting(range.bounds)))
        case .number(let range): .number(number(bytes.extracting(range.bounds)))
        case .bool(let value): .bool(value)
        case .null: .null
        case .beginObject, .beginArray, .endObject, .endArray, .key: nil
        }
    }

    private static func text(_ spelling: Span<UInt8>) -> String {
        String(decoding: JSONString.unescape(spelling), as: UTF8.self)
    }

    private static func number(_ spelling: Span<UInt8>) -> JSONNumber {
        JSONNumber(spelling: String(decoding: Array(spelling), as: UTF8.self))
    }
}
