import Packets
import SeededRandom
import Streams
import Testing

/// Whatever happens to the segments on their way, the bytes that come out are those that were sent.
@Suite struct ReassemblyPropertyTests {
    /// A segment of one side: an offset and bytes.
    struct Piece {
        var offset: Int
        var bytes: [UInt8]
    }

    /// Segments that cover the stream, some of them again, some overlapping, out of order within a window.
    static func pieces(of stream: [UInt8], using generator: inout SeededGenerator) -> [Piece] {
        var pieces: [Piece] = []
        var offset = 0
        while offset < stream.count {
            let count = min(stream.count - offset, Int.random(in: 1...40, using: &generator))
            let start = max(0, offset - (Int.random(in: 0..<4, using: &generator) == 0 ? 7 : 0))
            let end = min(
                stream.count,
                offset + count + (Int.random(in: 0..<4, using: &generator) == 0 ? 5 : 0)
            )
            let piece = Piece(offset: start, bytes: Array(stream[start..<end]))
            pieces.append(piece)
            if Int.random(in: 0..<5, using: &generator) == 0 { pieces.append(piece) }
            offset += count
        }
        for index in pieces.indices where Int.random(in: 0..<3, using: &generator) == 0 {
            let other = min(pieces.count - 1, index + Int.random(in: 0..<8, using: &generator))
            pieces.swapAt(index, other)
        }
        return pieces
    }

    static func stream(_ count: Int, using generator: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0x61...0x7A, using: &generator) }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func givesTheSameStreams(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var script = SegmentScript()
        // Both wrap somewhere on the way, for every seed somewhere else.
        script.clientStart = UInt32.max &- UInt32(seed) &* 3
        script.serverStart = UInt32.max &- UInt32.random(in: 0...1_000, using: &generator)
        let streams = Side.allCases.map { _ in
            Self.stream(Int.random(in: 0...1_000, using: &generator), using: &generator)
        }
        var queues = streams.map { Self.pieces(of: $0, using: &generator)[...] }
        script.handshake()
        while !queues.allSatisfy(\.isEmpty) {
            let side = Side.allCases[Int.random(in: 0..<2, using: &generator)]
            guard let piece = queues[Int(side.rawValue)].popFirst() else { continue }
            script.send(side, piece.bytes, at: piece.offset, ack: 0)
        }
        for side in Side.allCases {
            script.send(side, [], at: streams[Int(side.rawValue)].count, ack: 0, flags: .fin)
        }
        for side in Side.allCases {
            #expect(script.log.streams[side] ?? [] == streams[Int(side.rawValue)])
        }
        #expect(script.log.lines.last == "0 fin")
        let counts = script.reassembler.counts
        #expect(counts.isBalanced)
        #expect(counts.conflicting == 0 && counts.missing == 0 && counts.held == 0)
        #expect(counts.delivered == UInt64(streams[0].count + streams[1].count))
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func accountsForEveryByteThatWasLost(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var script = SegmentScript()
        let stream = Self.stream(800, using: &generator)
        script.handshake()
        for piece in Self.pieces(of: stream, using: &generator)
        where Int.random(in: 0..<6, using: &generator) > 0 {
            script.send(.client, piece.bytes, at: piece.offset, ack: 0)
        }
        script.send(.client, [], at: stream.count, ack: 0, flags: .fin)
        script.finish()
        let read = script.log.streams[.client] ?? []
        #expect(read.count == stream.count)
        for (index, byte) in read.enumerated() where byte != 0x5F { #expect(byte == stream[index]) }
        let counts = script.reassembler.counts
        #expect(counts.isBalanced && counts.held == 0)
        #expect(counts.delivered + counts.missing == UInt64(stream.count))
        #expect(counts.missing == UInt64(script.log.gapBytes))
    }

    /// From 2³² − 10 to 10 it is 20 bytes.
    @Test(arguments: 0...20)
    func wrapsAnywhere(_ cut: Int) {
        var script = SegmentScript()
        script.clientStart = UInt32.max - 10
        let text = "abcdefghijklmnopqrst"
        script.send(.client, "", flags: .syn)
        script.send(.client, String(text.dropFirst(cut)), at: cut)
        script.send(.client, String(text.prefix(cut)))
        script.send(.client, "u", at: 20, flags: .fin)
        #expect(script.log.text(.client) == text + "u")
        #expect(script.log.gapBytes == 0)
    }
}
