package import Checks
import JSON
import Messages
import Reports
package import Traces

/// Holds one answer against the recorded one, as `tapedeck check` does with all of them.
package struct AnswerComparison: Sendable {
    private let rules: CheckRules
    private let noise: NoiseModel?

    package init(rules: CheckRules = .default, noise: NoiseModel? = nil) {
        self.rules = rules
        self.noise = noise
    }

    /// Both sides count as one exchange, whatever their numbers.
    package func compare(
        request: RecordedMessage,
        expected: RecordedMessage,
        observedRequest: RecordedMessage?,
        observed: RecordedMessage
    ) -> CheckResult {
        var comparator = Comparator(rules: rules, noise: noise)
        comparator.expect(request.alone)
        comparator.expect(expected.alone)
        if let observedRequest { comparator.observe(observedRequest.alone) }
        comparator.observe(observed.alone)
        return comparator.finish()
    }
}

extension RecordedMessage {
    /// The message as one of an exchange that nothing refers to.
    fileprivate var alone: RecordedMessage {
        var message = self
        message.head.exchange = 0
        message.head.of = nil
        message.end.exchange = 0
        message.end.flags.remove(.noResponse)
        return message
    }
}

extension CheckResult {
    /// Writes the verdict and what differs.
    func append(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("verdict", verdict.rawValue)
        writer.key("reasons")
        writer.beginArray()
        for reason in reasons { writer.string(reason) }
        writer.endArray()
        writer.member("explained", counts.explained + counts.ignored)
        writer.key("differences")
        writer.beginArray()
        for difference in differences {
            writer.beginObject()
            writer.member("field", difference.field.description)
            writer.member("kind", difference.kind.rawValue)
            writer.member("expected", difference.expected?.text)
            writer.member("observed", difference.observed?.text)
            writer.member("consequence", difference.isConsequence)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
    }
}
