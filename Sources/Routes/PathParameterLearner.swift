import Bytes
import Messages

/// Finds out, from the requests to a service and how they were answered, which segments of paths name one thing of many.
///
/// A place in paths is one of a parameter where many segments were seen in it, each of them rarely, and the requests behind
/// them are answered alike. Segments that differ by their digits alone (`j1`, `j2`) need less of that than names do.
/// Segments that were seen often stay routes of their own: of those there is enough to tell them apart by.
struct PathParameterLearner: Sendable {
    /// Distinct requests that are looked at, and how long their paths may be.
    static let mostLines = 20_000
    static let longestPath = 512
    private static let mostSegments = 24

    /// The requests of one method and path.
    struct Line {
        var method: String
        var segments: [String]
        var requests = 0
        var answers: AnswerStructure?
        var answersSeen = 0
    }

    /// Answers of which the structure is taken, of one method and path.
    static let answersOfLine = 20

    private(set) var lines: [Line] = []
    private var numbers: [[UInt8]: Int] = [:]
    private var key: [UInt8] = []

    /// Notes a request and answers the number of its line; `nil` where it is not looked at.
    mutating func note(method: Span<UInt8>, target: Span<UInt8>) -> Int? {
        let path = target.extracting(target.pathOfTarget)
        guard path.count > 1, path.count <= Self.longestPath, path[0] == 0x2F else { return nil }
        key.removeAll(keepingCapacity: true)
        key.append(contentsOf: method)
        key.append(0x20)
        key.append(contentsOf: path)
        if let number = numbers[key] {
            lines[number].requests += 1
            return number
        }
        let segments = String(decoding: Array(path), as: UTF8.self).dropFirst()
            .split(separator: "/", omittingEmptySubsequences: false)
        guard lines.count < Self.mostLines, segments.count <= Self.mostSegments else { return nil }
        numbers[key] = lines.count
        lines.append(
            Line(
                method: String(decoding: Array(method), as: UTF8.self),
                segments: segments.map {
                    RouteTemplate.isIdentifier($0.utf8.span) ? Self.parameter : String($0)
                },
                requests: 1
            )
        )
        return lines.count - 1
    }

    /// Whether the answer to a request of this line is wanted.
    func wantsAnswer(to line: Int) -> Bool { lines[line].answersSeen < Self.answersOfLine }

    /// Notes how a request of this line was answered.
    mutating func note(_ answer: AnswerStructure, to line: Int) {
        lines[line].answersSeen += 1
        if lines[line].answers?.formUnion(answer) == nil { lines[line].answers = answer }
    }

    static let parameter = "{id}"

    /// The places that are known from what was noted; O(lines × segments).
    func parameters() -> PathParameters {
        var lines = lines
        var places: [PathParameters.Place] = []
        for depth in 0..<(lines.map(\.segments.count).max() ?? 0) {
            let behind = lines.indices.filter { lines[$0].segments.count > depth }
            // Those whose place is one and the same once what is known of the segments before it stands in them.
            let groups = Dictionary(grouping: behind) { lines[$0].segments[..<depth] }
            for (before, members) in groups {
                var siblings = Siblings(lines, members, at: depth)
                guard let place = siblings.place(prefix: "/" + before.map { $0 + "/" }.joined()) else {
                    continue
                }
                for index in members where siblings.parameters.contains(lines[index].segments[depth]) {
                    lines[index].segments[depth] = Self.parameter
                }
                places.append(place)
            }
        }
        return PathParameters(places.sorted { $0.prefix < $1.prefix })
    }
}
