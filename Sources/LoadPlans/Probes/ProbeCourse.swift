import Messages

/// The questions of a probe, one after the other.
package struct ProbeCourse: Sendable {
    package struct Question: Hashable, Sendable {
        package var method: String
        package var target: String
        /// Those of the probe alone; token and field lines of ``asker`` are the caller's.
        package var headers: [String]
        package var body: String?
        /// As whom it is asked; `nil` for nobody.
        package var asker: String?
        /// Whose data the answer may hold: the asker, or, where that is nobody, the tenant that a delivery is for.
        package var party: String?
        /// The route as reports name it: with the places that are left open.
        package var route: String
        /// Values in it that were planted.
        package var planted: Int
    }

    package let probe: Probe
    private let tenants: [LoadPlan.Tenant]
    private let mint: CanaryMint
    /// Distinguishes the values of this probe from those of others.
    private let place: UInt64
    private var count = 0

    /// `place` is the probe's among all, so that no two plant the same values.
    package init(_ probe: Probe, place: Int, tenants: [LoadPlan.Tenant], mint: CanaryMint) {
        self.probe = probe
        self.place = UInt64(place)
        self.tenants = tenants
        self.mint = mint
    }

    private var askers: [String] {
        tenants.filter(\.canAsk).map(\.name)
    }

    /// The next question; `nil` where there is nothing to ask about yet.
    package mutating func next(_ roster: RunRoster) -> Question? {
        guard case .ask(let lines) = probe.kind, !lines.isEmpty else { return nil }
        let line = lines[count % lines.count]
        let round = count / lines.count
        var values: [Probe.Placeholder: String] = [.number: "\(count)"]
        var owner: String?
        if probe.uses(.run) || probe.asker == .owner || probe.asker == .other {
            guard let known = roster.run(number: round) else { return nil }
            values[.run] = known.run
            values[.owner] = known.owner
            owner = known.owner
        }
        guard let asker = asker(owner: owner, round: round) else { return nil }
        var question = Question(
            method: line.method,
            target: Self.filled(line.target, values),
            headers: probe.headers.map { Self.filled($0, values) },
            body: probe.body.map { Self.filled($0, values) },
            asker: asker.name,
            party: asker.name,
            route: "\(line.method) \(line.target)",
            planted: 0
        )
        if question.party == nil { question.party = receiver(of: question) }
        plant(in: &question)
        count += 1
        return question
    }

    /// The outer `nil` where there is nobody who could ask.
    private func asker(owner: String?, round: Int) -> (name: String?, Void)? {
        let askers = askers
        switch probe.asker {
        case .nobody: return (nil, ())
        case .tenant(let name): return (name, ())
        case .each: return askers.isEmpty ? nil : (askers[round % askers.count], ())
        case .owner: return owner.map { ($0, ()) }
        case .other:
            let others = askers.filter { $0 != owner }
            // A run comes round every so many rounds; the others take turns with each time.
            return others.isEmpty ? nil : (others[round / max(1, askers.count) % others.count], ())
        }
    }

    /// The tenant whose filter takes the request.
    private func receiver(of question: Question) -> String? {
        let lines = ["\(question.method) \(question.target) HTTP/1.1", "Host: target"] + question.headers
        guard
            let head = try? Head(
                parsing: Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8),
                kind: .request
            )
        else { return nil }
        return tenants.first { $0.match?.matches(head) ?? false }?.name
    }

    private func plant(in question: inout Question) {
        let party = question.party
        let owner = (tenants.firstIndex { $0.name == party } ?? -1) + 1
        let number = place << 28 | UInt64(count)
        var values: [Probe.Placeholder: String] = [:]
        if probe.uses(.secret) { values[.secret] = mint.value(.secret, owner: owner, number: number) }
        if probe.uses(.data) { values[.data] = mint.value(.data, owner: owner, number: number) }
        question.planted = values.count
        question.target = Self.filled(question.target, values)
        question.headers = question.headers.map { Self.filled($0, values) }
        question.body = question.body.map { Self.filled($0, values) }
    }

    private static func filled(_ text: String, _ values: [Probe.Placeholder: String]) -> String {
        values.reduce(text) { $0.replacing($1.key.text, with: $1.value) }
    }
}
