/// A question that is put to the target beside the load, and what has to hold of the answer.
package struct Probe: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Requests that are sent in turn, one at a time.
        case ask([Line])
        /// The path of a stream that is kept open: nothing in it may belong to another tenant than the one that reads it.
        case listen(String)
    }

    /// Method and target of a request, with places left open: ``Placeholder``.
    package struct Line: Hashable, Sendable {
        package var method: String
        package var target: String

        package init(method: String, target: String) {
            self.method = method
            self.target = target
        }
    }

    /// What stands in braces in a target, a field line or a body.
    package enum Placeholder: String, Hashable, Sendable, CaseIterable {
        /// The name of a run that was seen being made lately.
        case run
        /// The tenant whose run it is.
        case owner
        /// A new credential that nobody may ever see again.
        case secret
        /// New data of the tenant, which no other tenant may see.
        case data
        /// How many questions came before.
        case number

        package var text: String { "{\(rawValue)}" }
    }

    /// Whose token and field lines go along.
    package enum Asker: Hashable, Sendable {
        case nobody
        case tenant(String)
        /// Each tenant that has some, in turn.
        case each
        /// The tenant whose run it is.
        case owner
        /// Another tenant than the one whose run it is, each in turn.
        case other
    }

    package enum Signature: String, Hashable, Sendable, CaseIterable {
        case right
        /// Well-formed, and of other content.
        case forged
        /// Right, and a day old.
        case stale
        case missing
    }

    package var name: String
    package var kind: Kind
    package var asker = Asker.nobody
    /// Where a token is that goes along in the place of the asker's: `env:VAR` or `file:PATH`.
    package var token: String?
    /// Field lines, with places left open.
    package var headers: [String] = []
    package var body: String?
    /// Where secrets to sign with are, `SCHEME=env:VAR`; the first one signs.
    package var signing: [String] = []
    package var signature: Signature?
    /// Statuses that are right; empty where nothing is asked for.
    package var expected: [ClosedRange<UInt16>] = []
    /// Nanoseconds between two questions.
    package var interval: UInt64 = 1_000_000_000
    /// Names of stages; empty for each but those that look for the limit.
    package var stages: [String] = []

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    package func runs(in stage: Stage) -> Bool {
        stages.isEmpty ? stage.kind != .knee : stages.contains(stage.name)
    }

    /// Whether a place is left open for it somewhere.
    package func uses(_ placeholder: Placeholder) -> Bool {
        let texts: [String] =
            switch kind {
            case .ask(let lines): lines.map(\.target) + headers + [body].compactMap { $0 }
            case .listen(let path): [path] + headers
            }
        return texts.contains { $0.contains(placeholder.text) }
    }
}

extension Probe {
    /// What an answer says of the target.
    package enum Verdict: Hashable, Sendable {
        case kept
        /// The target did what it must not, in words that hold nothing of the answer but its status.
        case broken(String)
        /// The answer says nothing: the target was overloaded or broken, which other criteria are about.
        case silent
    }

    /// Judges the status of an answer. 429 and 5xx say nothing, unless they are asked for.
    package func verdict(status: UInt16) -> Verdict {
        if expected.contains(where: { $0.contains(status) }) { return .kept }
        if status == 429 || (500...599).contains(status) { return .silent }
        return expected.isEmpty ? .kept : .broken("\(status) instead of \(expectedText)")
    }

    /// `401`, `400-499`, `401 or 403`.
    package var expectedText: String {
        expected.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: " or ")
    }

    /// As the acceptance table has it.
    package var title: String {
        switch kind {
        case .listen: "probe \(name): nothing of others"
        case .ask: expected.isEmpty ? "probe \(name): answered" : "probe \(name): \(expectedText)"
        }
    }
}
