import Messages
package import Traces

/// An exchange put together from its records.
package struct RecordedExchange: Sendable {
    package var request: RecordedMessage?
    /// Responses that came before the final one (1xx).
    package var interim: [RecordedMessage] = []
    package var response: RecordedMessage?
    /// WebSocket messages of both directions, in the order of the file.
    package var events: [EventRecord] = []
    /// Whether there are more events than are read.
    package var hasMoreEvents = false

    package init() {}
}

extension RecordedExchange {
    /// The response in the form for comparing: one that opened a WebSocket session with what the server said in it.
    package var comparedResponse: RecordedMessage? {
        guard var response, response.opensSession else { return response }
        var transcript = WebSocketTranscript()
        for event in events { transcript.take(event) }
        if hasMoreEvents { response.end.flags.insert(.truncated) }
        return response.saying(transcript)
    }
}
