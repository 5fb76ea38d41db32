import Messages
import Testing

/// WebSocket messages in any cut, with what must be refused, what is limited, and what was never captured.
struct WebSocketTests {
    static let deflate = WebSocketExtensions(deflate: .init())
    static let deflateWithoutWindow = WebSocketExtensions(
        deflate: .init(clientKeepsWindow: false, serverKeepsWindow: false)
    )

    /// What a direction holds, and the messages in it.
    static let streams: [(String, [UInt8], [String])] = [
        (
            "lengths of 7, 16 and 64 bits",
            [7, 125, 126, 65_535, 65_536].flatMap {
                FrameBytes.frame(1, [UInt8](repeating: 0x61, count: $0), mask: 0x0403_0201)
            }, [7, 125, 126, 65_535, 65_536].map { String(repeating: "a", count: $0) }
        ),
        (
            "empty messages",
            FrameBytes.text("") + FrameBytes.frame(2, []) + FrameBytes.frame(9, [], mask: 7), ["", "", ""]
        ),
        (
            "a control frame in a message",
            FrameBytes.text("Hel", isFinal: false, mask: 0xDDCC_BBAA)
                + FrameBytes.frame(9, Array("hi".utf8), mask: 0x1122_3344)
                + FrameBytes.frame(0, Array("lo".utf8), mask: 0x0102_0304), ["hi", "Hello"]
        ),
        (
            "a length in more bytes than needed",
            [0x81, 126, 0, 1, 0x61, 0x81, 127, 0, 0, 0, 0, 0, 0, 0, 1, 0x62], ["a", "b"]
        ),
        // RFC 6455 allows 125; there are senders of more, and what they sent is what counts.
        (
            "a control frame that is too long", FrameBytes.frame(8, [UInt8](repeating: 0x43, count: 258)),
            [String(repeating: "C", count: 258)]
        ),
    ]

    @Test(arguments: streams)
    func readsMessagesInAnyCut(_ name: String, _ bytes: [UInt8], _ texts: [String]) {
        var whole = WebSocketReading()
        whole.feed(bytes)
        #expect(whole.texts == texts)
        var cut = WebSocketReading()
        for byte in bytes { cut.feed([byte]) }
        #expect(cut.found == whole.found)
        #expect(cut.frames == whole.frames)
        #expect(whole.sumsUp && cut.sumsUp)
        var glued = WebSocketReading()
        glued.feed(bytes + bytes)
        #expect(glued.texts == texts + texts)
    }

    /// What an endpoint must refuse (RFC 6455, sections 5.2, 5.4 and 5.5), after a frame that is right.
    static let refused: [(String, [UInt8])] = [
        ("a reserved opcode", FrameBytes.frame(3, [1])),
        ("a reserved control opcode", FrameBytes.frame(11, [1])),
        ("a control frame in fragments", FrameBytes.frame(9, [1], isFinal: false)),
        ("a continuation of nothing", FrameBytes.frame(0, [1])),
        ("a message inside a message", FrameBytes.text("a", isFinal: false) + FrameBytes.text("b")),
        ("a reserved bit without an extension", FrameBytes.frame(1, [1], reserved: 4)),
        ("a length of 2^63", [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]),
    ]

    @Test(arguments: refused)
    func countsWhatMustBeRefusedAndAllBehindIt(_ name: String, _ bytes: [UInt8]) {
        for isCut in [false, true] {
            var reading = WebSocketReading()
            let all = FrameBytes.text("right") + bytes + FrameBytes.text("never read")
            if isCut { for byte in all { reading.feed([byte]) } } else { reading.feed(all) }
            reading.finish()
            #expect(reading.texts.first == "right")
            #expect(!reading.texts.contains("never read"))
            #expect(reading.unparsable >= 12, "\(name)")
            #expect(reading.begun == reading.found.count + reading.abandoned)
            #expect(reading.sumsUp, "\(name)")
        }
    }

    @Test func holdsNothingForALengthThatWillNeverCome() {
        var reading = WebSocketReading()
        reading.feed([0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3])
        #expect(reading.heldBytes == 3)
        reading.finish()
        #expect(reading.found.map(\.message.flags) == [.incomplete])
        #expect(reading.heldBytes == 0)
    }

