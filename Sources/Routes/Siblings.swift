import Bytes
import Messages

/// The segments that were seen in one place of paths, behind the same prefix.
struct Siblings {
    /// What it takes to believe that segments are of one kind.
    private struct Evidence {
        /// How many, where their answers show that they are alike.
        var telling: Int
        /// How many, where nothing shows.
        var silent: Int
        /// In percent, how much of the members of two of them together both have to have.
        var common: Int

        static let numbered = Evidence(telling: 4, silent: 8, common: 0)
        /// Names are endpoints of their own more often.
        static let named = Evidence(telling: 6, silent: 16, common: 50)
    }

    /// Where half the segments were asked for as often as this, there is enough of each.
    private static let often = PathParameterLearner.answersOfLine
    /// Exceptions beyond these show that a place is none of names.
    private static let mostExceptions = 64

    private struct Sibling {
        var requests = 0
        /// By method and the rest of the path: what was answered, where that is known.
        var ends: [String: AnswerStructure?] = [:]
    }

    private var siblings: [String: Sibling] = [:]
    /// The segments that ``place(prefix:)`` found to be parameters.
    private(set) var parameters: Set<String> = []

    /// Those at `depth` of `members` of `lines`; segments that are known to be parameters are none.
    init(_ lines: [PathParameterLearner.Line], _ members: [Int], at depth: Int) {
        for index in members {
            let line = lines[index]
            let segment = line.segments[depth]
            guard segment != PathParameterLearner.parameter, !segment.isEmpty else { continue }
            let rest = line.segments[(depth + 1)...].map(Self.form).joined(separator: "/")
            let end = "\(line.method) \(line.segments.count == depth + 1 ? "" : "/")\(rest)"
            var sibling = siblings[segment] ?? Sibling()
            sibling.requests += line.requests
            if var known = sibling.ends[end] ?? nil {
                if let answers = line.answers { known.formUnion(answers) }
                sibling.ends[end] = .some(known)
            } else {
                sibling.ends[end] = .some(line.answers)
            }
            siblings[segment] = sibling
        }
    }

    /// What the place is, if it is one of a parameter.
    mutating func place(prefix: String) -> PathParameters.Place? {
        var forms: [String] = []
        var versions: Set<String> = []
        for (form, segments) in Dictionary(grouping: siblings.keys, by: Self.form) where form.contains("#") {
            if form.lowercased() == "v#" {
                versions.formUnion(segments)
            } else if alike(segments, by: .numbered).count == segments.count {
                forms.append(form)
                parameters.formUnion(segments)
            }
        }
        let others = siblings.keys.filter { !parameters.contains($0) }
        let names = alike(others.filter { !versions.contains($0) }, by: .named)
        let exceptions = others.filter { !names.contains($0) }
        let isOpen = !names.isEmpty && exceptions.count <= Self.mostExceptions
        if isOpen { parameters.formUnion(names) }
        guard isOpen || !forms.isEmpty else { return nil }
        return PathParameters.Place(
            prefix: prefix,
            forms: forms.sorted(),
            exceptions: isOpen ? exceptions.sorted() : nil
        )
    }

    /// Those of `segments` that stand for things of one kind, where there are enough of them.
    private func alike(_ segments: [String], by needed: Evidence) -> Set<String> {
        guard segments.count >= needed.telling else { return [] }
        // Dictionaries have another order in each process, and the same trace has the same routes.
        let segments = segments.sorted()
        let requests = segments.map { siblings[$0]?.requests ?? 0 }.sorted()
        guard requests[requests.count / 2] < Self.often else { return [] }
        var byEnd: [String: [String]] = [:]
        for segment in segments {
            for end in (siblings[segment]?.ends ?? [:]).keys { byEnd[end, default: []].append(segment) }
        }
        // The end that most of them have tells the most; of equal ones any, but the same one each time.
        let ends = byEnd.sorted { ($0.value.count, $1.key) > ($1.value.count, $0.key) }
        guard let (end, having) = ends.first, having.count >= needed.telling else { return [] }
        let known = having.compactMap { segment in
            (siblings[segment]?.ends[end] ?? nil).map { (segment: segment, answers: $0) }
        }
        let (leader, like) = Self.majority(of: known, common: needed.common)
        // Where most of them are answered otherwise, it is a place of endpoints.
        guard like.count * 5 >= known.count * 4 else { return [] }
        let isShown = leader?.isTelling ?? false && like.count >= needed.telling
        guard isShown || having.count >= needed.silent else { return [] }
        let unlike = Set(known.map(\.segment)).subtracting(like)
        // One without an answer, or with another method alone, is like the others where it shares an end with them.
        let endsOfAlike = Set(
            having.filter { !unlike.contains($0) }.flatMap { siblings[$0]?.ends.keys.map { $0 } ?? [] }
        )
        return Set(
            segments.filter { segment in
                guard let sibling = siblings[segment], !unlike.contains(segment) else { return false }
                return sibling.ends.keys.contains { endsOfAlike.contains($0) }
            }
        )
    }

    /// Kinds of answers that the others are held against, the most frequent first.
    private static let mostLeaders = 8

    /// The segments whose answers are like those of one of them, most of all; that one's is `leader`. O(segments).
    private static func majority(
        of known: [(segment: String, answers: AnswerStructure)],
        common: Int
    ) -> (leader: AnswerStructure?, segments: [String]) {
        // Each in the order of its segments, so that a tie is broken the same way each time.
        let kinds = Dictionary(grouping: known, by: \.answers).values.sorted {
            ($0.count, $0[0].answers.count, $1[0].segment) > ($1.count, $1[0].answers.count, $0[0].segment)
        }
        // What has all that others have only sometimes may be rare itself.
        let largest = kinds.max { $0[0].answers.count < $1[0].answers.count }
        var best: (leader: AnswerStructure?, segments: [String]) = (nil, [])
        for leader in kinds.prefix(mostLeaders).map({ $0[0].answers })
            + (largest.map { [$0[0].answers] } ?? [])
        {
            let like = known.filter { leader.isAlike($0.answers, common: common) }.map(\.segment)
            if like.count > best.segments.count { best = (leader, like) }
        }
        return best
    }

    /// A segment with `#` for each run of digits.
    private static func form(_ segment: String) -> String {
        var form = ""
        for byte in segment.unicodeScalars {
            if !(0x30...0x39).contains(byte.value) {
                form.unicodeScalars.append(byte)
            } else if form.unicodeScalars.last != "#" {
                form.append("#")
            }
        }
        return form
    }
}
