import LoopbackSockets
import MeshDatabase
import MeshService
import MeshTarget
import Testing

extension MeshDatabaseSuite {
    /// Log lines over a WebSocket, as Phoenix channels carry them.
    @Suite struct RealtimeTests {
        static func join(_ topic: String, token: String?) -> String {
            let payload = token.map { #"{"access_token":"\#($0)"}"# } ?? "{}"
            return #"{"topic":"\#(topic)","event":"phx_join","payload":\#(payload),"ref":"1"}"#
        }

        @Test func tellsTheLinesOfARun() throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver("harbor-orders")
                var socket = try WebSocketClient(
                    port: server.port,
                    query: "?apikey=\(Ask.tenant("harbor").token)&vsn=1.0.0"
                )
                try socket.send(Self.join("realtime:run-logs-\(run)", token: nil))
                #expect(try socket.receive().contains(#""event":"phx_reply","payload":{"status":"ok""#))
                #expect(try socket.receive().contains(#""event":"system""#))
                // What was before is not told: Realtime has neither a backlog nor a way to go on.
                try socket.send(#"{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"7"}"#)
                #expect(try socket.receive().contains(#""ref":"7""#))
                // What comes while it is joined.
                let worker = try WorkerThread(Self.worker)
                defer { worker.stop() }
                var seen: [String] = []
                while !seen.contains(where: { $0.contains("run succeeded") }) {
                    seen.append(try socket.receive())
                }
                #expect(
                    seen.allSatisfy { $0.contains("postgres_changes") && $0.contains("commit_timestamp") }
                )
                #expect(!seen.contains { $0.contains("run queued") })
                try socket.send(
                    #"{"topic":"realtime:run-logs-\#(run)","event":"phx_leave","payload":{},"ref":2}"#
                )
                #expect(try socket.receive().contains(#""ref":"2""#))
                #expect(try socket.receive().contains("phx_close"))
            }
        }

        static var worker: WorkerOptions {
            var options = WorkerOptions()
            options.conninfo = Stand.conninfo
            return options
        }

        /// Another tenant's run is joined like any other and says nothing.
        @Test func tellsNothingOfAnothersRun() throws {
            try Stand.with { server in
                var line = try RawConnection(port: server.port)
                let run = try line.deliver("harbor-orders")
                var socket = try WebSocketClient(port: server.port, query: "")
                try socket.send(Self.join("realtime:run-logs-\(run)", token: Ask.tenant("meadow").token))
                #expect(try socket.receive().contains(#""status":"ok""#))
                #expect(try socket.receive().contains("system"))
                #expect(try line.follow(run).status == "succeeded")
                try socket.send(#"{"topic":"phoenix","event":"heartbeat","payload":{},"ref":"last"}"#)
                #expect(try socket.receive().contains("last"))
            }
        }

        @Test(arguments: [
            (join("realtime:run-logs-x", token: "forged"), "unauthorized"),
            (join("realtime:run-logs-x", token: nil), "unauthorized"),
            (join("another topic", token: Ask.tenants[0].token), "unmatched topic"),
            (#"{"topic":"x","event":"broadcast","ref":"1"}"#, "unmatched topic"),
        ])
        func refuses(message: String, reason: String) throws {
            try Stand.with(workers: 0) { server in
                var socket = try WebSocketClient(port: server.port, query: "")
                try socket.send(message)
                #expect(try socket.receive().contains(#""reason":"\#(reason)""#))
            }
        }

        @Test func needsAGoodTokenInTheAddress() throws {
            try Stand.with(workers: 0) { server in
                var line = try RawConnection(port: server.port)
                let request = WebSocketClient.request(query: "?apikey=forged")
                #expect(try line.ask(request).status == 401)
                #expect(try line.isAtEnd())
                var other = try RawConnection(port: server.port)
                #expect(try other.ask(Ask.reading("/realtime/v1/websocket")).status == 426)
            }
        }
    }
}

/// The client's side of a WebSocket, by hand: short text frames (RFC 6455, section 5.2).
struct WebSocketClient {
    private var line: RawConnection

    static func request(query: String) -> String {
        "GET /realtime/v1/websocket\(query) HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    }

    init(port: Int, query: String) throws {
        line = try RawConnection(port: port)
        try line.send(Self.request(query: query))
        let answer = try line.receiveHead()
        // The key of the standard's own example.
        #expect(answer.field("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    mutating func send(_ text: String) throws {
        let mask: [UInt8] = [1, 2, 3, 4]
        let bytes = Array(text.utf8)
        var frame: [UInt8] = [0x81]
        if bytes.count < 126 {
            frame.append(0x80 | UInt8(bytes.count))
        } else {
            frame += [0x80 | 126, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)]
        }
        try line.send(frame + mask + bytes.enumerated().map { $1 ^ mask[$0 % 4] })
    }

    mutating func receive() throws -> String {
        let head = try line.receiveBytes(2)
        var length = Int(head[1])
        if length == 126 {
            let more = try line.receiveBytes(2)
            length = Int(more[0]) << 8 | Int(more[1])
        }
        return String(decoding: try line.receiveBytes(length), as: UTF8.self)
    }
}
