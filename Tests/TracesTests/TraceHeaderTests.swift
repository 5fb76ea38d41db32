import Bytes
import Testing
import Traces

@Suite struct TraceHeaderTests {
    static let header = TraceHeader(
        traceID: MemberTests.trace,
        part: 2,
        sources: [.init(id: 0, host: "web\"1", interface: "eth0", clock: "realtime")],
        toolVersion: "0.1.0",
        anonymizers: [.init(name: "credentials", fingerprint: "5f3c")],
        isAnonymized: true,
        keyID: TraceHeader.ephemeralKey
    )
    static let line =
        #"{"schema":"tapedeck.trace/1","format":1,"requires":[],"trace_id":"01234567-89ab-4def-8123-456789abcdef","#
        + #""part":2,"sources":[{"id":0,"host":"web\"1","interface":"eth0","clock":"realtime"}],"#
        + #""tool_version":"0.1.0","anonymizers":[{"name":"credentials","fingerprint":"5f3c"}],"#
        + #""anonymized":true,"key_id":"ephemeral"}"# + "\n"

    static func parse(_ line: String) throws(TraceHeaderError) -> TraceHeader {
        try TraceHeader(parsing: Array(line.utf8).span)
    }

    @Test func isOneLineOfJSON() throws {
        #expect(String(decoding: Self.header.line, as: UTF8.self) == Self.line)
        #expect(try Self.parse(Self.line) == Self.header)
        var bare = Self.header
        bare.keyID = nil
        bare.isAnonymized = false
        bare.anonymizers = []
        #expect(try TraceHeader(parsing: bare.line.span) == bare)
    }

    @Test func unknownMembersArePassedOver() throws {
        let line = Self.line.replacing(#""part":2"#, with: #""part":2,"more":{"x":[1]}"#)
        #expect(try Self.parse(line) == Self.header)
    }

    @Test(arguments: [
        (#""format":1"#, #""format":2"#, TraceHeaderError.unsupportedFormat("2")),
        (#""format":1"#, #""format":1.0"#, .unsupportedFormat("1.0")),
        (#""format":1"#, #""forma":1"#, .field("format")),
        (#""requires":[]"#, #""requires":["sealed"]"#, .requires(["sealed"])),
        (#""requires":[]"#, #""requires":[1]"#, .field("requires")),  // never taken for none
        (#""requires":[],"#, "", .field("requires")),
        ("01234567-", "0123456-", .field("trace_id")),
        (#""part":2"#, #""part":-1"#, .field("part")),
        (#""anonymized":true"#, #""anonymized":1"#, .field("anonymized")),  // never taken for false or true
        (#""id":0"#, #""id":65536"#, .field("sources")),
    ]) func refusesWhatItMustNotGuess(old: String, new: String, error: TraceHeaderError) {
        #expect(Self.line.contains(old))
        #expect(throws: error) { _ = try Self.parse(Self.line.replacing(old, with: new)) }
    }

    @Test func saysWhatIsRequired() {
        #expect(
            TraceHeaderError.requires(["sealed"]).description
                == "reading it requires sealed, which this version does not have; "
                + "use the version of tapedeck that wrote it, or a later one"
        )
    }

    @Test(arguments: [
        "01234567-89ab-4def-8123-456789abcde", "01234567-89ab-4def-8123-456789abcdef0",
        "0123456789ab-4def-8123-456789abcdef-", "g1234567-89ab-4def-8123-456789abcdef", "",
    ]) func refusesWhatIsNoUUID(text: String) {
        #expect(TraceID(text) == nil)
    }

    @Test func identifiersHaveTheirUsualForm() {
        let text = "00000000-0000-0000-0000-00000000000a"
        #expect(TraceID(text) == TraceID(high: 0, low: 10))
        #expect(TraceID(high: 0, low: 10).description == text)
        // Version 4, variant 10 (RFC 9562, section 5.4), whatever the random bits are.
        #expect(TraceID(randomHigh: .max, low: .max).description == "ffffffff-ffff-4fff-bfff-ffffffffffff")
        #expect(TraceID(randomHigh: 0, low: 0).description == "00000000-0000-4000-8000-000000000000")
    }
}
