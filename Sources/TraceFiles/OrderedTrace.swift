import Packets
import Traces

/// The messages of one recording in the order of their starts, read from its parts one after the other.
struct OrderedTrace {
    private let parts: [TraceReader]
    /// The index of the part that is being read.
    private var current = 0
    private let number: Int
    private let selection: RecordSelection
    private let includesEvents: Bool
    private let pipeBlocks: Int
    private var assembler: MessageAssembler
    private var order: MessageOrder
    private var connections = ConnectionTable()
    /// By part; `nil` where one of them is a pipe.
    private var floors: [StartFloors]?
    private var lastTimes: [PacketTime] = []
    private var floor = PacketTime.distantPast
    private var isEnded = false

    /// `parts` belong to one recording and stand in its order; `number` is that of the first of them.
    init(
        _ parts: [TraceReader],
        number: Int,
        selection: RecordSelection,
        includesEvents: Bool,
        limits: OrderedMessages.Limits
    ) throws(TraceReadError) {
        precondition(!parts.isEmpty, "a recording has a part")
        self.parts = parts
        self.number = number
        self.selection = selection
        self.includesEvents = includesEvents
        pipeBlocks = limits.pipeBlocks
        assembler = MessageAssembler(limits: limits.assembly)
        order = MessageOrder(limits: limits.order)
        floors = try StartFloors.chain(parts)
    }

    var late: UInt64 { order.late }
    var counts: MessageAssembler.Counts { assembler.counts }

    mutating func next() throws(TraceReadError) -> OrderedEntry? {
        while true {
            if !isEnded, order.isFull, floors != nil { try endBlockingMessages() }
            if let entry = order.nextEntry(floor: floor) { return entry }
            if isEnded { return nil }
            try readBlock()
        }
    }

    /// The next message, in the place of one that is done with; false at the end. Events are passed over.
    mutating func next(exchanging message: inout OrderedMessage) throws(TraceReadError) -> Bool {
        while true {
            if !isEnded, order.isFull, floors != nil { try endBlockingMessages() }
            if order.next(floor: floor, exchanging: &message) { return true }
            if isEnded { return false }
            try readBlock()
        }
    }

    /// Takes memory of a message that is done with; changes nothing, and is called in place so.
    mutating func reuse(_ bytes: consuming [UInt8]) { parts[min(current, parts.count - 1)].reuse(bytes) }

    private mutating func readBlock() throws(TraceReadError) {
        let reader = parts[current]
        guard try reader.nextBlock(), let block = reader.block else {
            endPart()
            return
        }
        try reader.forEachRecordInBlock(selection) { step, message in
            switch consume step {
            case .message:
                let connection = connections[message.connection]
                order.insert(exchanging: &message, connection: connection, trace: number)
            case .record(let record): receive(record)
            }
        }
        floor = nextFloor(after: block)
    }

    private mutating func receive(_ record: consuming TraceRecord) {
        switch consume record {
        case .connectionOpen(let open): connections.open(open)
        case .connectionClose(let close): connections.close(close.connection)
        case .event(let event):
            if includesEvents { insert(event) }
            _ = assembler.receive(.event(event))
        case .ledgerSnapshot, .note, .connectionSummary, .endpointLedger, .anonymized: break
        case let part: if let message = assembler.receive(part) { insert(message) }
        }
    }

    /// Puts together what stays open for so long that all that comes after it would have to wait for its end: its pieces
    /// are looked up further on in the file, past what is read in order.
    ///
    /// So an upload of minutes is given out at its place, and the window holds seconds. Each such message costs the
    /// inflating of the blocks up to its end once more.
    private mutating func endBlockingMessages() throws(TraceReadError) {
        while let open = assembler.earliestOpen, open.start < order.firstStart {
            let message: RecordedMessage?
            do {
                message = try assembler.endAhead(open) { take in
                    try Self.pieces(of: open, parts, from: current, take)
                }
            } catch let error as TraceReadError {
                throw error
            } catch {
                preconditionFailure("reading a trace throws errors of its own alone")
            }
            guard let message else { break }
            insert(message)
        }
        if let block = parts[current].block { floor = nextFloor(after: block) }
    }

