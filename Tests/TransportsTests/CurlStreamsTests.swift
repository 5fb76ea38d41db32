import CurlTransport
import Glibc
import Replay
import Testing
import Transports

/// Answers without an end, many at once, over loopback.
@Suite(.serialized) struct CurlStreamsTests {
    private static let head =
        "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:01:40 GMT\r\nContent-Type: text/event-stream\r\n"

    /// What is told of streams until `isEnough`, or until two seconds are over.
    private static func events(
        _ streams: CurlStreams,
        until isEnough: ([String]) -> Bool
    ) throws -> [String] {
        var told: [String] = []
        let end = MonotonicClock.now + 2_000_000_000
        while !isEnough(told), MonotonicClock.now < end {
            try streams.turn(until: MonotonicClock.now + 20_000_000) { stream, event in
                switch event {
                case .field: break
                case .head(let status, let isEventStream, let date):
                    told.append("\(stream) \(status) \(isEventStream) \(date ?? -1)")
                case .message(let bytes):
                    told.append("\(stream) said " + String(decoding: bytes, as: UTF8.self))
                case .body(let bytes): told.append("\(stream) " + String(decoding: bytes, as: UTF8.self))
                case .end(let failure): told.append("\(stream) \(failure == nil ? "whole" : "failed")")
                }
            }
        }
        return told
    }

    private static func streams() throws -> CurlStreams {
        try CurlStreams(TargetConnection(), connections: 10)
    }

    @Test func headsPiecesAndEndsAreTold() throws {
        let server = try ScriptedServer { _, _ in .bytes(Self.head + "Content-Length: 9\r\n\r\ndata: a\n\n") }
        let streams = try Self.streams()
        try streams.open(
            4,
            url: "http://127.0.0.1:\(server.port)/log?a=1",
            headers: ["Last-Event-ID: 7"],
            bytesPerSecond: nil
        )
        let told = try Self.events(streams) { $0.contains("4 whole") }
        #expect(told == ["4 200 true 100", "4 data: a\n\n", "4 whole"])
        #expect(streams.count == 0)
        // A connection that is left serves the next.
        try streams.open(4, url: "http://127.0.0.1:\(server.port)/", headers: [], bytesPerSecond: nil)
        #expect(try Self.events(streams) { $0.contains("4 whole") }.count == 3)
        #expect(server.connections == 1)
        #expect(server.seen[0].bytes.hasPrefix("GET /log?a=1 HTTP/1.1\r\n"))
        #expect(server.seen[0].bytes.contains("\r\nLast-Event-ID: 7\r\n"))
        #expect(!server.seen[1].bytes.contains("Last-Event-ID"))
    }

    /// Of a stream and of a socket, before the head that they make.
    @Test(arguments: [false, true]) func theFieldsOfAHeadAreTold(ofSocket: Bool) throws {
        let refusal = "HTTP/1.1 403 Forbidden\r\nX-Reason: because\r\nContent-Length: 0\r\n\r\n"
        let server = try ScriptedServer { _, _ in .bytes(refusal) }
        let streams = try Self.streams()
        let url = "http://127.0.0.1:\(server.port)/"
        if ofSocket {
            try streams.openSocket(1, url: url, headers: [], seed: 1)
        } else {
            try streams.open(1, url: url, headers: [], bytesPerSecond: nil)
        }
        var fields = ""
        var told: String?
        let end = MonotonicClock.now + 2_000_000_000
        while told == nil, MonotonicClock.now < end {
            try streams.turn(until: end) { _, event in
                switch event {
                case .field(let bytes): fields += String(decoding: bytes, as: UTF8.self)
                case .head: told = fields
                case .message, .body, .end: break
                }
            }
        }
        #expect(told == refusal)
    }

    /// What the server answers, and what is told of it.
    @Test(arguments: [
        // No stream of events, and not followed.
        (
            "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
            ["0 302 false -1", "0 whole"]
        ),
        (
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
            ["0 404 false -1", "0 no", "0 whole"]
        ),
        // Cut in the middle.
        (head + "Content-Length: 90\r\n\r\ndata: a\n", ["0 200 true 100", "0 data: a\n", "0 failed"]),
        ("", ["0 failed"]),
    ])
    func otherAnswersAreTold(_ answer: String, _ expected: [String]) throws {
        let server = try ScriptedServer { _, _ in answer.isEmpty ? .close : .last(answer) }
        let streams = try Self.streams()
        try streams.open(0, url: "http://127.0.0.1:\(server.port)/", headers: [], bytesPerSecond: nil)
        let told = try Self.events(streams) { told in told.contains { $0 == "0 whole" || $0 == "0 failed" } }
        #expect(told == expected)
    }

    @Test func nothingIsToldOfAStreamThatWasClosed() throws {
        let server = try ScriptedServer { _, _ in .bytes(Self.head + "\r\ndata: a\n\n") }
        let streams = try Self.streams()
        for stream in 0..<20 {
            try streams.open(
                stream,
                url: "http://127.0.0.1:\(server.port)/",
                headers: [],
                bytesPerSecond: nil
            )
        }
        let told = try Self.events(streams) { told in told.filter { $0.hasSuffix("data: a\n\n") }.count == 20
        }
        #expect(told.count == 40 && streams.count == 20)
        for stream in 0..<20 { streams.close(stream) }
        streams.close(3)
        #expect(streams.count == 0)
        streams.token.request()
        var isQuiet = true
        try streams.turn(until: MonotonicClock.now + 10_000_000) { _, _ in isQuiet = false }
        #expect(isQuiet)
    }
}
