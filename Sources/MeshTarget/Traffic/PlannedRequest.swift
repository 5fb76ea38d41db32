/// A request that a sender is to send at a moment of its own.
package struct PlannedRequest: Sendable {
    /// What is asked for.
    package enum Target: Sendable, Equatable {
        case path(String)
        /// Something of the run that the answer to an earlier request named: its path is
        /// `/api/runs/` and the id and `suffix`.
        case run(of: Int, suffix: String)
    }

    /// Position in the plan.
    package var number: Int
    /// When it is to be sent, in nanoseconds from the start.
    package var time: Int64
    /// Which connection sends it; the requests of one connection go out in order, one at a time.
    package var connection: Int
    package var method: String
    package var target: Target
    package var fields: [(name: String, value: String)]
    /// The body in pieces; more than one piece is sent chunked.
    package var body: [[UInt8]]
    /// What a stand-in with the plan's seed and secret answers.
    package var expectedStatus: Int
}
