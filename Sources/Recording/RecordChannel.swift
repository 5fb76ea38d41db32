import Anonymization
import Messages
import Traces

/// Where the recorder puts what it has found out, whatever becomes of it.
///
/// The stages know nothing of the type of the output, so the compiler makes them for no type in particular but for
/// good: a stage that is generic costs a look into the tables of its type at every step, this one call for a record.
protocol RecordChannel: AnyObject {
    func append(_ step: consuming RecordingStep)
    /// Appends a message; storage of one that was written is left in its place.
    func append(whole message: inout WholeMessage)
    /// False while a message that is appended would find no room.
    var isAccepting: Bool { get }
    /// Whether it takes the whole body of a request to say something of its signature.
    var needsBody: Bool { get }
    /// How far the body of a message can be rewritten as it comes; `nil` where nothing is.
    func openBody(of head: borrowing Head) -> OpenBody?
    /// Rewrites whole lines or messages of a body that is not over; false where they are none, and were replaced whole.
    func anonymizePart(
        _ bytes: inout [UInt8],
        of body: OpenBody,
        head: Head?,
        in scope: RuleScope,
        of kind: MessageKind
    ) -> Bool
}
