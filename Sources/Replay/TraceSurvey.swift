import Bytes
import Messages
import Packets
import Traces

/// What one pass over a trace shows before the replay begins: how many requests are selected, by whichever machine they
/// are sent, and which hosts were recorded.
package struct TraceSurvey: Sendable {
    /// Hosts remembered; a trace with more is refused rather than half checked.
    package static let hostLimit = 100_000

    /// Of the selected requests; `nil` where none is.
    package private(set) var totals: TraceTotals?
    /// Of all requests, selected or not; in lower case, with and without ports.
    package private(set) var hosts: Set<String> = []
    /// More hosts than ``hostLimit`` were there.
    package private(set) var isHostListCut = false

    /// Reads the source to its end and rewinds it.
    package init(of source: inout some RequestSource, plan: ReplayPlan) throws {
        var origin: PacketTime?
        let sessions =
            plan.selection.sample < 1 ? SessionReader(rule: plan.sessions, schemes: plan.schemes) : nil
        var thinning = RouteThinning(share: plan.thinning, seed: plan.seed, parameters: plan.parameters)
        while let message = try source.next() {
            let first = origin ?? message.start
            origin = first
            guard message.kind == .request,
                let head = try? message.head.parsed()
            else { continue }
            noteHost(of: head)
            guard plan.window.placement(of: message.start, origin: first) == .inside,
                plan.filter.matches(head)
            else { continue }
            if let sessions {
                let session = sessions.key(of: message, head: head, client: source.client)
                guard plan.selection.samples(session, seed: plan.seed) else { continue }
            }
            guard thinning?.keeps(head) ?? true else { continue }
            note(message.start)
        }
        try source.rewind()
    }

    private mutating func note(_ start: PacketTime) {
        guard let known = totals else {
            totals = TraceTotals(requests: 1, first: start, last: start)
            return
        }
        totals = TraceTotals(
            requests: known.requests + 1,
            first: min(known.first, start),
            last: max(known.last, start)
        )
    }

    private mutating func noteHost(of head: Head) {
        for field in head.fields
        where FieldName(head.bytes.span.extracting(field.name.bounds)) == .host {
            let host = String(decoding: head.bytes[field.value], as: UTF8.self).lowercased()
            guard !hosts.contains(host) else { continue }
            guard hosts.count < Self.hostLimit else {
                isHostListCut = true
                return
            }
            hosts.insert(host)
            if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") {
                hosts.insert(String(host[..<colon]))
            }
        }
    }
}
