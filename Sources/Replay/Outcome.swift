/// How a request that was handed to the transport ended.
package enum Outcome: Hashable, Sendable {
    /// A whole response arrived, with this status.
    case responded(status: UInt16)
    case failed(FailureKind)
    /// The run was stopped before the answer was there.
    case aborted

    package var isAnswered: Bool {
        if case .responded = self { true } else { false }
    }

    /// Whether it took as long as it did because it was waited for.
    var isWaitedFor: Bool { isAnswered || self == .failed(.timeout) }
}

/// Why no whole response arrived; each case is a bucket of the report.
package enum FailureKind: String, Hashable, Sendable, CaseIterable {
    /// The connection could not be opened.
    case connect
    /// The TLS handshake or the certificate failed.
    case tls
    case timeout
    /// The connection broke while the request or the response was under way.
    case reset
    /// The target closed the connection without an answer.
    case closed
    /// A reused connection closed unanswered, and the transport would have sent the request a second time.
    case resendRefused = "resend-refused"
    /// The answer is not HTTP, or ends before its time.
    case protocolError = "protocol"
    /// Anything else; the report's sum stays whole.
    case other
}
