package import Bytes
package import Messages

/// A recorded request in the form in which it is sent.
///
/// The lines are kept as runs of one buffer, so that a transport can copy them without looking at them. As long as
/// nothing is changed after the preparation that buffer begins with the head as it goes over the wire (``wireHead``).
///
/// A request is handed from queue to queue: what it holds stands in one object, so a copy is a reference. A change
/// makes a new object; whoever changes several things does so in one go with ``withContent(_:)``.
package struct PreparedRequest: Equatable, Sendable {
    /// How the body goes out.
    package enum BodyMode: Hashable, Sendable {
        case none
        /// Content-Length stands among the fields.
        case counted
        /// Transfer-Encoding stands among the fields.
        case chunked
    }

    /// What a request holds.
    package struct Content: Equatable, Sendable {
        /// Method, target, and the field lines.
        package var bytes: [UInt8]
        package var method: ByteRange
        /// With the target's path prefix before it.
        package var target: ByteRange
        /// In the order of the recording, `Host` left out; what the replay adds comes last.
        package var lines: [FieldLine]
        /// The recorded Host where it is to be kept; `nil` sends the target's.
        package var host: ByteRange?
        /// Neither a recorded Host nor the target's is sent.
        package var omitsHost: Bool
        /// How many of the lines go before `Host`.
        package var linesBeforeHost = 0
        /// The recorded `Host` up to its value, as it is spelled; `nil` where none was recorded.
        package var hostPrefix: ByteRange?
        package var version: HTTPVersion
        /// The target may answer in HTTP/2; ``version`` is what goes out where it does not.
        package var offersHTTP2 = false
        package var body: [UInt8]
        package var bodyMode: BodyMode
        /// Trailer lines without their line ends; only with a chunked body.
        package var trailers: [FieldLine] = []
        package var isHead: Bool
        /// The connection is to go over to WebSocket with the answer.
        var asksForWebSocket = false
        /// The connection is not used again after this request.
        package var closesConnection: Bool
        package var exchange: UInt64
        /// The recorded connection.
        package var connection: UInt64
        /// How it is signed when it is sent; `nil` leaves it as it is.
        package var signing: PendingSignature?
        /// How many of the bytes are the head as it goes over the wire; 0 where it must be put together.
        var wireHeadCount = 0
        /// The body stands in the bytes, right behind the head: once more, or nowhere else.
        var bodyFollowsHead = false
        /// Bytes of the body, where it stands nowhere but behind the head; ``body`` is empty then.
        var packedBodyCount = 0

        /// Bytes of the body, wherever it stands.
        var bodyCount: Int { packedBodyCount + body.count }

        /// The body, wherever it stands; a copy where it stands behind the head only.
        var wholeBody: [UInt8] {
            packedBodyCount == 0 ? body : Array(bytes[wireHeadCount..<wireHeadCount + packedBodyCount])
        }
    }

    /// Changed only by whoever is alone with it, so threads may share it.
    private final class Storage: @unchecked Sendable {
        @exclusivity(unchecked)
        var content: Content

        init(_ content: consuming Content) {
            self.content = content
        }
    }

    private var storage: Storage

    init(_ content: consuming Content) {
        storage = Storage(content)
    }

    /// Lets `make` make another request of one that is done with, where it stands; in memory of its own where somebody
    /// still has that.
    @inline(__always)
    mutating func remake<Answer>(_ make: (inout Content) -> Answer) -> Answer {
        if !isKnownUniquelyReferenced(&storage) { storage = Storage(.empty) }
        return make(&storage.content)
    }

    /// The body of a request that is done with; nothing where somebody still has the request.
    mutating func takeBody() -> [UInt8] {
        var body: [UInt8] = []
        if isKnownUniquelyReferenced(&storage) { swap(&body, &storage.content.body) }
        return body
    }

    /// Appends head and body as they go over the wire, the body without a transfer coding; for one that has a ``shape``.
    func pack(into packed: inout [UInt8]) {
        // Field by field: of the content as a whole a copy would be made first.
        let bytes = storage.content.bytes
        let body = storage.content.body
        let joined = storage.content.bodyFollowsHead ? storage.content.bodyCount : 0
        packed.append(contentsOf: bytes.span.extracting(first: storage.content.wireHeadCount + joined))
        if joined == 0 { packed.append(contentsOf: body.span) }
    }

    /// Becomes the request of `shape` whose head and body are `packed`; in its own memory, unless somebody still has that.
    mutating func refill(_ shape: Shape, _ packed: Span<UInt8>) {
        if !isKnownUniquelyReferenced(&storage) { storage = Storage(.empty) }
        storage.content.refill(shape, packed)
    }

    /// The memory that its bytes, lines and body take, in bytes.
    var memory: Int {
        storage.content.bytes.capacity + storage.content.body.capacity
            + storage.content.lines.capacity * MemoryLayout<FieldLine>.stride
    }

    package static func == (left: PreparedRequest, right: PreparedRequest) -> Bool {
        left.storage === right.storage || left.storage.content == right.storage.content
    }

    package var content: Content { storage.content }

    /// Changes any number of things with one copy; the head is then put together again when it is sent.
    package mutating func withContent<Answer>(_ change: (inout Content) throws -> Answer) rethrows -> Answer {
        var content = storage.content
        content.body = content.wholeBody
        content.packedBodyCount = 0
        content.wireHeadCount = 0
        content.bodyFollowsHead = false
        defer { storage = Storage(content) }
        return try change(&content)
    }

    package var bytes: [UInt8] {
        get { storage.content.bytes }
        set { withContent { $0.bytes = newValue } }
    }
    package var method: ByteRange {
        get { storage.content.method }
        set { withContent { $0.method = newValue } }
    }
    package var target: ByteRange {
        get { storage.content.target }
        set { withContent { $0.target = newValue } }
    }
    package var lines: [FieldLine] {
        get { storage.content.lines }
        set { withContent { $0.lines = newValue } }
    }
    package var host: ByteRange? {
        get { storage.content.host }
        set { withContent { $0.host = newValue } }
    }
    package var omitsHost: Bool {
        get { storage.content.omitsHost }
        set { withContent { $0.omitsHost = newValue } }
    }
    package var body: [UInt8] {
        get { storage.content.packedBodyCount == 0 ? storage.content.body : storage.content.wholeBody }
        set { withContent { $0.body = newValue } }
    }
    package var bodyMode: BodyMode {
        get { storage.content.bodyMode }
        set { withContent { $0.bodyMode = newValue } }
    }
    package var trailers: [FieldLine] {
        get { storage.content.trailers }
        set { withContent { $0.trailers = newValue } }
    }
    package var closesConnection: Bool {
        get { storage.content.closesConnection }
        set { withContent { $0.closesConnection = newValue } }
    }
    package var connection: UInt64 {
        get { storage.content.connection }
        set { withContent { $0.connection = newValue } }
    }
    package var exchange: UInt64 {
        get { storage.content.exchange }
        set { withContent { $0.exchange = newValue } }
    }
    /// Bytes of the body.
    package var bodyCount: Int { storage.content.packedBodyCount + storage.content.body.count }
    package var version: HTTPVersion { storage.content.version }
    package var offersHTTP2: Bool { storage.content.offersHTTP2 }
    package var isHead: Bool { storage.content.isHead }
    package var asksForWebSocket: Bool { storage.content.asksForWebSocket }
    package var signing: PendingSignature? { storage.content.signing }

    /// The head as it goes over the wire stands in so many of the first ``bytes``; 0 where it must be put together.
    package var wireHeadCount: Int { storage.content.wireHeadCount }

    /// All of the request as it goes over the wire stands in so many of the first ``bytes``; 0 where it does not.
    package var wireCount: Int {
        guard storage.content.wireHeadCount > 0 else { return 0 }
        if storage.content.bodyFollowsHead {
            return storage.content.wireHeadCount + bodyCount
        }
        return storage.content.body.isEmpty && storage.content.bodyMode != .chunked
            ? storage.content.wireHeadCount : 0
    }

    /// How much memory the request takes, roughly, in bytes.
    package var cost: Int {
        storage.content.bytes.count + storage.content.body.count
            + storage.content.lines.count * MemoryLayout<FieldLine>.stride + 400
    }

    package func has(_ name: FieldName) -> Bool { lines.contains { $0.known == name } }
}

