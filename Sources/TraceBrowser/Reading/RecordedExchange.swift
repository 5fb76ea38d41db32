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
