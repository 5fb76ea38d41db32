import Bytes
import Messages

/// Requests that are prepared and go out as they are, one behind the other: what one thread hands to another.
///
/// The bytes of all stand in one array and what else is known of them in a second, so that a request is handed over for
/// a copy of its bytes: nothing is allocated for it, and its memory, with the counts of who refers to it, stays with the
/// processor that has it in its caches.
package struct PackedRequests: Sendable {
    /// Requests in one of these, and bytes of them, after which it is full.
    package static let fullCount = 32
    package static let fullBytes = 30 << 10
    /// The longest body that is packed; what is longer is not worth a copy.
    static let longestBody = 16 << 10

    /// What is known of one request besides its bytes.
    private struct Entry {
        var shape: PreparedRequest.Shape
        var intended: MonotonicTime
        var session: SessionKey
        var loop: UInt32
        var copy: UInt32
        var delivery: Delivery
    }

    /// What comes next.
    package enum Step {
        case request(ScheduledRequest)
        /// Something that was not packed, and stands elsewhere.
        case elsewhere
    }

    /// `nil` for what stands elsewhere.
    private var entries: [Entry?] = []
    private var bytes: [UInt8] = []
    private var nextEntry = 0
    private var nextByte = 0

    package init() {}

    /// Items that are in it, those included that stand elsewhere.
    package var count: Int { entries.count }

    /// How much memory the requests take, in bytes.
    package var cost: Int { bytes.count + entries.count * MemoryLayout<Entry?>.stride }

    package var isFull: Bool { entries.count >= Self.fullCount || bytes.count >= Self.fullBytes }

    /// Takes a request; false where there is more to it than bytes that go out as they are.
    package mutating func append(_ scheduled: borrowing ScheduledRequest) -> Bool {
        guard scheduled.hasNoTies, let shape = scheduled.request.shape, shape.bodyCount <= Self.longestBody
        else { return false }
        if bytes.capacity == 0 {
            bytes.reserveCapacity(Self.fullBytes + 2_048)
            entries.reserveCapacity(Self.fullCount)
        }
        scheduled.request.pack(into: &bytes)
        entries.append(
            Entry(
                shape: shape,
                intended: scheduled.intended,
                session: scheduled.session,
                loop: scheduled.loop,
                copy: scheduled.copy,
                delivery: scheduled.delivery
            )
        )
        return true
    }

    /// Notes that the next item stands elsewhere.
    package mutating func appendElsewhere() { entries.append(nil) }

    /// Takes the next item out, into the memory of one of `spares` where there is one; `nil` at the end.
    package mutating func next(in spares: inout SpareRequests) -> Step? {
        guard nextEntry < entries.count else { return nil }
        defer { nextEntry += 1 }
        guard let entry = entries[nextEntry] else { return .elsewhere }
        let end = nextByte + entry.shape.packedCount
        var request = spares.take() ?? .withoutStorage
        request.refill(entry.shape, bytes.span.extracting(nextByte..<end))
        nextByte = end
        return .request(
            ScheduledRequest(
                request: request,
                intended: entry.intended,
                loop: entry.loop,
                copy: entry.copy,
                session: entry.session,
                delivery: entry.delivery
            )
        )
    }

    /// Forgets everything; the memory stays.
    package mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: bytes.capacity <= 4 * Self.fullBytes)
        nextEntry = 0
        nextByte = 0
    }
}

extension PreparedRequest {
    /// What a request whose head is ready for the wire is besides its bytes; its lines are not told apart any more.
    struct Shape: Sendable {
        var exchange: UInt64
        var connection: UInt64
        var method: ByteRange
        var target: ByteRange
        var headCount: Int
        var bodyCount: Int
        var version: HTTPVersion
        var bodyMode: BodyMode
        var isHead: Bool
        var asksForWebSocket: Bool
        var closesConnection: Bool

        /// Bytes that ``PreparedRequest/pack(into:)`` appends.
        var packedCount: Int { headCount + bodyCount }
    }

    /// A request that another is made of in place.
    static var withoutStorage: PreparedRequest { PreparedRequest(Content.empty) }

    /// `nil` where the request has to be looked at once more before it is sent.
    var shape: Shape? {
        let wireHeadCount = wireHeadCount
        guard wireHeadCount > 0, signing == nil, trailers.isEmpty else { return nil }
        return Shape(
            exchange: exchange,
            connection: connection,
            method: method,
            target: target,
            headCount: wireHeadCount,
            bodyCount: bodyCount,
            version: version,
            bodyMode: bodyMode,
            isHead: isHead,
            asksForWebSocket: asksForWebSocket,
            closesConnection: closesConnection
        )
    }
}