    @Test func cutsAMessageAtItsLimitAndCountsTheRest() {
        var reading = WebSocketReading(limits: WebSocketLimits(messageBytes: 10))
        // Fragments without end are one message.
        reading.feed(FrameBytes.text("12345678", isFinal: false))
        for _ in 0..<1_000 { reading.feed(FrameBytes.frame(0, Array("abcd".utf8), isFinal: false)) }
        #expect(reading.heldBytes == 10)
        reading.feed(FrameBytes.frame(0, Array("z".utf8)) + FrameBytes.text("next"))
        #expect(reading.texts == ["12345678ab", "next"])
        let message = reading.found[0].message
        #expect(message.flags == .truncated)
        #expect(message.frames == 1_002)
        #expect(message.truncatedBytes == 3_999)
        #expect(message.keptBytes == 10)
        #expect(reading.sumsUp)
    }

    @Test func refusesWhatThereIsNoMemoryFor() {
        var reading = WebSocketReading()
        reading.feed(FrameBytes.text("12345678"), room: 3)
        #expect(reading.texts == ["123"])
        #expect(reading.found[0].message.refusedBytes == 5)
        #expect(reading.sumsUp)
    }

    @Test func keepsAGapInsideAPayload() {
        var reading = WebSocketReading()
        let frame = FrameBytes.text("0123456789", mask: 0x0A0B_0C0D)
        reading.feed(frame.prefix(8))
        reading.gap(3)
        reading.feed(frame.dropFirst(11))
        // The mask goes on where it would have been.
        #expect(reading.texts == ["0156789"])
        #expect(reading.found[0].message.flags == .gap)
    }

    @Test func findsFramesAgainBehindAGap() {
        var reading = WebSocketReading()
        let mask: UInt32 = 0x0102_0304
        reading.feed(
            FrameBytes.text("one", mask: mask) + FrameBytes.text("two", isFinal: false, mask: mask).prefix(7)
        )
        reading.gap(50)
        reading.feed(Array("bytes that are no frames".utf8))
        // The rest of a message whose start was lost, then whole ones.
        reading.feed(
            FrameBytes.frame(0, Array("lost".utf8), mask: mask) + FrameBytes.text("three", mask: mask)
        )
        reading.feed(FrameBytes.text("four", mask: mask))
        #expect(reading.texts == ["one", "t", "three", "four"])
        #expect(reading.found[1].message.flags == [.gap, .incomplete])
        #expect(reading.beforeJoin == 24 + 4)
        #expect(reading.sumsUp)
    }

    @Test func takesNoPayloadForFramesBehindAGap() {
        var reading = WebSocketReading()
        reading.gap(10)
        // Unmasked frames, where a client masks.
        reading.feed(FrameBytes.text("three"))
        #expect(reading.found.isEmpty)
        #expect(reading.beforeJoin == 7)
    }

    // MARK: permessage-deflate