    /// Hands what comes of a message behind the block at hand to `take`, until that answers with the whole of it.
    private static func pieces(
        of open: OpenMessage,
        _ parts: [TraceReader],
        from current: Int,
        _ take: (TraceRecord) -> RecordedMessage?
    ) throws -> RecordedMessage? {
        var message: RecordedMessage?
        for index in current..<parts.count {
            // What belongs to a part that is missing between two cannot be in the next.
            if index > current, parts[index].header.part != parts[index - 1].header.part + 1 { return nil }
            let reader = try TraceReader(path: parts[index].path)
            if index == current { try reader.seek(to: parts[index].endOfBlock) }
            while message == nil, try reader.nextBlock() {
                try reader.forEachRecordInBlock(of: open) { record in
                    message = take(record)
                    return message == nil
                }
            }
            if message != nil { return message }
        }
        return nil
    }

    /// Goes on to the next part. What is open goes on in it, unless a part between the two is missing.
    private mutating func endPart() {
        let part = parts[current].header.part
        current += 1
        isEnded = current == parts.count
        if isEnded || parts[current].header.part != part + 1 {
            for message in assembler.finish() { insert(message) }
        }
        if isEnded { floor = .distantFuture }
    }

    private mutating func insert(_ message: consuming RecordedMessage) {
        let connection = connections[message.connection]
        order.insert(OrderedMessage(message: message, connection: connection, trace: number))
    }

    private mutating func insert(_ event: EventRecord) {
        order.insert(
            OrderedEvent(event: event, connection: connections[event.connection], trace: number)
        )
    }

    /// The earliest start that may still come, or what is taken for it behind a pipe: there a message that stays open
    /// does not hold up the others, or a live recording would stand still with it.
    private mutating func nextFloor(after block: TraceIndex.Block) -> PacketTime {
        if let unread = floors?[current].floor(after: block.offset) {
            return min(unread, assembler.earliestOpenStart)
        }
        lastTimes.append(block.lastTime)
        guard lastTimes.count > pipeBlocks else { return .distantPast }
        return max(floor, lastTimes.removeFirst())
    }
}

/// For each place in a file, the earliest start that the blocks behind it hold.
struct StartFloors {
    private let offsets: [UInt64]
    private let floors: [PacketTime]
    private var position = 0
    private let last: PacketTime

    /// The floors of the parts of one recording; `nil` where one of them is a pipe.
    static func chain(_ parts: [TraceReader]) throws(TraceReadError) -> [StartFloors]? {
        var reversed: [StartFloors] = []
        var floor = PacketTime.distantFuture
        for part in parts.reversed() {
            guard let blocks = try part.blocks() else { return nil }
            reversed.append(StartFloors(blocks, behind: floor))
            floor = blocks.reduce(floor) { min($0, $1.earliestStart) }
        }
        return reversed.reversed()
    }

    /// `behind` is the earliest start that comes after these blocks.
    init(_ blocks: [TraceIndex.Block], behind: PacketTime = .distantFuture) {
        last = behind
        var floor = behind
        var reversed: [PacketTime] = []
        reversed.reserveCapacity(blocks.count)
        for block in blocks.reversed() {
            floor = min(floor, block.earliestStart)
            reversed.append(floor)
        }
        offsets = blocks.map(\.offset)
        floors = reversed.reversed()
    }

    /// The earliest start behind the block at `offset`; offsets must not go back. Amortized O(1).
    mutating func floor(after offset: UInt64) -> PacketTime {
        while position < offsets.count, offsets[position] <= offset { position += 1 }
        return position < floors.count ? floors[position] : last
    }
}

/// The connections that messages may still belong to.
///
/// A closed one is kept for a while, since the end of its last message may stand behind its closing.
struct ConnectionTable {
    /// How many closed connections are remembered.
    static let maximumClosed = 4_096
    /// How many open ones are, so that a trace without closings has its limit too.
    static let maximumOpen = 1_000_000

    private var connections: [UInt64: ConnectionOpenRecord] = [:]
    private var closed: [UInt64] = []
    private var oldest = 0

    subscript(_ connection: UInt64) -> ConnectionOpenRecord? { connections[connection] }

    mutating func open(_ record: ConnectionOpenRecord) {
        if record.isRepeated, connections[record.connection] != nil { return }
        if connections.count < Self.maximumOpen { connections[record.connection] = record }
    }

    mutating func close(_ connection: UInt64) {
        if closed.count < Self.maximumClosed {
            closed.append(connection)
            return
        }
        connections[closed[oldest]] = nil
        closed[oldest] = connection
        oldest = (oldest + 1) % Self.maximumClosed
    }
}
