import Messages
import Packets
import Traces

/// What is worth a note on one connection: a bounded number, held until the connection has a number in the trace.
struct ConnectionNotes: Sendable {
    /// Bytes of one direction that belong to no message, one after the other and for one reason.
    struct Run: Sendable {
        var reason: SkippedBytes
        var time: PacketTime
        var offset: UInt64
        var amount: UInt64
    }

    /// Notes of a connection of which nothing is in the trace yet.
    private(set) var held: [NoteRecord] = []
    /// Notes made so far, those left out too.
    private(set) var count: UInt64 = 0
    private(set) var leftOut: UInt64 = 0
    /// Bytes of each direction that went by, missing ones included.
    var offsets: [2 of UInt64] = [0, 0]
    private var runs: [2 of Run?] = [nil, nil]

    /// Counts a note, and says whether there is room for it.
    mutating func admit(limit: Int) -> Bool {
        count &+= 1
        if count <= UInt64(limit) { return true }
        leftOut &+= 1
        return false
    }

    mutating func hold(_ note: NoteRecord) {
        held.append(note)
    }

    /// Takes the directions the other way round: what was taken for the server sends the requests.
    mutating func swapDirections() {
        offsets.swapAt(0, 1)
        for index in held.indices {
            held[index].direction = held[index].direction == .request ? .response : .request
        }
    }

    /// Hands out what was held.
    mutating func release() -> [NoteRecord] {
        defer { held = [] }
        return held
    }

    /// Adds bytes to the run under way; answers the run that ends because these are of another kind.
    mutating func skip(
        _ amount: UInt64,
        _ reason: SkippedBytes,
        of kind: MessageKind,
        at time: PacketTime
    ) -> Run? {
        let place = Int(kind.rawValue)
        if runs[place]?.reason == reason {
            runs[place]?.amount &+= amount
            return nil
        }
        defer {
            let end = offsets[place]
            runs[place] = Run(reason: reason, time: time, offset: end - min(end, amount), amount: amount)
        }
        return runs[place]
    }

    /// Ends the run of a direction, if there is one.
    mutating func endRun(of kind: MessageKind) -> Run? {
        guard let run = runs[Int(kind.rawValue)] else { return nil }
        runs[Int(kind.rawValue)] = nil
        return run
    }
}

extension NoteSubject {
    init(_ reason: SkippedBytes) {
        self =
            switch reason {
            case .upgraded: .afterUpgrade
            case .unparsable: .unparsable
            case .oversize: .oversize
            case .beforeJoin: .beforeJoin
            case .aborted: .aborted
            }
    }
}
