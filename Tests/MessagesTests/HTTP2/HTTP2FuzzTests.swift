import Messages
import SeededRandom
import Testing

/// Seeded HTTP/2 connections, whole and damaged, in random cuts.
@Suite struct HTTP2FuzzTests {
    /// What was written is what is read: streams that interleave, in any framing and in any cut.
    @Test(arguments: 0..<150 as Range<UInt64>) func readsWhatWasWritten(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let script = Script(using: &generator)
        var reading = HTTP2Reading()
        var rest = script.bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(rest.count, 60), using: &generator)
            reading.feed(Array(rest.prefix(count)), .request)
            rest = rest.dropFirst(count)
        }
        reading.finish()
        #expect(reading.sumsUp, "seed \(seed)")
        for (ordinal, message) in script.messages.enumerated() {
            let lines = reading.dialogue.requests.lines.filter { $0.hasPrefix("\(ordinal) ") }
            let body = lines.filter { $0.hasPrefix("\(ordinal) body ") }.map {
                $0.dropFirst("\(ordinal) body ".count)
            }
            #expect(lines.contains { $0.contains(" \(message.path) 2 ") }, "seed \(seed)")
            #expect(body.joined() == message.body, "seed \(seed)")
            #expect(lines.last == "\(ordinal) end \(message.body.utf8.count)", "seed \(seed)")
        }
        #expect(reading.dialogue.requests.lines.allSatisfy { !$0.hasPrefix("skipped") }, "seed \(seed)")
    }

    /// Damage, gaps and joins: every byte is in a bucket, and every message that began ends.
    @Test(arguments: 0..<300 as Range<UInt64>) func accountsForEveryByte(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 1_000)
        var limits = HTTPLimits.default
        limits.headBytes = 200
        limits.bodyBytes = 40
        limits.outstandingRequests = 3
        var reading = HTTP2Reading(limits: limits, joined: seed.isMultiple(of: 3))
        for kind in [MessageKind.request, .response] {
            var bytes = Script(using: &generator).bytes
            for _ in 0..<Int.random(in: 0...5, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.insert(UInt8.random(in: 0...16, using: &generator), at: index)
                default: bytes.remove(at: index)
                }
            }
            while !bytes.isEmpty {
                let count = Int.random(in: 1...min(bytes.count, 50), using: &generator)
                if Int.random(in: 0..<15, using: &generator) == 0 {
                    reading.gap(count, kind)
                } else {
                    reading.feed(Array(bytes.prefix(count)), kind)
                }
                bytes.removeFirst(count)
                let sumsUp = reading.sumsUp
                #expect(sumsUp, "seed \(seed)")
            }
        }
        reading.finish()
        #expect(reading.sumsUp, "seed \(seed)")
        #expect(reading.conversation.pendingBytes == 0, "seed \(seed)")
        for lines in [reading.dialogue.requests.lines, reading.dialogue.responses.lines] {
            let began = lines.filter { $0.hasSuffix("began") }.count
            let over = lines.filter { $0.contains(" end ") || $0.hasSuffix("abandoned") }.count
            #expect(began == over, "seed \(seed): \(lines)")
        }
    }

    /// A few requests whose frames are shuffled, but for those of each stream.
    struct Script {
        var messages: [(path: String, body: String)] = []
        var bytes: [UInt8] = []

        init(using generator: inout SeededGenerator) {
            var writer = FrameWriter(preface: true)
            var open: [(stream: UInt32, left: Substring)] = []
            var next: UInt32 = 1
            while next < 20 || !open.isEmpty {
                if next < 20, open.isEmpty || Bool.random(using: &generator) {
                    let path = "/\(next)"
                    let body = String(repeating: "\(next)", count: Int.random(in: 0...60, using: &generator))
                    writer.headers(
                        next,
                        [(":method", "POST"), (":path", path), ("x-name", "value \(next % 3)")],
                        ends: body.isEmpty,
                        padding: Bool.random(using: &generator)
                            ? UInt8.random(in: 0...20, using: &generator) : 0,
                        priority: Bool.random(using: &generator),
                        parts: Int.random(in: 1...3, using: &generator)
                    )
                    messages.append((path, body))
                    if !body.isEmpty { open.append((next, body[...])) }
                    next += 2
                } else if let place = open.indices.randomElement(using: &generator) {
                    let count = Int.random(in: 1...open[place].left.count, using: &generator)
                    let isLast = count == open[place].left.count
                    writer.data(
                        open[place].stream,
                        String(open[place].left.prefix(count)),
                        ends: isLast,
                        padding: Bool.random(using: &generator) ? 3 : 0
                    )
                    open[place].left = open[place].left.dropFirst(count)
                    if isLast { open.remove(at: place) }
                }
                if Int.random(in: 0..<6, using: &generator) == 0 {
                    writer.frame(6, 0, 0, payload: [UInt8](repeating: 7, count: 8))
                }
            }
            bytes = writer.bytes
        }
    }
}
