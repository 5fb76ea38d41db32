/// The place of an HTTP/2 conversation, so that connections that have none are no larger for it.
///
/// - Note: Has one owner, the ``HTTPConversation`` of the connection, and is confined to its thread; copies of that
///   share it and may only be read. `Sendable` is unchecked for this reason.
package final class HTTP2Connection: @unchecked Sendable {
    var conversation: HTTP2Conversation

    init(_ conversation: HTTP2Conversation) {
        self.conversation = conversation
    }
}
