import JSON

/// What was seen of a field in pairs of answers to the same request, where they differed in it.
struct FieldEvidence: Sendable {
    /// How many different values are kept.
    static let keptValues = 256
    /// Longer texts are not kept: what holds them varies in ways that nothing is said of.
    static let keptTextCount = 4_096
    /// How many values a field has at most that takes one of a few.
    static let mostAlternatives = 16

    /// Pairs of answers in which it differed.
    var varied = 0
    /// The pair that was counted last.
    private var lastPair = -1
    var isOptional = false
    var isUnordered = false
    var elements: ClosedRange<Int>?
    var types: Set<JSONType> = []
    private var kept: [JSONValue: Int] = [:]
    private var hasMoreValues = false
    /// It varies in ways of which nothing can be said.
    var variesFreely = false
    private var scalars = 0
    private var numbers: ClosedRange<Double>?
    private var recorded = Growth()
    private var live = Growth()

    /// Whether the later of two values is never the lesser.
    private struct Growth {
        var holds = true
        /// Pairs of values.
        var pairs = 0
    }

    /// How many pairs have to grow before it is not taken for chance: values of four answers give five pairs, and grow
    /// by chance once in 24 times.
    private static let convincingPairs = 12

    /// Notes that the field differs in pair `pair`; counted once a pair.
    mutating func differs(in pair: Int) {
        guard pair != lastPair else { return }
        lastPair = pair
        varied += 1
    }

    mutating func noteElements(_ left: Int, _ right: Int) {
        let (least, most) = (min(left, right), max(left, right))
        elements = min(elements?.lowerBound ?? least, least)...max(elements?.upperBound ?? most, most)
    }

    /// Notes two values, that of the earlier answer first; `isRecorded`: it is the recording's.
    mutating func note(_ earlier: JSONValue, _ later: JSONValue, isRecorded: Bool) {
        types.insert(JSONType(of: earlier))
        types.insert(JSONType(of: later))
        note(earlier)
        note(later)
        var growth = isRecorded ? recorded : live
        growth.pairs += 1
        if let before = ValueVariation.count(earlier), let after = ValueVariation.count(later) {
            if after < before { growth.holds = false }
        } else {
            growth.holds = false
        }
        if isRecorded { recorded = growth } else { live = growth }
    }

    /// A counter may have begun anew since the recording, so that only the runs say whether it grows, where there are several.
    private var growth: Growth { live.pairs > 0 ? live : recorded }

    private mutating func note(_ value: JSONValue) {
        switch value {
        case .array, .object: return
        case .number(let number):
            let double = number.doubleValue
            guard double.isFinite else {
                variesFreely = true
                return
            }
            numbers = min(numbers?.lowerBound ?? double, double)...max(numbers?.upperBound ?? double, double)
        case .string(let text) where text.utf8.count > Self.keptTextCount:
            variesFreely = true
            return
        case .string, .bool, .null: break
        }
        scalars += 1
        if kept[value] == nil, kept.count == Self.keptValues {
            hasMoreValues = true
        } else {
            kept[value, default: 0] += 1
        }
    }

    /// How the values vary; `nil` where no two of them differed.
    var values: ValueVariation? {
        guard scalars > 0 || variesFreely else { return types.count > 1 ? .any : nil }
        if variesFreely || !types.isDisjoint(with: [.list, .object]) { return .any }
        let texts = kept.keys.compactMap { if case .string(let text) = $0 { text } else { nil } }.sorted()
        if types.subtracting([.null]) == [.string] {
            for shape in ValueShape.allCases where texts.allSatisfy(shape.matches) { return .shape(shape) }
        }
        if growth.holds { return growth.pairs >= Self.convincingPairs ? .monotonic : .any }
        if let alternatives { return .set(alternatives) }
        if types.subtracting([.null]) == [.number], let numbers { return .number(Self.widened(numbers)) }
        guard types.subtracting([.null]) == [.string] else { return .any }
        return TextPattern(covering: texts).map { .pattern($0) } ?? .any
    }

    /// The values that were seen, for what is no quantity: between two statuses there is none.
    var seen: ValueVariation? {
        guard scalars > 0 else { return nil }
        return hasMoreValues ? .any : .set(kept.keys.sorted(by: Self.precedes))
    }

    /// The values, where so many were seen of so few that no other is to be expected: each was seen several times, and
    /// their number stopped growing long ago (Good and Turing: the share of what was never seen is about that of what
    /// was seen once).
    private var alternatives: [JSONValue]? {
        guard !hasMoreValues, kept.count <= Self.mostAlternatives else { return nil }
        // Truth values are all known, and two types with one value each are a choice.
        if types.isSubset(of: [.bool, .null]) { return kept.keys.sorted(by: Self.precedes) }
        guard kept.count > 1, kept.values.allSatisfy({ $0 > 1 }), scalars >= 5 * kept.count else {
            return nil
        }
        return kept.keys.sorted(by: Self.precedes)
    }

    /// Room for values beyond those that were seen: as much again on either side, and nothing below zero where nothing
    /// was.
    private static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
        let room = max(range.upperBound - range.lowerBound, range.upperBound.magnitude) * 2
        let least = range.lowerBound - room
        return (range.lowerBound >= 0 ? max(0, least) : least)...(range.upperBound + room)
    }

    private static func precedes(_ left: JSONValue, _ right: JSONValue) -> Bool {
        func key(_ value: JSONValue) -> (Int, Double, String) {
            switch value {
            case .null: (0, 0, "")
            case .bool(let bool): (1, bool ? 1 : 0, "")
            case .number(let number): (2, number.doubleValue, number.spelling)
            case .string(let text): (3, 0, text)
            case .array, .object: (4, 0, "")
            }
        }
        return key(left) < key(right)
    }
}
