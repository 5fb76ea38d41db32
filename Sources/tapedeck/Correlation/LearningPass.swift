import Correlation
import TraceFiles
import Traces

/// One look at traces, merged by time, for values that live on.
enum LearningPass {
    /// Reads the traces to their ends.
    static func learn(from readers: [TraceReader]) throws -> EdgeLearner {
        var learner = EdgeLearner()
        do {
            var messages = try TraceRequests(readers, selection: .everything)
            while let message = try messages.next() { learner.take(message) }
        } catch let error as TraceReadError {
            throw CommandFailure(error.description)
        }
        return learner
    }
}
