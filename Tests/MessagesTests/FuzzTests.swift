import Messages
import SeededRandom
import Testing

/// Valid dialogues with seeded damage, in random cuts: the same events as uncut, and every byte in a bucket.
struct FuzzTests {
    private static let requests: [String] = [
        "GET /a?b=c HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
        "POST /p HTTP/1.1\r\nContent-Length: 11\r\n\r\nhello\r\nGET ",
        "POST /c HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\nA: b\r\n\r\n",
        "HEAD / HTTP/1.0\r\n\r\n",
        "PUT /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
        "\r\nOPTIONS * HTTP/1.1\r\nFolded: a\r\n b\r\nSpaced : c\r\n\r\n",
    ]

    private static let responses: [String] = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 204\r\nServer: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        "HTTP/1.0 500 No\r\nContent-Length: 0\r\n\r\n",
    ]

    /// Bytes that turn one token into another.
    private static let poison: [UInt8] = [0, 9, 10, 13, 32, 44, 48, 49, 58, 59, 72, 127, 128, 255]

    @Test(arguments: 0..<400 as Range<UInt64>)
    func readsTheSameInAnyCut(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let kind: MessageKind = seed.isMultiple(of: 2) ? .request : .response
        let bytes = Self.damaged(kind, using: &generator)
        let isJoined = seed.isMultiple(of: 5)
        var whole = Reading(kind, limits: Self.limits, joined: isJoined)
        whole.feed(bytes)
        whole.finish(.cut)
        var cut = Reading(kind, limits: Self.limits, joined: isJoined)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(rest.count, 9), using: &generator)
            cut.feed(rest.prefix(count))
            rest = rest.dropFirst(count)
            let sumsUp = cut.sumsUp
            #expect(sumsUp, "seed \(seed)")
        }
        cut.finish(.cut)
        #expect(cut.transcript.lines == whole.transcript.lines, "seed \(seed)")
        #expect(cut.parser.counts == whole.parser.counts, "seed \(seed)")
        #expect(whole.parser.counts.total == UInt64(bytes.count), "seed \(seed)")
        #expect(Self.isWellFormed(whole.transcript.lines), "seed \(seed): \(whole.transcript.lines)")
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func accountsForBytesAndGapsOfBothDirections(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed &+ 1_000_000)
        var conversation = HTTPConversation(limits: Self.limits, joined: seed.isMultiple(of: 3))
        var dialogue = Dialogue()
        var given: [MessageKind: UInt64] = [.request: 0, .response: 0]
        var streams: [MessageKind: [UInt8]] = [
            .request: Self.damaged(.request, using: &generator),
            .response: Self.damaged(.response, using: &generator),
        ]
        while let kind = streams.keys.filter({ streams[$0]?.isEmpty == false }).sorted(by: {
            $0.rawValue < $1.rawValue
        })
        .randomElement(using: &generator), let bytes = streams[kind] {
            let count = Int.random(in: 1...min(bytes.count, 40), using: &generator)
            if Int.random(in: 0..<12, using: &generator) == 0 {
                conversation.gap(UInt64(count), from: kind, into: &dialogue)
            } else {
                conversation.receive(Array(bytes.prefix(count)).span, from: kind, into: &dialogue)
            }
            streams[kind] = Array(bytes.dropFirst(count))
            given[kind, default: 0] += UInt64(count)
        }
        for kind in [MessageKind.request, .response] {
            conversation.finish(kind, reset: seed.isMultiple(of: 2), into: &dialogue)
            #expect(conversation.counts(of: kind).total == given[kind], "seed \(seed)")
        }
        dialogue.flush()
        #expect(conversation.pendingBytes == 0, "seed \(seed)")
    }

    private static let limits = HTTPLimits(
        headBytes: 120,
        fieldCount: 4,
        chunkLineBytes: 12,
        trailerBytes: 10,
        bodyBytes: 9,
        outstandingRequests: 3
    )

    private static func damaged(_ kind: MessageKind, using generator: inout SeededGenerator) -> [UInt8] {
        let messages = kind == .request ? requests : responses
        var bytes: [UInt8] = []
        for _ in 0..<Int.random(in: 2...6, using: &generator) {
            bytes += Array((messages.randomElement(using: &generator) ?? "").utf8)
        }
        for _ in 0..<Int.random(in: 0...4, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &generator)
            let byte = poison.randomElement(using: &generator) ?? 0
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: bytes[index] = byte
            case 1: bytes.insert(byte, at: index)
            default: bytes.remove(at: index)
            }
        }
        return bytes
    }

    /// Whether every message begins, has at most one head, and ends once.
    private static func isWellFormed(_ lines: [String]) -> Bool {
        var state = 0
        for line in lines where !line.hasPrefix("skipped") {
            switch (state, line.split(separator: " ").first) {
            case (0, "began"): state = 1
            case (1, "head"): state = 2
            case (1, "abandoned"), (2, "end"): state = 0
            case (2, "body"), (2, "gap"), (2, "trailers"): continue
            default: return false
            }
        }
        return state == 0
    }
}
