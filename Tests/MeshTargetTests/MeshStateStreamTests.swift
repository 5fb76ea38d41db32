import MeshTarget
import Testing

/// Server-sent events of a run's log.
@Suite struct MeshStateStreamTests {
    /// A reader who follows a run.
    struct Follower {
        var stream: MeshStreamID
        var text = ""
        var isOver = false

        init?(_ desk: inout Desk, run: String, lastEventID: String? = nil) {
            var request = desk.reading("/api/runs/\(run)/logs/stream")
            request.lastEventID = lastEventID
            guard case .stream(let id) = desk.state.answer(request, at: desk.now) else { return nil }
            stream = id
            read(&desk)
        }

        mutating func read(_ desk: inout Desk) {
            while !isOver {
                var bytes: [UInt8] = []
                let progress = desk.state.pull(stream, into: &bytes, at: desk.now)
                text += String(decoding: bytes, as: UTF8.self)
                isOver = progress == .ended
                if progress != .more { return }
            }
        }

        var ids: [String] {
            text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
        }
    }

    @Test func followsARunToItsEnd() throws {
        var desk = Desk()
        let run = desk.deliver("harbor-fulfilment")
        var follower = try #require(Follower(&desk, run: run))
        #expect(follower.ids == ["1"])
        var wakeUps = 0
        while let deadline = desk.state.deadline, !follower.isOver {
            desk.now = deadline
            desk.state.advance(to: deadline)
            guard desk.state.takeReadyStreams() == [follower.stream] else { continue }
            wakeUps += 1
            follower.read(&desk)
        }
        #expect(wakeUps == 6)
        #expect(follower.ids == (1...8).map(String.init))
        #expect(
            follower.text.hasSuffix("event: end\ndata: {\"run_id\":\"\(run)\",\"status\":\"succeeded\"}\n\n")
        )
        #expect(desk.state.counts.openStreams == 0)
        #expect(desk.state.counts.streams == 1)
    }

    @Test func writesAnEventAsItsDescriptionSays() throws {
        var desk = Desk()
        let run = desk.deliver("harbor-orders")
        let follower = try #require(Follower(&desk, run: run))
        let time = "2025-03-09T14:05:06.000000Z"
        let expected =
            "event: log\nid: 1\ndata: "
            + #"{"type":"INSERT","table":"logs","commit_timestamp":"\#(time)","record":{"id":1,"run_id":"\#(run)","#
            + #""level":"info","message":"run queued","created_at":"\#(time)"}}"# + "\n\n"
        #expect(follower.text == expected)
    }

    static let resumptions: [(lastEventID: String?, ids: [String])] = [
        (nil, ["1", "2", "3", "4", "5", "6"]), ("4", ["5", "6"]), ("6", []),
        // What is no id of this log starts from the beginning: better twice than never.
        ("7", ["1", "2", "3", "4", "5", "6"]), ("-1", ["1", "2", "3", "4", "5", "6"]),
        ("x", ["1", "2", "3", "4", "5", "6"]),
    ]

    @Test(arguments: resumptions) func resumesWithoutAGap(lastEventID: String?, ids: [String]) throws {
        var desk = Desk()
        let run = desk.deliver("harbor-orders")
        desk.wait(milliseconds: 100)
        let follower = try #require(Follower(&desk, run: run, lastEventID: lastEventID))
        #expect(follower.ids == ids)
        #expect(follower.isOver)
    }

    /// Long runs are silent for ten to twenty seconds at a time, streams never for more than fifteen.
    @Test func breaksALongSilence() throws {
        var desk = Desk()
        var lastHeard: [MeshStreamID: MeshTime] = [:]
        for number in 0..<20 {
            var request = desk.reading("", tenant: 1)
            request.target = "/api/runs/\(desk.deliver("meadow-settlement", id: "\(number)"))/logs/stream"
            guard case .stream(let stream) = desk.state.answer(request, at: desk.now) else { continue }
            lastHeard[stream] = desk.now
        }
        #expect(lastHeard.count == 20)
        var beats = 0
        var longestSilence: Int64 = 0
        while let deadline = desk.state.deadline {
            desk.now = deadline
            desk.state.advance(to: deadline)
            for stream in desk.state.takeReadyStreams() {
                var bytes: [UInt8] = []
                _ = desk.state.pull(stream, into: &bytes, at: desk.now)
                if bytes == Array(": heartbeat\n\n".utf8) { beats += 1 }
                let heard = try #require(lastHeard[stream])
                lastHeard[stream] = desk.now
                longestSilence = max(longestSilence, desk.now.nanoseconds - heard.nanoseconds)
            }
        }
        #expect(beats > 0)
        #expect(longestSilence == MeshLimits.heartbeat)
        #expect(desk.state.counts.openStreams == 0)
    }

    @Test func aReaderWhoLeftIsForgotten() throws {
        var desk = Desk()
        let run = desk.deliver("harbor-orders")
        let follower = try #require(Follower(&desk, run: run))
        desk.state.closeStream(follower.stream)
        desk.wait(milliseconds: 100)
        #expect(desk.state.takeReadyStreams().isEmpty)
        #expect(desk.state.counts.openStreams == 0)
        var bytes: [UInt8] = []
        #expect(desk.state.pull(follower.stream, into: &bytes, at: desk.now) == .ended)
        #expect(bytes.isEmpty)
    }

    @Test func refusesMoreStreamsThanItsLimit() throws {
        var limits = MeshLimits()
        limits.streams = 1
        var desk = Desk(limits: limits)
        let run = desk.deliver("harbor-orders")
        _ = try #require(Follower(&desk, run: run))
        let reply = desk.ask(desk.reading("/api/runs/\(run)/logs/stream"))
        #expect(reply.status == 503)
        #expect(reply.field("Retry-After") == "1")
        #expect(desk.state.counts.refused == 1)
    }

    /// A run that is forgotten ends its streams rather than leave their readers waiting.
    @Test func endsWhenTheRunIsForgotten() throws {
        var limits = MeshLimits()
        limits.finishedRuns = 0
        var desk = Desk(limits: limits)
        let run = desk.deliver("harbor-orders")
        var follower = try #require(Follower(&desk, run: run))
        desk.wait(milliseconds: 100)
        #expect(desk.state.takeReadyStreams() == [follower.stream])
        follower.read(&desk)
        #expect(follower.isOver)
        #expect(desk.state.counts.openStreams == 0)
    }
}
