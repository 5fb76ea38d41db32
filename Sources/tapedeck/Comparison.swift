import Checks
import Messages
import Reports
import TraceFiles
import Traces

/// Feeds pairs of traces to a comparator, and the times of what was observed to another.
struct Comparison {
    struct Pair {
        var recorded: String
        var observed: String
        /// What was observed is a replay of just the recorded side, whatever that is itself.
        var isReplay = false
    }

    var rules: CheckRules
    var noise: NoiseModel?
    /// The server that examples are to be sent to again, as `http://127.0.0.1:8080`; `nil` names none.
    var target: String?
    /// How times are compared; `nil` leaves them out.
    var timing: TimingComparison.Terms?
    /// What is expected in the place of what was recorded.
    var stored: StoredBaseline?
    /// Whether a route that is slower than in the baseline fails the check; otherwise it is only said.
    var judgesStoredTimes = false
    /// Keeps which exchanges are answered otherwise.
    var keepsUnlike = false

    /// Compares the two sides of each pair; pairs beyond the first are repetitions of it, of which both sides are replays.
    func run(_ pairs: [Pair]) throws -> CheckResult {
        do {
            return try compare(pairs)
        } catch let error as TraceReadError {
            throw CommandFailure(error.description)
        }
    }

    private func compare(_ pairs: [Pair]) throws -> CheckResult {
        guard let first = pairs.first else { return Comparator(rules: rules).finish() }
        // Standard input is opened once.
        var reader: TraceReader? = try TraceOpening.open(first.recorded)
        let found = TraceRoutes.parameters(of: first.recorded)
        let parameters = noise?.parameters.joined(with: found) ?? found
        var comparator = Comparator(
            rules: rules,
            noise: noise,
            parameters: parameters,
            trace: reader?.header.traceID
        )
        if keepsUnlike { comparator.keepUnlike() }
        let answersOfBaseline = try stored?.readAnswers() ?? [:]
        let timed = parameters.sparing(rules.spelledSegments)
        var baseline = TimingBook(parameters: timed)
        var candidate = TimingBook(parameters: timed)
        for (number, pair) in pairs.enumerated() {
            baseline.beginRun()
            candidate.beginRun()
            let recorded = try RecordingPasses(try reader.take() ?? TraceOpening.open(pair.recorded))
            let observed = try TraceOpening.open(pair.observed)
            let answers = try MessagesAhead(observed, selection: .withoutRequestBodies)
            defer {
                recorded.stop()
                answers.stop()
            }
            if recorded.canReadAgain { comparator.beginLoop(0) }
            func expectOne() throws -> Bool {
                guard let message = try recorded.next() else { return false }
                // What was captured elsewhere took its time there.
                if timing != nil, stored == nil, !pair.isReplay, message.head.of != nil {
                    baseline.note(message)
                }
                let expected = pair.isReplay ? message.withoutReference : message.repeated(number)
                guard let stored, let answer = answersOfBaseline[expected.exchange] else {
                    comparator.expect(expected)
                    return true
                }
                if message.kind == .request {
                    comparator.expect(expected)
                    comparator.expect(answer, of: stored.baseline)
                }
                return true
            }
            _ = try expectOne()
            while let message = try answers.next() {
                let message = message.repeated(number)
                while comparator.awaits(message) {
                    if try expectOne() { continue }
                    guard let loop = message.head.of?.loop, try recorded.beginPass(for: loop) else { break }
                    comparator.beginLoop(loop)
                }
                if timing != nil || !rules.budgets.isEmpty { candidate.note(message) }
                comparator.observe(message)
            }
            // What was never sent is known once all of the recording is.
            if recorded.pass == 0 { while try expectOne() {} }
            let sides = [
                (pair.recorded, recorded.counts, recorded.damage),
                (pair.observed, answers.counts, TraceOpening.damage(of: observed)),
            ]
            for (path, counts, damage) in sides {
                if counts.overLimit + counts.withoutHead + counts.withoutEnd > 0 {
                    comparator.note(damage: "\(path): some messages could not be put together whole")
                }
                for sentence in damage { comparator.note(damage: "\(path): \(sentence)") }
            }
        }
        var result = comparator.finish()
        if let stored {
            result.baseline = BaselineUse(
                revision: stored.baseline.revision,
                answers: result.answersOfBaseline
            )
            baseline = TimingBook(stored.baseline, parameters: timed)
        }
        baseline.names = rules.routeNames
        candidate.names = rules.routeNames
        if let timing, !baseline.routes.isEmpty {
            let comparison = TimingComparison(baseline, candidate, terms: timing)
            result.add(comparison, decides: stored == nil || judgesStoredTimes)
        }
        result.add(rules.budgets.map { BudgetResult($0, in: candidate) })
        try addReproductions(to: &result, from: first)
        return result
    }
}

extension Comparison {
    /// Looks up the requests of the examples, which the comparison did not keep, and says how to send them again.
    private func addReproductions(to result: inout CheckResult, from pair: Pair) throws {
        guard let target, pair.recorded != "-", !result.groups.isEmpty else { return }
        var wanted = Set(result.groups.map(\.example.exchange))
        var lines: [UInt64: String] = [:]
        let reader = try TraceOpening.open(pair.recorded)
        try reader.forEachMessage { message in
            let exchange = (pair.isReplay ? nil : message.head.of?.exchange) ?? message.exchange
            guard message.kind == .request, wanted.remove(exchange) != nil else { return }
            lines[exchange] = CurlLine.line(for: message, to: target)
        }
        for index in result.groups.indices {
            result.groups[index].reproduction = lines[result.groups[index].example.exchange]
        }
    }
}

extension RecordedMessage {
    /// The same message as one that answers or repeats nothing.
    fileprivate var withoutReference: RecordedMessage {
        guard head.of != nil else { return self }
        var message = self
        message.head.of = nil
        return message
    }

    /// The same message as one of the repetition `number` of a replay.
    fileprivate func repeated(_ number: Int) -> RecordedMessage {
        guard number > 0 else { return self }
        var message = self
        message.head.of?.copy = UInt32(clamping: number)
        return message
    }
}
