import Messages
import Packets

/// A message of which the end has not come yet.
struct OpenMessage: Sendable {
    var exchange: UInt64
    var start: PacketTime
    /// When the last byte of it was seen.
    var last: PacketTime
    /// `nil` until the head is complete.
    var head: Head?
    /// What is kept of the body and not written yet.
    var body: [UInt8] = []
    var trailers: [UInt8] = []
    /// Body bytes that were handed over, less those for which there was no memory.
    var seenBytes = 0
    /// Flags that the recorder adds.
    var flags: MessageFlags = []
    var isFiltered: Bool
    /// The head is in the trace already, and so are pieces of the body.
    var delivery = Delivery.whole
    var events = EventBoundary()
    /// Part of an event has been written masked; what belongs to it must be masked too.
    var isInsideMaskedEvent = false

    enum Delivery: Sendable {
        /// Written in one go when it is over.
        case whole
        /// Written piece by piece as the body comes.
        case pieces
        /// Written event by event as the events become whole.
        case events
    }
}
