import Messages
package import Traces

extension Comparator {
    /// Takes an answer of a baseline, which is expected in the place of the recorded one. It comes behind the request of
    /// its exchange, and the recorded answer is not fed. Messages of other kinds are passed over.
    package mutating func expect(_ message: RecordedMessage, of baseline: Baseline) {
        guard message.kind == .response else { return }
        let exchange = message.head.of?.exchange ?? message.exchange
        guard let place = expectations.place(of: ExchangeKey(exchange: exchange, loop: loop ?? 0)),
            !expectations[place].hasResponse
        else { return }
        do {
            try message.head.parse(into: &expectedHead)
        } catch {
            counts.unreadable += 1
            return
        }
        var stored = stored(message, expectedHead, authority: baseline.authority)
        if let digest = baseline.digests[exchange] { stored.body = .digest(digest) }
        bodyBytes += stored.bodyBytes
        expectations[place].response = .stored(stored)
        expectations[place].isWithoutResponse = false
        let route = expectations[place].route
        table.update(route) { $0.expected += 1 }
        guard (loop ?? 0) == 0 else { return }
        counts.expected += 1
        answersOfBaseline += 1
    }
}

extension Baseline {
    /// The authority that a request names; `nil` for what is no request, or names none.
    package static func authority(of message: RecordedMessage) -> String? {
        guard message.kind == .request, let head = try? message.head.parsed() else { return nil }
        return head.authority
    }

    /// Longer bodies without structure are kept as a digest; one with structure is kept whole, since a digest cannot tell
    /// a new identifier from a change.
    package static let keptBody = 64 << 10

    /// The form in which an answer is kept: under the number of the recorded exchange, with a digest in the place of a
    /// long body. `nil` for what is no answer, or none that is whole.
    package static func kept(_ message: RecordedMessage, trace: TraceID) -> (RecordedMessage, BodyDigest?)? {
        guard message.kind == .response, message.end.flags.isDisjoint(with: [.interim, .pushed]),
            let of = message.head.of, let head = try? message.head.parsed(),
            !message.isCut || message.isLeftStream(head)
        else { return nil }
        var kept = message
        kept.head.of = ObservedReference(trace: trace, exchange: of.exchange, loop: 0, copy: 0)
        kept.head.exchange = of.exchange
        kept.head.connection = 0
        kept.end.exchange = of.exchange
        kept.end.connection = 0
        if message.end.flags.contains(.upgraded) { return (kept, nil) }
        switch head.mediaType {
        case .json, .text, .xml, .form, .eventStream: return (kept, nil)
        case .multipart, .absent, .other: break
        }
        guard message.body.count > keptBody else { return (kept, nil) }
        let stored = StoredResponse(message, head: head, headers: [], limits: CheckLimits())
        guard case .decoded(let bytes) = stored.body, bytes.first != 0x7B, bytes.first != 0x5B else {
            return (kept, nil)
        }
        kept.body = []
        kept.end.flags.insert(.truncated)
        return (kept, BodyDigest(bytes))
    }
}
