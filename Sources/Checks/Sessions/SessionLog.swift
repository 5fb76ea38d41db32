import Messages

/// Remembers the answers that differed, and counts how later answers of the same sessions fare.
///
/// Nothing is done before the first difference. From then on each answer is asked whether its request belongs to the
/// session of one that differed: what is counted there says in the end, in ``consequences(of:routes:)``, which
/// differences follow from which.
struct SessionLog: Sendable {
    /// Answers that differed and are remembered; the oldest go first.
    static let mostAnswers = 65_536
    /// Answers that differ and are looked at; what later ones follow from is as it was for these.
    static let mostLooks = 100_000
    /// Keys of sessions; beyond that those are dropped whose answers have gone.
    private static let mostKeys = 1 << 20
    /// Groups of one answer that later ones may follow from.
    private static let mostCauses = 4
    /// How many answers of the same connection, cookie or credentials may follow from one: one that serves many does not
    /// say who belongs together.
    private static let reach = 64
    /// Earlier answers that one key leads to.
    private static let answersOfKey = 4

    /// What differs in an answer, by the number of its group.
    struct Change {
        var group: Int
        /// How many differences of the group there are in the answer.
        var count = 1
        var kind: Difference.Kind
        var field: Difference.Field
        var value: ChangedValue?
        /// The two statuses, where it is one of those.
        var statuses: (expected: UInt16, observed: UInt16)?
        /// Another difference of the same answer explains it.
        var isExplained: Bool
    }

    /// An answer that was compared, or did not come.
    struct Answer {
        var key: ExchangeKey
        var route: Int
        /// When the recorded request began and the recorded response ended.
        var start: Int64
        var end: Int64
        var request: SessionRequest
        var changes: [Change]
        /// Hashes of what the recorded answer named.
        var named: [UInt64] = []
        /// Cookies that the recorded answer set.
        var cookies: [SessionKey] = []
        /// The answer gave a token.
        var givesToken = false
    }

    private struct Earlier {
        var end: Int64
        var causes: [Change]
        /// Answers that followed by connection, cookie or credentials.
        var followers = 0
        var routes: Set<Exposure> = []
        var groups: Set<Following> = []
    }

    struct Exposure: Hashable {
        var cause: Int
        var route: Int
        var link: SessionKey.Link

        func hash(into hasher: inout Hasher) { hasher.combine(SessionLog.number(cause, route, link)) }
    }

    struct Following: Hashable {
        var cause: Int
        var group: Int
        var link: SessionKey.Link

        func hash(into hasher: inout Hasher) { hasher.combine(SessionLog.number(cause, group, link)) }
    }

    /// One number of three that are small: what is hashed at once is hashed three times as fast.
    private static func number(_ cause: Int, _ other: Int, _ link: SessionKey.Link) -> Int {
        cause &<< 32 ^ other &<< 1 ^ link.rawValue
    }

    struct Tally {
        /// Answers.
        var answers = 0
        /// Earlier answers after which they came.
        var sessions = 0
        /// Of the answers, those of which the difference is the first.
        var firsts = 0
        var differences = 0
    }

    private var earlier: [Earlier] = []
    /// The number of the first in `earlier`.
    private var base = 0
    private var answersByKey: [SessionKey: [Int]] = [:]
    private(set) var looks = 0

    /// Answers of a route after a difference of a group.
    private(set) var exposures: [Exposure: Tally] = [:]
    /// Differences of a group after one of another.
    private(set) var followings: [Following: Tally] = [:]
    /// Answers of each route after any difference, and differences of each group after any.
    private(set) var exposed: [Int: Int] = [:]
    private(set) var followed: [Int: Int] = [:]
    /// By group, answers that differ in it and differences, those left out that another one of the same answer explains.
    private(set) var seen: [Int: Tally] = [:]
    /// By route, what had been compared when no more answers were looked at.
    private(set) var compared: [Int] = []
    /// Whether cookies and credentials tell sessions apart.
    private(set) var readsFields = false

    /// Answers that wait for others to which the recording had an answer before; a replay may get them in another order.
    private var waiting: [Answer] = []
    private static let mostWaiting = 4_096
    private var hasDifferences = false

    /// Whether an answer without a difference is of any interest.
    var isListening: Bool { hasDifferences && looks < Self.mostLooks }
    /// Whether one with a difference is.
    var isLooking: Bool { looks < Self.mostLooks }

    /// Takes the next answer, in any order that is roughly that of the recording.
    mutating func note(_ answer: Answer) {
        if !answer.changes.isEmpty { hasDifferences = true }
        waiting.append(answer)
        if waiting.count >= 2 * Self.mostWaiting { takeWaiting(Self.mostWaiting) }
    }

    /// Takes the earliest of the answers that wait.
    private mutating func takeWaiting(_ count: Int) {
        waiting.sort {
            ($0.key.copy, $0.key.loop, $0.start, $0.end) < ($1.key.copy, $1.key.loop, $1.start, $1.end)
        }
        for answer in waiting.prefix(count) { take(answer) }
        waiting.removeFirst(min(count, waiting.count))
    }

    private mutating func take(_ answer: Answer) {
        guard isLooking else { return }
        let links = links(of: answer)
        if !links.isEmpty { count(answer, links) }
        guard !answer.changes.isEmpty else { return }
        looks += 1
        for change in answer.changes where !change.isExplained {
            seen[change.group, default: Tally()].answers += 1
            seen[change.group, default: Tally()].differences += change.count
        }
        remember(answer)
    }