extension PreparedRequest.Content {
    /// What requests are made of in place.
    static var empty: PreparedRequest.Content {
        PreparedRequest.Content(
            bytes: [],
            method: ByteRange(0..<0),
            target: ByteRange(0..<0),
            lines: [],
            host: nil,
            omitsHost: false,
            version: .http11,
            body: [],
            bodyMode: .none,
            isHead: false,
            closesConnection: false,
            exchange: 0,
            connection: 0
        )
    }

    /// Forgets the request but for what every one says anew, and keeps the memory of bytes and lines.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        trailers.removeAll(keepingCapacity: true)
        host = nil
        hostPrefix = nil
        linesBeforeHost = 0
        signing = nil
        wireHeadCount = 0
        bodyFollowsHead = false
        packedBodyCount = 0
        offersHTTP2 = false
    }

    /// Everything that makes a difference to a request which goes out as it is; its lines are those of its bytes.
    mutating func refill(_ shape: PreparedRequest.Shape, _ packed: Span<UInt8>) {
        let joins = shape.bodyMode != .chunked
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: joins ? packed : packed.extracting(first: shape.headCount))
        if !body.isEmpty { body.removeAll(keepingCapacity: true) }
        if !joins { body.append(contentsOf: packed.extracting(shape.headCount...)) }
        packedBodyCount = joins ? shape.bodyCount : 0
        method = shape.method
        target = shape.target
        version = shape.version
        bodyMode = shape.bodyMode
        isHead = shape.isHead
        asksForWebSocket = shape.asksForWebSocket
        closesConnection = shape.closesConnection
        exchange = shape.exchange
        connection = shape.connection
        wireHeadCount = shape.headCount
        bodyFollowsHead = packedBodyCount > 0
        if !lines.isEmpty { lines = [] }
        if !trailers.isEmpty { trailers = [] }
        signing = nil
    }
}

