import Messages
import SeededRandom
import Testing

/// Frames with seeded damage, in random cuts and with gaps: the same messages as uncut, every byte in one place.
struct WebSocketFuzzTests {
    private static let limits = WebSocketLimits(messageBytes: 300, discardedBytes: 2_000)

    private static func stream(using generator: inout SeededGenerator) -> [UInt8] {
        var sender = DeflatingSender(keepsWindow: true)
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 1...12, using: &generator) {
            let payload = (0..<Int.random(in: 0...400, using: &generator)).map { _ in
                UInt8.random(in: 0x61...0x64, using: &generator)
            }
            let mask = Bool.random(using: &generator) ? UInt32.random(in: 0...(.max), using: &generator) : nil
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes += sender.frame(payload)
            case 1: bytes += FrameBytes.frame(9, payload.prefix(125), mask: mask)
            case 2:
                let half = payload.count / 2
                bytes += FrameBytes.frame(2, payload.prefix(half), isFinal: false, mask: mask)
                bytes += FrameBytes.frame(10, [1, 2], mask: mask)
                bytes += FrameBytes.frame(0, payload.dropFirst(half), mask: mask)
            default: bytes += FrameBytes.frame(1, payload, mask: mask)
            }
        }
        for _ in 0..<Int.random(in: 0...3, using: &generator) where Bool.random(using: &generator) {
            bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
                in: 0...255,
                using: &generator
            )
        }
        return bytes
    }

    @Test(arguments: 0..<400 as Range<UInt64>)
    func readsTheSameInAnyCut(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = Self.stream(using: &generator)
        var whole = WebSocketReading(.request, WebSocketTests.deflate, limits: Self.limits)
        whole.feed(bytes)
        var cut = WebSocketReading(.request, WebSocketTests.deflate, limits: Self.limits)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(rest.count, 40), using: &generator)
            cut.feed(rest.prefix(count))
            rest = rest.dropFirst(count)
            #expect(cut.sumsUp, "seed \(seed)")
            #expect(cut.heldBytes <= Self.limits.messageBytes * 2, "seed \(seed)")
        }
        whole.finish()
        cut.finish()
        #expect(cut.found.map(\.bytes) == whole.found.map(\.bytes), "seed \(seed)")
        #expect(cut.frames == whole.frames, "seed \(seed)")
        #expect(cut.unparsable == whole.unparsable, "seed \(seed)")
        #expect(whole.sumsUp && whole.begun == whole.found.count + whole.abandoned, "seed \(seed)")
    }

    @Test(arguments: 0..<300 as Range<UInt64>)
    func accountsForBytesAroundGaps(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 1_000_000)
        var reading = WebSocketReading(.request, WebSocketTests.deflate, limits: Self.limits)
        var rest = Self.stream(using: &generator)[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(rest.count, 60), using: &generator)
            if Int.random(in: 0..<4, using: &generator) == 0 {
                reading.gap(UInt64(count))
            } else {
                reading.feed(rest.prefix(count), room: Int.random(in: 0...500, using: &generator))
            }
            rest = rest.dropFirst(count)
            #expect(reading.sumsUp, "seed \(seed)")
        }
        reading.finish()
        #expect(reading.sumsUp && reading.begun == reading.found.count + reading.abandoned, "seed \(seed)")
        #expect(reading.heldBytes == 0)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func survivesNoise(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 2_000_000)
        var reading = WebSocketReading(.response, WebSocketTests.deflateWithoutWindow, limits: Self.limits)
        for _ in 0..<50 {
            reading.feed(
                (0..<Int.random(in: 0...90, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
            )
        }
        reading.finish()
        #expect(reading.sumsUp, "seed \(seed)")
    }
}
