package import Traces

/// Sends a recorded request once to the server that was named at the start.
package struct RequestSender: Sendable {
    /// The server as `http://127.0.0.1:8080`.
    package var target: String
    /// Blocks until the answer is there or the request has failed.
    package var send: @Sendable (RecordedMessage) throws -> SentExchange

    package init(target: String, send: @escaping @Sendable (RecordedMessage) throws -> SentExchange) {
        self.target = target
        self.send = send
    }
}

/// What became of a request that was sent.
package struct SentExchange: Sendable {
    /// As sent.
    package var request: RecordedMessage
    package var response: RecordedMessage?
    /// Why there is no response, in a few words.
    package var failure: String?

    package init(request: RecordedMessage, response: RecordedMessage?, failure: String?) {
        self.request = request
        self.response = response
        self.failure = failure
    }
}
