import Checks
import JSON

extension CheckReport {
    /// What the answers were held against, where that is not the recording alone.
    var baselineRemark: String? {
        guard let use = result.baseline else { return nil }
        let answers =
            use.answers == 0
            ? "all answers as recorded"
            : "\(Quantity.count(use.answers)) answers of its own, the others as recorded"
        return "held against revision \(use.revision) of the baseline: \(answers)"
    }

    func writeBaseline(into writer: inout JSONWriter) {
        guard let use = result.baseline else { return }
        writer.object("baseline") {
            $0.member("revision", use.revision)
            $0.member("answers", use.answers)
        }
    }
}
