import Messages
import Testing

/// HTTP/2 connections that are joined in the middle, or of which bytes are missing.
@Suite struct HTTP2GapTests {
    private static let fields = [(":method", "GET"), (":scheme", "http"), (":path", "/a"), ("accept", "*/*")]

    @Test func marksFieldsFromBeforeTheJoin() {
        var requests = FrameWriter(preface: true)
        requests.headers(1, Self.fields, ends: true)
        requests = FrameWriter(continuing: requests)
        requests.headers(3, Self.fields + [("new", "x")], ends: true)
        requests.headers(5, Self.fields + [("new", "x")], ends: true)
        let reading = HTTP2Reading(requests.bytes, [], joined: true)
        let unknown = "[:method=GET] [:scheme=http] [:unknown=] [:unknown=]"
        #expect(
            reading.dialogue.requests.lines == [
                "0 began", "0 head GET  2 \(unknown) [new=x] none +joined +unknown-fields",
                "0 end 0 +joined +unknown-fields",
                "1 began", "1 head GET  2 \(unknown) [new=x] none +unknown-fields", "1 end 0 +unknown-fields",
            ]
        )
        #expect(reading.sumsUp)
    }

    /// Cut off anywhere, what follows is found again: all requests but the one that is cut and one more at most.
    @Test func findsFramesFromAnyByteOn() {
        var writer = FrameWriter(preface: true)
        writer.isPlain = true
        for stream in 0..<8 { writer.request(UInt32(2 * stream + 1), "/\(stream)", body: "body \(stream)") }
        let all = HTTP2Reading(writer.bytes, []).dialogue.requests.lines
        let last = all.filter { $0.contains(" body ") }.suffix(4).map { String($0.dropFirst(2)) }
        let frames = writer.bytes.count / 8
        for cut in 1...(3 * frames) {
            let bytes = Array(writer.bytes[cut...])
            for size in [Int.max, 5] {
                let reading = HTTP2Reading(bytes, [], cuts: size, joined: true)
                let found = reading.dialogue.requests.lines.filter { $0.contains(" body ") }.suffix(4)
                #expect(found.map { String($0.dropFirst(2)) } == last, "joined at \(cut), cut into \(size)")
                #expect(reading.sumsUp, "joined at \(cut), cut into \(size)")
            }
        }
    }

    @Test func aConnectionJoinedAtItsStartIsWhole() {
        var requests = FrameWriter(preface: true)
        requests.request(1, "/a")
        requests.request(3, "/a")
        let reading = HTTP2Reading(requests.bytes, [], joined: true)
        #expect(reading.dialogue.requests.lines.filter { $0.hasSuffix("/a] none") }.count == 1)
        #expect(reading.dialogue.requests.lines.allSatisfy { !$0.contains("unknown") })
        #expect(reading.conversation.counts(of: .request).beforeJoin == 0)
    }

    @Test func aGapInDataCostsThoseBytesOnly() {
        var requests = FrameWriter(preface: true)
        requests.headers(1, [(":method", "POST"), (":path", "/a")])
        requests.data(1, "0123456789", ends: true)
        let hole = requests.bytes.count - 7
        requests.request(3, "/b")
        var reading = HTTP2Reading()
        reading.feed(Array(requests.bytes[..<hole]), .request)
        reading.gap(4, .request)
        reading.feed(Array(requests.bytes[(hole + 4)...]), .request)
        reading.finish()
        let lines = reading.dialogue.requests.lines
        #expect(lines.contains("0 gap 4") && lines.contains("0 body 789") && lines.contains("0 end 10 +gap"))
        #expect(lines.last == "1 end 0")
        #expect(reading.sumsUp)
    }

    @Test func aGapInAHeaderBlockForgetsTheTable() {
        var requests = FrameWriter(preface: true)
        requests.headers(1, Self.fields, ends: true)
        let start = requests.bytes.count
        requests.headers(3, Self.fields + [("lost", "x")], ends: true)
        let hole = start + 12
        requests.headers(5, Self.fields, ends: true)
        var reading = HTTP2Reading()
        reading.feed(Array(requests.bytes[..<hole]), .request)
        reading.gap(2, .request)
        reading.feed(Array(requests.bytes[(hole + 2)...]), .request)
        reading.finish()
        let lines = reading.dialogue.requests.lines
        #expect(lines.contains("1 abandoned"))
        #expect(lines.last == "2 end 0 +unknown-fields")
        #expect(reading.sumsUp)
    }

    /// A hole over several frames: the messages under way say so, and the next ones are read.
    @Test func aGapOverFramesFindsTheNext() {
        var requests = FrameWriter(preface: true)
        requests.isPlain = true
        requests.headers(1, [(":method", "POST"), (":path", "/a")])
        requests.data(1, "0123456789")
        let hole = requests.bytes.count - 5
        requests.request(3, "/lost", body: "lost")
        let end = requests.bytes.count - 2
        for stream in 2..<6 { requests.request(UInt32(2 * stream + 1), "/b", body: "b") }
        requests.data(1, "z", ends: true)
        var reading = HTTP2Reading()
        reading.feed(Array(requests.bytes[..<hole]), .request)
        reading.gap(end - hole, .request)
        reading.feed(Array(requests.bytes[end...]), .request)
        reading.finish()
        let lines = reading.dialogue.requests.lines
        #expect(lines.contains("0 end 11 +gap"), "\(lines)")
        #expect(lines.filter { $0.contains("/b") }.count == 4, "\(lines)")
        #expect(!lines.contains { $0.contains("lost") })
        #expect(reading.sumsUp)
    }

    @Test func anAnswerWithoutItsRequestSaysSo() {
        var responses = FrameWriter(preface: false)
        responses.response(5, "200", body: "x")
        let reading = HTTP2Reading([], responses.bytes)
        #expect(reading.dialogue.responses.lines.last == "0 end 1 +no-request")
    }
}