    /// Says how many answers of each route had been compared, or did not come, when the last one was noted.
    mutating func close(_ routes: [CheckedRoute]) {
        takeWaiting(waiting.count)
        if compared.isEmpty { compared = routes.map { $0.compared + $0.noResponse } }
    }

    /// The earlier answers of the same session that ended before the request began, each by its closest link.
    private func links(of answer: Answer) -> [(number: Int, link: SessionKey.Link)] {
        guard !earlier.isEmpty else { return [] }
        var links: [(number: Int, link: SessionKey.Link)] = []
        func find(_ keys: [SessionKey], _ link: SessionKey.Link) {
            for key in keys {
                for number in answersByKey[key] ?? [] where number >= base {
                    let found = earlier[number - base]
                    guard found.end <= answer.start, link == .value || found.followers < Self.reach,
                        !links.contains(where: { $0.number == number })
                    else { continue }
                    links.append((number, link))
                }
            }
        }
        find(answer.request.values + answer.request.resources, .value)
        find(answer.changes.compactMap { $0.value?.key(in: answer.key) }, .value)
        find(answer.request.sessions, .session)
        return links
    }

    private mutating func count(_ answer: Answer, _ links: [(number: Int, link: SessionKey.Link)]) {
        let own = answer.changes.filter { !$0.isExplained }
        var isExposed = false
        var counted: Set<Following> = []
        var counts: Set<Exposure> = []
        for (number, link) in links {
            if link == .session { earlier[number - base].followers += 1 }
            for cause in earlier[number - base].causes {
                isExposed = true
                let exposure = Exposure(cause: cause.group, route: answer.route, link: link)
                if counts.insert(exposure).inserted { exposures[exposure, default: Tally()].answers += 1 }
                if earlier[number - base].routes.insert(exposure).inserted {
                    exposures[exposure, default: Tally()].sessions += 1
                }
                for (index, change) in own.enumerated() where Self.mayFollow(change, from: cause, link) {
                    let following = Following(cause: cause.group, group: change.group, link: link)
                    if counted.insert(following).inserted {
                        followings[following, default: Tally()].answers += 1
                        followings[following, default: Tally()].differences += change.count
                        if index == 0 { followings[following, default: Tally()].firsts += 1 }
                    }
                    if earlier[number - base].groups.insert(following).inserted {
                        followings[following, default: Tally()].sessions += 1
                    }
                }
            }
        }
        if isExposed { exposed[answer.route, default: 0] += 1 }
        for group in Set(counted.map(\.group)) { followed[group, default: 0] += 1 }
    }

    /// Whether a difference is of a kind that an earlier one can be the reason for.
    private static func mayFollow(_ change: Change, from cause: Change, _ link: SessionKey.Link) -> Bool {
        guard change.group != cause.group else { return false }
        if case .header(let name) = change.field, !ComparedHeader.isReference(name) { return false }
        guard link == .session else { return true }
        // The same change in several places of a program is one of the program.
        let isSame = change.field == cause.field && change.kind == cause.kind
        if let statuses = change.statuses {
            // A server that fails does so by itself.
            return statuses.observed < 500 && (!isSame || cause.hasFailed)
        }
        return change.kind != .noResponse && !isSame
    }

    private mutating func remember(_ answer: Answer) {
        let causes = Self.causes(of: answer)
        guard !causes.isEmpty else { return }
        let number = base + earlier.count
        earlier.append(Earlier(end: answer.end, causes: causes))
        var values: [UInt64] = []
        for value in causes.compactMap(\.value) where value.names {
            values += [value.expected, value.observed].compactMap(\.self)
        }
        var keys: [SessionKey] = []
        if !answer.request.isSafe {
            values += answer.named
            keys += answer.request.resources + answer.request.sessions + answer.cookies
            if answer.request.sessions.count > 1 || !answer.cookies.isEmpty || answer.givesToken {
                readsFields = true
            }
        }
        keys += values.map { .value($0, in: answer.key) }
        keys += causes.compactMap { $0.value?.key(in: answer.key) }
        for key in keys {
            var numbers = answersByKey[key] ?? []
            numbers.removeAll { $0 < base }
            if numbers.count == Self.answersOfKey { numbers.removeFirst() }
            if numbers.last != number { numbers.append(number) }
            answersByKey[key] = numbers
        }
        if earlier.count > Self.mostAnswers {
            let dropped = Self.mostAnswers / 4
            earlier.removeFirst(dropped)
            base += dropped
        }
        if answersByKey.count > Self.mostKeys {
            answersByKey = answersByKey.filter { $0.value.contains { $0 >= base } }
            if answersByKey.count > Self.mostKeys { answersByKey.removeAll() }
        }
    }

    /// What later answers may follow from: the status where it is another, since it explains the rest, else what differs
    /// in the body or in where it leads.
    private static func causes(of answer: Answer) -> [Change] {
        let causes = answer.changes.filter { change in
            guard !change.isExplained else { return false }
            if case .header(let name) = change.field { return ComparedHeader.isReference(name) }
            return true
        }
        return Array(causes.prefix(mostCauses))
    }
}

extension SessionLog.Change {
    /// It was answered, and is refused or not answered now.
    var hasFailed: Bool {
        if kind == .noResponse { return true }
        return statuses.map { $0.expected < 400 && $0.observed >= 400 } ?? false
    }
}
