import LoopbackSockets
import MeshTarget
import Testing

/// The server over loopback, spoken to with raw bytes.
@Suite struct MeshServerTests {
    static func delivery(_ server: MeshServer, _ slug: String, id: String, body: String = "{}") -> String {
        let tenant = MeshTenant.all(seed: 1).first { $0.hooks.contains { $0.slug == slug } }
        let signature = SignatureCheck.signature(of: Array(body.utf8), secret: tenant?.signingSecret ?? [])
        return "POST /api/hooks/\(slug) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "X-Delivery-Id: \(id)\r\nX-Hub-Signature-256: \(signature)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            + body
    }

    static func reading(_ path: String, version: String = "1.1", _ fields: String = "") -> String {
        let token = MeshTenant.all(seed: 1)[0].token
        return "GET \(path) HTTP/\(version)\r\nHost: a\r\nAuthorization: Bearer \(token)\r\n\(fields)\r\n"
    }

    static func withServer(
        limits: MeshLimits = MeshLimits(),
        _ test: (MeshServer) throws -> Void
    ) throws {
        let server = try MeshServer.start(MeshServer.Options(), limits: limits)
        defer { server.stop() }
        try test(server)
    }

    @Test func answersPipelinedRequestsInOrder() throws {
        try Self.withServer { server in
            var line = try RawConnection(port: server.port)
            let requests = (0..<20).map { Self.delivery(server, "harbor-orders", id: "\($0)") }
            try line.send(requests.joined())
            let ids = try (0..<20).map { _ in try line.receive().field("X-Run-Id") }
            let expected = (0..<20).map {
                RunID(seed: 1, slug: "harbor-orders", delivery: "\($0)", body: [], occurrence: 0).text
            }
            #expect(ids == expected)
        }
    }

    @Test func takesRequestsByteByByteAndInChunks() throws {
        try Self.withServer { server in
            var line = try RawConnection(port: server.port)
            for byte in Self.delivery(server, "harbor-orders", id: "bytes").utf8 { try line.send([byte]) }
            #expect(try line.receive().status == 202)

            let whole = Self.delivery(server, "harbor-orders", id: "chunks", body: "[1,2,3]")
            let chunked = whole.replacing("Content-Length: 7", with: "Transfer-Encoding: chunked")
                .replacing("[1,2,3]", with: "3\r\n[1,\r\n4;x=y\r\n2,3]\r\n0\r\n\r\n")
            try line.send(chunked)
            #expect(try line.receive().status == 202)
            #expect(server.counts.accepted == 2)
            #expect(server.counts.connections == 1)
        }
    }

    @Test func answersOneThatClosedItsOwnDirection() throws {
        try Self.withServer { server in
            var line = try RawConnection(port: server.port)
            try line.send(Self.delivery(server, "harbor-orders", id: "half"))
            line.closeOutput()
            #expect(try line.receive().status == 202)
            #expect(try line.isAtEnd())
        }
    }

    @Test func refusesALongBodyAndKeepsTheConnection() throws {
        try Self.withServer { server in
            var line = try RawConnection(port: server.port)
            let body = String(repeating: "x", count: MeshLimits.body + 1)
            try line.send(Self.delivery(server, "harbor-orders", id: "long", body: body))
            #expect(try line.receive().status == 413)
            try line.send(Self.reading("/health"))
            #expect(try line.receive().status == 200)
        }
    }

    @Test func tellsOneThatWaitsForAWord() throws {
        try Self.withServer { server in
            var line = try RawConnection(port: server.port)
            let request = Self.delivery(server, "harbor-orders", id: "wait", body: "[]")
            try line.send(request.dropLast(4).description + "\r\nExpect: 100-continue\r\n\r\n")
            #expect(try line.receiveInterim() == 100)
            try line.send("[]")
            #expect(try line.receive().status == 202)

            let length = MeshLimits.body + 1
            try line.send(
                "POST /api/hooks/a HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\nExpect: 100-continue\r\n\r\n"
            )
            let refusal = try line.receive()
            #expect(refusal.status == 413)
            #expect(refusal.field("Connection") == "close")
            #expect(try line.isAtEnd())
        }
    }

    @Test func describesItsAnswers() throws {
        try Self.withServer { server in
            var line = try RawConnection(port: server.port)
            try line.send(Self.reading("/health"))
            let answer = try line.receive()
            #expect(answer.names == ["Date", "Connection", "Content-Type", "Content-Length"])
            #expect(answer.field("Date")?.hasSuffix(" GMT") == true)

            try line.send(Self.reading("/health").replacing("GET", with: "HEAD"))
            let head = try line.receive(isHead: true)
            #expect(head.field("Content-Length") == answer.field("Content-Length"))
            #expect(head.body.isEmpty)

            try line.send(Self.reading("/health", version: "1.0"))
            #expect(try line.receive().field("Connection") == "close")
            #expect(try line.isAtEnd())
        }
    }

    @Test func closesOnWhatIsNotHTTP() throws {
        try Self.withServer { server in
            var line = try RawConnection(port: server.port)
            try line.send("\u{16}\u{3}\u{1} this is no request\r\n\r\n")
            #expect(try line.receive().status == 400)
            #expect(try line.isAtEnd())
            #expect(server.counts.brokenConnections == 1)
        }
    }