/// A field as one line, `Name: value`, spelled as recorded.
package struct FieldLine: Hashable, Sendable {
    /// Where the line stands, line end excluded.
    package var line: ByteRange
    /// The bytes up to the colon.
    package var nameCount: Int
    package var hasValue: Bool
    package var known: FieldName?
}

/// The fields that a transport might add on its own, or that the replay rewrites.
package enum FieldName: Hashable, Sendable {
    case host, contentLength, contentType, connection, accept, expect, userAgent, replayMark

    package init?(_ name: Span<UInt8>) {
        guard name.count >= 4 else { return nil }
        // The length and the first letter tell most names apart before they are compared.
        switch (name.count, name[0] | 0x20) {
        case (4, 0x68) where name.equalsIgnoringCase("host"): self = .host
        case (14, 0x63) where name.equalsIgnoringCase("content-length"): self = .contentLength
        case (12, 0x63) where name.equalsIgnoringCase("content-type"): self = .contentType
        case (10, 0x63) where name.equalsIgnoringCase("connection"): self = .connection
        case (6, 0x61) where name.equalsIgnoringCase("accept"): self = .accept
        case (6, 0x65) where name.equalsIgnoringCase("expect"): self = .expect
        case (10, 0x75) where name.equalsIgnoringCase("user-agent"): self = .userAgent
        case (17, 0x78) where name.equalsIgnoringCase("x-tapedeck-replay"): self = .replayMark
        default: return nil
        }
    }
}
