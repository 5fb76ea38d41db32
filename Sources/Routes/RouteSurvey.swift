import Bytes
import Compression
package import Messages
package import Traces

/// Looks through messages of a recording for what its routes are.
///
/// Feed it messages in the order in which they ended; a part of a recording is enough. Of the answers to some requests of
/// each path the structure is read. Memory is bounded by ``PathParameterLearner/mostLines`` and by the requests that wait.
package struct RouteSurvey: Sendable {
    /// Requests that wait for their answer.
    private static let mostPending = 100_000
    /// Bytes of a decoded answer that are looked at; of longer ones nothing is.
    private static let longestAnswer = 1 << 20

    private var learner = PathParameterLearner()
    /// The line of each, by exchange.
    private var pending: [UInt64: Int] = [:]

    package init() {}

    package mutating func note(_ message: RecordedMessage) {
        guard !message.end.flags.contains(.interim), let head = try? message.head.parsed() else { return }
        switch head.start {
        case .request(let method, let target):
            let bytes = head.bytes.span
            let line = learner.note(
                method: bytes.extracting(method.bounds),
                target: bytes.extracting(target.bounds)
            )
            if let line, learner.wantsAnswer(to: line), pending.count < Self.mostPending {
                pending[message.exchange] = line
            }
        case .response:
            guard let line = pending.removeValue(forKey: message.exchange), learner.wantsAnswer(to: line),
                (200...299).contains(head.status ?? 0), let answer = Self.structure(message, head)
            else { return }
            learner.note(answer, to: line)
        }
    }

    /// Where parameters stand in the paths that were seen.
    package var parameters: PathParameters { learner.parameters() }

    private static func structure(_ message: RecordedMessage, _ head: borrowing Head) -> AnswerStructure? {
        let codings = head.contentCodings
        guard codings.isKnown, let body = try? codings.decode(message.body.span, limit: longestAnswer) else {
            return nil
        }
        return AnswerStructure(head.mediaType, body.span)
    }
}
