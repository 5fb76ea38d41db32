package import Anonymization
import JSON
import Messages
import Reports
import Synchronization
import Traces

/// Tells what of a message was anonymized, by the rules that the trace was made with and the marks of pseudonyms.
package final class PseudonymFinder: Sendable {
    /// A scanner has one owner at a time: the lock.
    private final class Walk {
        var scanner: AuditScanner

        init(_ ruleSets: [RuleSet]) { scanner = AuditScanner(ruleSets: ruleSets) }
    }

    private let walk: Mutex<Walk>

    package init(_ ruleSets: [RuleSet]) {
        walk = Mutex(Walk(ruleSets))
    }

    /// One value of a message, for the page.
    struct Marked: Hashable, Sendable {
        var side: String
        var place: String
        var kind: String
        /// `nil` for what looks like personal data and is no pseudonym.
        var value: String?
    }

    /// Values that are told of one message; more are left out.
    private static let maximumCount = 2_000

    func marks(in exchange: RecordedExchange) -> [Marked] {
        let request = exchange.request.flatMap(Self.raw)
        let response = exchange.response.flatMap(Self.raw)
        return walk.withLock { walk in
            let scope = request.map { walk.scanner.scope(of: $0.head) }
            var marks: [Marked] = []
            for (side, message) in [("request", request), ("response", response)] {
                guard let message else { continue }
                let (pseudonyms, findings) = walk.scanner.look(at: message, scope)
                var seen: Set<Marked> = []
                for found in pseudonyms.prefix(Self.maximumCount) {
                    guard let value = String(validating: found.value, as: UTF8.self) else { continue }
                    let mark = Marked(
                        side: side,
                        place: found.place,
                        kind: found.kind.counted.name,
                        value: value
                    )
                    if seen.insert(mark).inserted { marks.append(mark) }
                }
                for finding in findings.prefix(Self.maximumCount) {
                    if case .opaque = finding.what { continue }
                    let mark = Marked(side: side, place: finding.place, kind: finding.kind, value: nil)
                    if seen.insert(mark).inserted { marks.append(mark) }
                }
            }
            return marks
        }
    }

    private static func raw(_ message: RecordedMessage) -> RawMessage? {
        guard let head = try? message.head.parsed() else { return nil }
        return RawMessage(
            head: head,
            body: message.body,
            trailers: message.end.trailers,
            isBodyComplete: message.end.flags.isDisjoint(with: [.truncated, .gap, .incomplete])
        )
    }
}

extension PseudonymFinder.Marked {
    func append(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("side", side)
        writer.member("place", place)
        writer.member("kind", kind)
        writer.member("value", value)
        writer.endObject()
    }
}
