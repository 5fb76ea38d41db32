import JSON

/// Says which elements of two lists belong together.
///
/// Elements are recognised by a hash of what in them does not vary. Lists with the same elements in the same order are
/// joined by index; with the same elements in another order by what they are. Objects of which a member names each, whatever
/// else in them varies, are recognised by that name. Others are joined by the longest common subsequence, and what stands
/// between its members by turn.
struct ElementAlignment {
    /// Both indices, or one where the other list has no such element.
    struct Pair {
        var expected: Int?
        var observed: Int?
    }

    /// Longer lists of which the elements differ are joined by index.
    static let mostElements = 10_000
    /// The most steps that a longest common subsequence may take.
    static let mostSteps = 1_000_000

    private(set) var pairs: [Pair] = []
    /// The lists have the same elements, in different orders.
    private(set) var isReordered = false

    init(
        _ expected: [JSONValue],
        _ observed: [JSONValue],
        at place: JSONPlace,
        _ sink: some DifferenceSink
    ) {
        guard max(expected.count, observed.count) <= Self.mostElements else {
            appendByTurn(0..<expected.count, 0..<observed.count)
            return
        }
        var left: [Int] = []
        var right: [Int] = []
        for recognition in 0..<sink.recognitions {
            var hash = ElementHash(place: place, recognition: recognition)
            let keys = (expected.map { hash.key(of: $0, sink) }, observed.map { hash.key(of: $0, sink) })
            if keys.0 == keys.1 {
                appendByTurn(0..<expected.count, 0..<observed.count)
                return
            }
            if keys.0.count == keys.1.count, keys.0.sorted() == keys.1.sorted() {
                isReordered = true
                appendByKey(keys.0, keys.1)
                return
            }
            if recognition == 0 { (left, right) = keys }
        }
        if let names = ElementNames.common(to: expected, observed, at: place, sink) {
            (left, right) = names
            if left == right {
                appendByTurn(0..<expected.count, 0..<observed.count)
                return
            }
            if left.count == right.count, Set(left) == Set(right) {
                isReordered = true
                appendByKey(left, right)
                return
            }
        }
        if sink.isUnordered(at: place) { appendByKey(left, right) } else { appendInOrder(left, right) }
    }

    /// Leaves out what the second list has behind the end of the first.
    mutating func removeMore() {
        while let last = pairs.last, last.expected == nil { pairs.removeLast() }
    }

    private mutating func appendByTurn(_ expected: Range<Int>, _ observed: Range<Int>) {
        for step in 0..<max(expected.count, observed.count) {
            let left = expected.lowerBound + step
            let right = observed.lowerBound + step
            pairs.append(
                Pair(
                    expected: left < expected.upperBound ? left : nil,
                    observed: right < observed.upperBound ? right : nil
                )
            )
        }
    }

    /// Joins elements with the same key by their turn, and the rest by turn, too.
    private mutating func appendByKey(_ expected: [Int], _ observed: [Int]) {
        var indices: [Int: [Int]] = [:]
        for index in observed.indices.reversed() { indices[observed[index], default: []].append(index) }
        var alone: [Int] = []
        var joined = [Bool](repeating: false, count: observed.count)
        for index in expected.indices {
            if let other = indices[expected[index]]?.popLast() {
                joined[other] = true
                pairs.append(Pair(expected: index, observed: other))
            } else {
                alone.append(index)
            }
        }
        let others = observed.indices.filter { !joined[$0] }
        for step in 0..<max(alone.count, others.count) {
            pairs.append(
                Pair(
                    expected: step < alone.count ? alone[step] : nil,
                    observed: step < others.count ? others[step] : nil
                )
            )
        }
    }

    /// Joins the longest common subsequence.
    private mutating func appendInOrder(_ expected: [Int], _ observed: [Int]) {
        var start = 0
        while start < min(expected.count, observed.count), expected[start] == observed[start] { start += 1 }
        var ends = (expected.count, observed.count)
        while ends.0 > start, ends.1 > start, expected[ends.0 - 1] == observed[ends.1 - 1] {
            ends = (ends.0 - 1, ends.1 - 1)
        }
        appendByTurn(0..<start, 0..<start)
        appendMiddle(expected, start..<ends.0, observed, start..<ends.1)
        appendByTurn(ends.0..<expected.count, ends.1..<observed.count)
    }

    private mutating func appendMiddle(
        _ expected: [Int],
        _ left: Range<Int>,
        _ observed: [Int],
        _ right: Range<Int>
    ) {
        guard !left.isEmpty, !right.isEmpty, left.count * right.count <= Self.mostSteps else {
            appendByTurn(left, right)
            return
        }
        // lengths[i][j]: of the longest common subsequence from i and j on.
        let width = right.count + 1
        var lengths = [Int32](repeating: 0, count: (left.count + 1) * width)
        for i in stride(from: left.count - 1, through: 0, by: -1) {
            for j in stride(from: right.count - 1, through: 0, by: -1) {
                lengths[i * width + j] =
                    expected[left.lowerBound + i] == observed[right.lowerBound + j]
                    ? lengths[(i + 1) * width + j + 1] + 1
                    : max(lengths[(i + 1) * width + j], lengths[i * width + j + 1])
            }
        }
        var (i, j) = (0, 0)
        var gap = (0, 0)
        while i < left.count, j < right.count {
            if expected[left.lowerBound + i] == observed[right.lowerBound + j] {
                appendByTurn(
                    left.lowerBound + gap.0..<left.lowerBound + i,
                    right.lowerBound + gap.1..<right.lowerBound + j
                )
                pairs.append(Pair(expected: left.lowerBound + i, observed: right.lowerBound + j))
                (i, j) = (i + 1, j + 1)
                gap = (i, j)
            } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
                i += 1
            } else {
                j += 1
            }
        }
        appendByTurn(left.lowerBound + gap.0..<left.upperBound, right.lowerBound + gap.1..<right.upperBound)
    }
}

/// Hashes elements without what varies in them.
private struct ElementHash {
    private var place: JSONPlace
    private let recognition: Int

    init(place: JSONPlace, recognition: Int) {
        self.place = place
        self.recognition = recognition
    }

    mutating func key(of value: JSONValue, _ sink: some DifferenceSink) -> Int {
        place.steps.append(.element(0))
        defer { place.steps.removeLast() }
        return hash(value, sink)
    }

    private mutating func hash(_ value: JSONValue, _ sink: some DifferenceSink) -> Int {
        var hasher = Hasher()
        hasher.combine(JSONType(of: value))
        switch value {
        case .null: break
        case .bool, .number, .string:
            if sink.isVolatile(value, at: place, recognition: recognition) { break }
            switch value {
            case .bool(let bool): hasher.combine(bool)
            case .number(let number): hasher.combine(number.doubleValue)
            case .string(let text): for byte in text.utf8 { hasher.combine(byte) }
            case .null, .array, .object: break
            }
        case .array(let elements):
            let keys = elements.map { key(of: $0, sink) }
            hasher.combine(sink.isUnordered(at: place) ? keys.sorted() : keys)
        case .object(let members):
            // Members count by name, whatever their order.
            var sum = 0
            for member in members {
                place.steps.append(.member(member.name))
                var pair = Hasher()
                pair.combine(member.name)
                pair.combine(hash(member.value, sink))
                sum &+= pair.finalize()
                place.steps.removeLast()
            }
            hasher.combine(sum)
        }
        return hasher.finalize()
    }
}