    @Test func streamsALogToItsEndAndGoesOn() throws {
        try Self.withServer { server in
            var line = try RawConnection(port: server.port)
            try line.send(Self.delivery(server, "harbor-charges", id: "followed"))
            let id = try #require(try line.receive().field("X-Run-Id"))
            try line.send(Self.reading("/api/runs/\(id)/logs/stream") + Self.reading("/api/runs/\(id)"))
            let stream = try line.receive()
            #expect(stream.field("Content-Type") == "text/event-stream")
            let events = stream.body.split(separator: "\n\n").map { String($0.prefix { $0 != "\n" }) }
            #expect(events == Array(repeating: "event: log", count: 5) + ["event: end"])
            // The next request on the connection is answered when the stream is over.
            #expect(try line.receive().body.contains(#""status":"failed""#))
            #expect(server.counts.openStreams == 0)
        }
    }

    @Test func anOldClientsStreamEndsWithTheConnection() throws {
        try Self.withServer { server in
            var line = try RawConnection(port: server.port)
            try line.send(Self.delivery(server, "harbor-orders", id: "old"))
            let id = try #require(try line.receive().field("X-Run-Id"))
            try line.send(Self.reading("/api/runs/\(id)/logs/stream", version: "1.0"))
            let text = try line.receiveToEnd()
            #expect(!text.contains("ransfer-"))
            #expect(text.contains("\r\n\r\nevent: log\nid: 1\n"))
            #expect(text.hasSuffix("\"status\":\"succeeded\"}\n\n"))
        }
    }

    @Test func aReaderWhoLeavesClosesTheStream() throws {
        try Self.withServer { server in
            var line = try RawConnection(port: server.port)
            try line.send(Self.delivery(server, "harbor-fulfilment", id: "left"))
            let id = try #require(try line.receive().field("X-Run-Id"))
            do {
                var reader = try RawConnection(port: server.port)
                try reader.send(Self.reading("/api/runs/\(id)/logs/stream"))
                try reader.receiveHead()
                reader.reset()
            }
            // The run's own stream says when it is over; the reader who left is gone by then.
            try line.send(Self.reading("/api/runs/\(id)/logs/stream"))
            #expect(try line.receive().status == 200)
            #expect(server.counts.streams == 2)
            #expect(server.counts.openStreams == 0)
        }
    }

    @Test func holdsManyRunningWorkflows() throws {
        try Self.withServer { server in
            var lines = try (0..<4).map { _ in try RawConnection(port: server.port) }
            for index in lines.indices {
                let ids = (0..<500).map { "\(index)-\($0)" }
                // A hundred at a time, so that neither side waits for the other to read.
                for start in stride(from: 0, to: ids.count, by: 100) {
                    let requests = ids[start..<start + 100].map {
                        Self.delivery(server, "meadow-settlement", id: $0)
                    }
                    try lines[index].send(requests.joined())
                    for _ in requests { #expect(try lines[index].receive().status == 202) }
                }
            }
            let counts = server.counts
            #expect(counts.accepted == 2000)
            #expect(counts.peakUnfinished == 2000)
        }
    }

    @Test func closesConnectionsBeyondItsLimit() throws {
        var limits = MeshLimits()
        limits.connections = 1
        try Self.withServer(limits: limits) { server in
            var first = try RawConnection(port: server.port)
            try first.send(Self.reading("/health"))
            #expect(try first.receive().status == 200)
            var second = try RawConnection(port: server.port)
            #expect(try second.isAtEnd())
            try first.send(Self.reading("/health"))
            #expect(try first.receive().status == 200)
            #expect(server.counts.refusedConnections == 1)
        }
    }

    @Test func closesOnAReaderWhoTakesNothing() throws {
        var limits = MeshLimits()
        limits.writeStall = 20_000_000
        try Self.withServer(limits: limits) { server in
            var line = try RawConnection(port: server.port)
            for _ in 0..<10 {
                let requests = (0..<100).map { _ in
                    Self.delivery(server, "harbor-fulfilment", id: "same")
                }
                try line.send(requests.joined())
                for _ in requests { #expect(try line.receive().status == 202) }
            }
            // A hundred pages of some 300 KB are more than the buffers of both sockets hold.
            let request = Self.reading("/api/runs?limit=1000")
            try line.send(String(repeating: request, count: 100))
            var tries = 0
            while server.counts.slowReaders == 0, tries < 1_000_000 { tries += 1 }
            #expect(server.counts.slowReaders == 1)
            #expect(server.counts.answers < 1100)
        }
    }

    @Test func aTakenPortIsAnErrorThatSaysSo() throws {
        try Self.withServer { server in
            var options = MeshServer.Options()
            options.port = server.port
            let error = try #require(throws: MeshServerError.self) { try MeshServer.start(options) }
            #expect(error.description.hasPrefix("cannot listen on 127.0.0.1:\(server.port): "))
        }
    }

    @Test func keepsItsCountsWhenItStops() throws {
        let server = try MeshServer.start()
        var line = try RawConnection(port: server.port)
        try line.send(Self.reading("/health"))
        #expect(try line.receive().status == 200)
        server.stop()
        server.stop()
        #expect(server.counts.statuses == [200: 1])
        #expect(try line.isAtEnd())
    }
}