    @Test func inflatesWithAndWithoutTheWindowOfEarlierMessages() {
        let text = String(repeating: "the same again and again, ", count: 40)
        for (extensions, keeps) in [(Self.deflate, true), (Self.deflateWithoutWindow, false)] {
            var sender = DeflatingSender(keepsWindow: keeps)
            let messages = (0..<3).map { _ in sender.frame(text) }
            if keeps { #expect(messages[1].count < messages[0].count / 2) }
            var reading = WebSocketReading(.request, extensions)
            for message in messages { for byte in message { reading.feed([byte]) } }
            #expect(reading.texts == [text, text, text])
            #expect(reading.found.allSatisfy { $0.message.isCompressed && !$0.message.isUndecoded })
            #expect(reading.sumsUp)
        }
    }

    @Test func readsABlockThatIsMarkedAsTheLast() {
        // RFC 7692, section 7.2.3.4, and a message that points back over it (section 7.2.3.2).
        var reading = WebSocketReading(.request, Self.deflate)
        reading.feed(FrameBytes.frame(1, [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], reserved: 4))
        reading.feed(FrameBytes.frame(1, [0xF2, 0x00, 0x11, 0x00, 0x00], reserved: 4))
        #expect(reading.texts == ["Hello", "Hello"])
    }

    @Test func survivesACompressionBomb() {
        let zeros = [UInt8](repeating: 0, count: 4 << 20)
        var sender = DeflatingSender(keepsWindow: true)
        let limits = WebSocketLimits(messageBytes: 1_000, discardedBytes: 2 << 20)
        var reading = WebSocketReading(.request, Self.deflate, limits: limits)
        reading.feed(sender.frame(zeros))
        #expect(reading.found.map(\.bytes.count) == [1_000])
        #expect(reading.found[0].message.flags.contains(.truncated))
        // What the next one points back to is gone with the window.
        let next = sender.frame(Array("next".utf8))
        reading.feed(next)
        #expect(reading.found[1].message.isUndecoded)
        #expect(reading.found[1].bytes == Array(next.dropFirst(2)))
        #expect(reading.sumsUp)
    }

    @Test func keepsTheWindowOfAMessageThatIsOnlyTooLong() {
        let text = (0..<2_000).map { "\($0) " }.joined()
        var sender = DeflatingSender(keepsWindow: true)
        var reading = WebSocketReading(.request, Self.deflate, limits: WebSocketLimits(messageBytes: 100))
        reading.feed(sender.frame(text))
        reading.feed(sender.frame(String(text.suffix(80))))
        #expect(reading.texts == [String(text.prefix(100)), String(text.suffix(80))])
        #expect(!reading.found[1].message.isUndecoded)
    }

    /// Whether windows are kept, and whether a message behind one that cannot be inflated can be.
    @Test(arguments: [(true, false), (false, true)])
    func tellsWhatCannotBeInflated(_ keepsWindow: Bool, _ isNextReadable: Bool) {
        let extensions = keepsWindow ? Self.deflate : Self.deflateWithoutWindow
        var sender = DeflatingSender(keepsWindow: keepsWindow)
        var reading = WebSocketReading(.request, extensions)
        reading.feed(FrameBytes.frame(1, [0xFF, 0xFF, 0xFF, 0xFF], reserved: 4))
        reading.feed(sender.frame("next"))
        #expect(reading.found[0].message.isUndecoded)
        #expect(reading.found[1].message.isUndecoded == !isNextReadable)
        #expect(reading.sumsUp)
    }

    /// Whether windows are kept, and whether a message behind a gap in one can be inflated.
    @Test(arguments: [(true, false), (false, true)])
    func losesTheWindowInAGap(_ keepsWindow: Bool, _ isNextReadable: Bool) {
        let extensions = keepsWindow ? Self.deflate : Self.deflateWithoutWindow
        var sender = DeflatingSender(keepsWindow: keepsWindow)
        var reading = WebSocketReading(.request, extensions)
        let frame = sender.frame((0..<40).map { "\($0)" }.joined())
        reading.feed(frame.prefix(10))
        reading.gap(4)
        reading.feed(frame.dropFirst(14))
        reading.feed(sender.frame("next"))
        #expect(reading.found[0].message.flags.contains(.gap))
        #expect(reading.found[1].message.isUndecoded == !isNextReadable)
        #expect(reading.sumsUp)
    }

    @Test func readsPlainMessagesBetweenCompressedOnes() {
        var sender = DeflatingSender(keepsWindow: true)
        var reading = WebSocketReading(.request, Self.deflate)
        reading.feed(sender.frame("first") + FrameBytes.text("plain") + sender.frame("first"))
        #expect(reading.texts == ["first", "plain", "first"])
        #expect(reading.found.map(\.message.isCompressed) == [true, false, true])
    }

    /// A field as the server sends it, and what it agrees to.
    static let agreements: [(String, WebSocketExtensions)] = [
        ("", WebSocketExtensions()),
        ("permessage-deflate", deflate),
        ("Permessage-Deflate; server_max_window_bits=10 ;client_max_window_bits=12", deflate),
        (
            "permessage-deflate; server_no_context_takeover",
            WebSocketExtensions(deflate: .init(serverKeepsWindow: false))
        ),
        (
            "x-webkit-deflate-frame, permessage-deflate;client_no_context_takeover;x=\"1\"",
            WebSocketExtensions(deflate: .init(clientKeepsWindow: false), hasOthers: true)
        ),
    ]

    @Test(arguments: agreements)
    func readsWhatWasAgreedOn(_ field: String, _ expected: WebSocketExtensions) throws {
        let text = "HTTP/1.1 101 Switching\r\nSec-WebSocket-Extensions: \(field)\r\n\r\n"
        let head = try Head(parsing: Array(text.utf8), kind: .response)
        #expect(WebSocketExtensions(head) == expected)
    }
}
