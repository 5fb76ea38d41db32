import Bytes
import Messages
package import Traces

/// Tells which requests show a cookie or token that an answer gave out, and so belong to the session that it began.
///
/// It is fed the messages of one pass in order; a login is of the session that it opens, whatever it was known by before.
package struct SessionGrants: Sendable {
    /// Values that are kept; beyond that the oldest are forgotten, and their requests are of the session that they show.
    package static let mostValues = 1 << 18

    private let table: PlanTable
    /// The sources that give out what requests show later to say who asks.
    private let granting: Set<Int>
    private var owners: [ValueDigest: UInt64] = [:]
    /// The keys of ``owners`` in order; a ring once it is full.
    private var order: [ValueDigest] = []
    private var oldest = 0

    /// `nil` where no edge of the plan leads to a cookie or token.
    package init?(_ plan: CorrelationPlan) {
        table = PlanTable(plan)
        var granting: Set<Int> = []
        for sink in table.sinks where table.spots[sink.spot].place.isCredential {
            for (source, _) in sink.sources { granting.insert(source) }
        }
        guard !granting.isEmpty else { return nil }
        self.granting = granting
    }

    /// Forgets what was given out in a pass that is over.
    package mutating func removeAll() {
        owners.removeAll(keepingCapacity: true)
        order.removeAll(keepingCapacity: true)
        oldest = 0
    }

    /// The session whose cookie or token a request shows; `nil` where it shows none that was given out.
    package func owner(of request: RecordedMessage) -> UInt64? {
        guard !owners.isEmpty, let head = try? request.head.parsed() else { return nil }
        let content = MessageContent(head: head, body: [])
        for route in table.routes where route.pattern.matches(method: head.method, target: head.target) {
            for sink in route.sinks where table.spots[table.sinks[sink].spot].place.isCredential {
                for value in content.values(at: table.spots[table.sinks[sink].spot]) {
                    if let owner = owners[ValueDigest(value.span)] { return owner }
                }
            }
        }
        return nil
    }

    /// Whether the answer to a request may give out something.
    package func mayGrant(_ request: RecordedMessage) -> Bool {
        guard let head = try? request.head.parsed() else { return false }
        return table.routes.contains { route in
            route.sources.contains(where: granting.contains)
                && route.pattern.matches(method: head.method, target: head.target)
        }
    }

    /// What an answer gives out; O(answer).
    package func values(in answer: RecordedMessage, to request: RecordedMessage) -> [[UInt8]] {
        guard let head = try? request.head.parsed(), let answered = try? answer.head.parsed() else {
            return []
        }
        let content = MessageContent(head: answered, body: answer.body)
        var values: [[UInt8]] = []
        for route in table.routes where route.pattern.matches(method: head.method, target: head.target) {
            for source in route.sources where granting.contains(source) {
                values += content.values(at: table.sources[source].take).filter { !$0.isEmpty }
            }
        }
        return values
    }

    /// Notes that values belong to a session from now on.
    package mutating func give(_ values: [[UInt8]], to owner: UInt64) {
        for value in values {
            let digest = ValueDigest(value.span)
            if owners.updateValue(owner, forKey: digest) != nil { continue }
            guard order.count >= Self.mostValues else {
                order.append(digest)
                continue
            }
            owners[order[oldest]] = nil
            order[oldest] = digest
            oldest = (oldest + 1) % order.count
        }
    }
}
