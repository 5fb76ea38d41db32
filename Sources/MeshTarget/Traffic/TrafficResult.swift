/// What came of sending a plan; `sent` = `answered` + `failed`, and `planned` = `sent` + `notSent`.
public struct TrafficResult: Sendable, Equatable {
    /// Requests of the plan.
    public internal(set) var planned = 0
    /// Requests whose last byte was handed to the socket.
    public internal(set) var sent = 0
    /// Requests that got a whole answer.
    public internal(set) var answered = 0
    /// Requests that were sent and got none, or not to its end.
    public internal(set) var failed = 0
    /// Requests that could not be sent: the connection was gone, or the run to ask for was never named.
    public internal(set) var notSent = 0
    /// Answers by status code.
    public internal(set) var statuses: [Int: Int] = [:]
    /// Answers of another status than the plan says.
    public internal(set) var unexpected = 0
    /// How late the latest request was sent, in nanoseconds.
    public internal(set) var greatestDelay: Int64 = 0
    /// From the first moment of the plan to the last answer, in nanoseconds.
    public internal(set) var duration: Int64 = 0

    /// Whether every planned request got the answer that the plan says.
    public var isAsPlanned: Bool { answered == planned && unexpected == 0 }
}
