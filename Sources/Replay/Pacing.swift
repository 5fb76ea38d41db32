/// When the requests of a trace are to be sent.
package enum Pacing: Hashable, Sendable {
    /// In the recorded rhythm, so many times as fast.
    case speed(Speed)
    /// In the recorded rhythm, scaled so that the mean is this rate.
    case rate(Rate)
    /// Each as soon as its lane is free and a place among the outstanding ones is.
    case maximum
}

/// What happens when a request is due and its lane still waits for an answer.
package enum LanePolicy: String, Hashable, Sendable, CaseIterable {
    /// Another connection is opened for the lane and counted.
    case overflow
    /// The request waits; the wait is counted as lane wait.
    case strict
}
