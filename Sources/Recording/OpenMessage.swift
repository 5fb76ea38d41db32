import Anonymization
import Bytes
import Messages
import Packets
import Traces

/// A message of which the end has not come yet.
struct OpenMessage: Sendable {
    var exchange: UInt64
    /// Its exchange as the parser counts them.
    var ordinal: ExchangeOrdinal
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
    var selection: Selection
    /// Which rules apply to it.
    var scope = RuleScope.unknown
    /// The head is in the trace already, and so are pieces of the body.
    var delivery = Delivery.whole
    var events = EventBoundary()
    /// When the first byte of what is held of an event stream was seen.
    var eventStart = PacketTime.distantPast
    /// Part of an event, a line or the body has been written masked; what belongs to it must be masked too.
    var isInsideMask = false
    /// Bytes of the body were never captured.
    var hasGap = false
    /// What comes of a body that is written in parts is written without waiting for more.
    var goesAtOnce = false
    /// `seenBytes` when it was last measured how fast they come.
    var measuredBytes = 0
    /// Bytes held in which a line feed has been looked for.
    var searched = 0
    /// The part of the recording that holds the head, of a message that is written in parts.
    var part: UInt32 = 0
    /// Bytes of the body for which the disk had no room.
    var lostBytes = 0

    enum Delivery: Sendable {
        /// Written in one go when it is over.
        case whole
        /// Written piece by piece as the body comes.
        case pieces
        /// Written event by event as the events become whole.
        case events
        /// Written line by line as the lines become whole, each a JSON text.
        case jsonLines
        /// Written line by line as the lines become whole.
        case lines
        /// Written message of gRPC by message as they become whole.
        case grpc
        /// Written as filler as the body comes.
        case masked
    }

    /// What became of bytes of a body.
    enum Intake {
        /// `canGo`: parts of the body may be written before the message is over.
        case kept(canGo: Bool)
        /// Counted only: the message is left out.
        case filtered
        /// There was no room for them.
        case refused
    }

    /// Whether it is left out.
    var isFiltered: Bool { selection == .leftOut }

    /// Hands over what is kept of the body; nothing is left.
    mutating func takeBody() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &body)
        return taken
    }

    /// Whether nothing of it is missing, as far as is known.
    var isIntact: Bool { !hasGap && flags.isDisjoint(with: [.truncated, .gap, .incomplete]) }

    /// Notes whether the body comes slowly: less than a full piece since the last time.
    mutating func measure() {
        goesAtOnce = seenBytes - measuredBytes < BodyRecord.maximumCount
        measuredBytes = seenBytes
    }

    /// Takes away the first `count` bytes that are held of the body.
    mutating func removeBody(_ count: Int) {
        body.removeFirst(count)
        searched = max(0, searched - count)
        if delivery == .events { events.removeFirst(count) }
    }

    /// Takes them away because there is nowhere to write them.
    mutating func lose(_ count: Int) {
        removeBody(count)
        lostBytes += count
        flags.formUnion(.gap)
    }

    /// Takes the next bytes of the body, of which no more than `room` can be kept.
    mutating func take(_ bytes: Span<UInt8>, at time: PacketTime, room: Int) -> Intake {
        last = time
        // Nothing may follow on what was left out, or the body would have a hole.
        if !isFiltered, flags.contains(.truncated) || bytes.count > room {
            flags.formUnion(.truncated)
            return .refused
        }
        seenBytes += bytes.count
        if isFiltered { return .filtered }
        if body.isEmpty { eventStart = time }
        body.append(contentsOf: bytes)
        return .kept(canGo: goesAtOnce || delivery == .events || body.count >= BodyRecord.maximumCount)
    }
}
