/// Reads server-sent events from bytes in any cut (HTML standard, section 9.2.6), with their text.
///
/// Lines end with CR LF, LF or CR; an event is there with the line end of the empty line behind it. What a line or an event
/// holds beyond ``limit`` bytes is left out, and the event is marked.
package struct ServerEventParser: Sendable {
    package struct Event: Hashable, Sendable {
        /// `message` where the stream names none.
        package var name: String
        package var data: [UInt8]
        /// The id that stands in it.
        package var id: String?
        /// Whether something of it was left out.
        package var isCut = false
    }

    /// What an empty line has ended.
    package enum Block: Hashable, Sendable {
        case event(Event)
        /// Comments, an id alone, or nothing: a sign of life.
        case other
    }

    /// Bytes of a line, and of the data of an event.
    package static let limit = 1 << 20

    /// The id of the last event, which is sent along when the stream is taken up again; empty for none.
    package private(set) var lastEventID = ""
    /// Nanoseconds after which the server wants to be asked again.
    package private(set) var retry: UInt64?

    private var line: [UInt8] = []
    private var followsCarriageReturn = false
    private var isAtStart = true
    private var data: [UInt8] = []
    private var hasData = false
    private var name = ""
    private var id: String?
    private var isCut = false

    /// Goes on after an event whose id is known.
    package init(after lastEventID: String = "") {
        self.lastEventID = lastEventID
    }

    /// Forgets what is not whole: the connection is another. The id stays.
    package mutating func restart() { self = ServerEventParser(after: lastEventID) }

    /// The next block that `bytes` end, from `offset` on, which moves past what was used; `nil` where they are used up.
    package mutating func next(_ bytes: Span<UInt8>, at offset: inout Int) -> Block? {
        while offset < bytes.count {
            let start = offset
            while offset < bytes.count, bytes[offset] != 0x0A, bytes[offset] != 0x0D { offset &+= 1 }
            if offset > start {
                followsCarriageReturn = false
                append(bytes.extracting(start..<offset))
            }
            guard offset < bytes.count else { return nil }
            let isReturn = bytes[offset] == 0x0D
            offset &+= 1
            if !isReturn, followsCarriageReturn {
                followsCarriageReturn = false
                continue
            }
            followsCarriageReturn = isReturn
            if let block = endLine() { return block }
        }
        return nil
    }

    private mutating func append(_ piece: Span<UInt8>) {
        let room = Self.limit - line.count
        if piece.count > room { isCut = true }
        for index in 0..<min(piece.count, room) { line.append(piece[index]) }
    }

    private mutating func endLine() -> Block? {
        defer { line.removeAll(keepingCapacity: line.capacity <= 4_096) }
        if isAtStart {
            isAtStart = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        if line.isEmpty { return endBlock() }
        let colon = line.firstIndex(of: 0x3A) ?? line.count
        var value = line[min(colon + 1, line.count)...]
        if value.first == 0x20 { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data":
            if hasData { data.append(0x0A) }
            hasData = true
            let room = max(0, Self.limit - data.count)
            if value.count > room { isCut = true }
            data += value.prefix(room)
        case "event": name = String(decoding: value, as: UTF8.self)
        case "id":
            if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        case "retry":
            if let milliseconds = UInt64(String(decoding: value, as: UTF8.self)), milliseconds < 1 << 32 {
                retry = milliseconds * 1_000_000
            }
        default: break
        }
        return nil
    }

    private mutating func endBlock() -> Block {
        // An id counts even where no data makes an event of it.
        if let id { lastEventID = id }
        defer {
            id = nil
            hasData = false
            isCut = false
            name = ""
            data = []
        }
        guard hasData else { return .other }
        return .event(Event(name: name.isEmpty ? "message" : name, data: data, id: id, isCut: isCut))
    }
}
