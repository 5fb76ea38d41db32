import Checks
import Reports

/// Offers to take what a check found as the baseline from now on.
struct BaselineOffer {
    var taking: BaselineTaking
    /// Nobody has to be asked.
    var isConfirmed: Bool
    var quiet: Bool

    /// Asks, and writes; whether nothing is left for which the check would fail.
    func isTaken() throws -> Bool {
        let result = taking.result
        let changed = result.unlike.count
        guard changed > 0 else {
            if result.counts.noResponse > 0 {
                say("a request without response is no answer that a baseline could hold; nothing was written")
            } else {
                say("nothing changed, and nothing was written")
            }
            return false
        }
        let revision = (taking.previous?.baseline.revision ?? 0) + 1
        let path = StoredBaseline.path(of: taking.trace)
        let changes = result.groups.count { $0.kind != .noResponse && $0.kind != .frequency }
        let question =
            "Take \(Quantity.count(changed)) answers (\(Quantity.count(changes)) changes) as revision \(revision) of \(path)?"
        guard isConfirmed || Question.isAffirmed(question) else {
            say("nothing was written")
            return false
        }
        let outcome = try taking.take()
        say(outcome.sentence(of: taking.trace))
        if result.counts.noResponse > 0 {
            say("\(Quantity.count(result.counts.noResponse)) requests without response stay what they are")
        }
        if result.groups.contains(where: { $0.kind == .frequency }) {
            say("what varies more often than it did is no answer: 'tapedeck learn-noise' learns it anew")
        }
        return result.counts.noResponse == 0 && outcome.refused == 0
            && result.groups.allSatisfy { $0.kind != .frequency } && result.budgets.allSatisfy(\.isKept)
    }

    private func say(_ sentence: String) {
        if !quiet { StandardError.print("tapedeck: \(sentence)") }
    }
}

extension BaselineTaking.Outcome {
    /// What has been written, and what should be known of it.
    func sentence(of trace: String) -> String {
        let stored = baseline.revisions.last?.stored ?? 0
        var text =
            "revision \(baseline.revision) of \(StoredBaseline.path(of: trace)), \(Quantity.bytes(size)) in all: "
        if stored == 0 {
            text += "every answer is as recorded"
        } else {
            text +=
                "\(Quantity.count(stored)) answers of its own, as they were received; 'tapedeck audit "
                + "\(StoredBaseline.answersPath(of: trace))' tells what is in them before they are committed"
        }
        if refused > 0 { text += "; \(Quantity.count(refused)) answers that were not whole were not taken" }
        return text
    }
}
