import Packets
import SeededRandom
import Streams

/// A segment on its way: whose it is, where it stands, and what its sender had received.
struct GeneratedSegment {
    var side: Side
    var offset: Int
    var bytes: [UInt8]
    var acknowledged: Int?
    var flags: TCPFlags = []
}

/// A connection played through between two ends, as a tap between them sees it.
///
/// Each end receives what the other sent some time after the tap saw it, in order, and acknowledges that. A request
/// is sent when few enough others wait, a response when its request has been received whole: no traffic but what can
/// happen.
struct GeneratedConnection {
    let exchanges: [SentExchange]
    private(set) var segments: [GeneratedSegment] = []
    private var streams: [[UInt8]] = [[], []]
    private var sent = [0, 0]
    private var received = [0, 0]
    /// Where each message ends in its stream.
    private var ends: [[Int]] = [[], []]
    private var answered = 0
    private var generator: SeededGenerator

    /// - Parameter depth: How many requests may wait for their responses at once.
    init(_ name: Int, depth: Int, generator: SeededGenerator) {
        var generator = generator
        let count = Int.random(in: 1...8, using: &generator)
        exchanges = (0..<count).map {
            SentExchange("\(name)/\($0)", isLast: $0 == count - 1, using: &generator)
        }
        self.generator = generator
        segments.append(GeneratedSegment(side: .client, offset: -1, bytes: [], flags: .syn))
        segments.append(GeneratedSegment(side: .server, offset: -1, bytes: [], acknowledged: 0, flags: .syn))
        play(depth: depth)
        segments.append(segment(.server, [], flags: .fin))
        received[0] = sent[1] + 1
        segments.append(segment(.client, [], flags: .fin))
        received[1] = sent[0] + 1
        segments.append(
            GeneratedSegment(side: .server, offset: sent[1] + 1, bytes: [], acknowledged: sent[0] + 1)
        )
    }

    /// The bytes that both ends sent.
    var byteCount: Int { streams[0].count + streams[1].count }

    private mutating func play(depth: Int) {
        while answered < exchanges.count || received[0] < sent[1] || received[1] < sent[0] {
            let side: Side = generator.one(in: 2) ? .client : .server
            let index = Int(side.rawValue)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: begin(side, depth: depth)
            case 1 where sent[index] < streams[index].count: send(side)
            case 2: receive(side)
            default:
                if generator.one(in: 6) { segments.append(segment(side, [])) }
            }
        }
    }

    /// Puts a message into the stream of a side, if it may be sent now.
    private mutating func begin(_ side: Side, depth: Int) {
        let index = Int(side.rawValue)
        let place = ends[index].count
        guard place < exchanges.count else { return }
        switch side {
        case .client:
            guard place < answered + depth else { return }
            streams[0] += exchanges[place].request.wire
        case .server:
            guard place < ends[0].count, ends[0][place] <= received[1] else { return }
            streams[1] += exchanges[place].response.wire
        }
        ends[index].append(streams[index].count)
    }

    private mutating func send(_ side: Side) {
        let index = Int(side.rawValue)
        let most = generator.one(in: 3) ? 1_460 : 90
        let count = min(streams[index].count - sent[index], Int.random(in: 1...most, using: &generator))
        segments.append(segment(side, streams[index][sent[index]..<sent[index] + count]))
        sent[index] += count
    }

    private mutating func receive(_ side: Side) {
        let index = Int(side.rawValue)
        let there = sent[1 - index]
        received[index] += Int.random(in: 0...(there - received[index]), using: &generator)
        if generator.one(in: 2) { received[index] = there }
        if side == .client { answered = ends[1].prefix { $0 <= received[0] }.count }
    }

    private func segment(_ side: Side, _ bytes: some Sequence<UInt8>, flags: TCPFlags = [])
        -> GeneratedSegment
    {
        let index = Int(side.rawValue)
        return GeneratedSegment(
            side: side,
            offset: sent[index],
            bytes: Array(bytes),
            acknowledged: received[index],
            flags: flags
        )
    }

    /// A longer copy of a segment that begins earlier in its stream, as a sender that repeats joins what it repeats.
    func overlapping(_ segment: GeneratedSegment, by count: Int) -> GeneratedSegment {
        let start = max(0, segment.offset - count)
        var copy = segment
        copy.bytes = streams[Int(segment.side.rawValue)][start..<segment.offset] + segment.bytes
        copy.offset = start
        return copy
    }
}
