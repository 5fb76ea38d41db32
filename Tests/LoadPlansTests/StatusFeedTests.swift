import JSON
import LoadPlans
import Testing

/// A stream in which a target tells of changes of runs.
@Suite struct StatusFeedTests {
    private static let text = """
        id: 1

        : heartbeat

        event: run
        id: 2
        data: {"type":"UPDATE","record":{"id":"a","status":"running","started_at":"2026-03-01T00:00:01Z"}}

        event: log
        id: 3
        data: {"record":{"id":"l","run_id":"a","message":"succeeded"}}

        event: run
        id: 4
        data: {"record":{"id":"a","status":"succeeded",
        data: "finished_at":"2026-03-01T00:00:05Z","delay_ms":7}}

        event: run
        id: 5
        data: {"record":null}


        """

    private static func rule() -> ExecutionRule.StatusStream {
        var rule = ExecutionRule.StatusStream(path: "/stream")
        rule.events = ["run"]
        rule.run = ["record"]
        return rule
    }

    /// In pieces of every size, as one and the same.
    @Test(arguments: [1, 2, 3, 7, 64, 10_000])
    func changesAreRead(_ size: Int) {
        var feed = StatusFeed(Self.rule(), delay: ExecutionRule.DelayPlace(path: ["delay_ms"]))
        let bytes = Array(Self.text.utf8)
        var runs: [RunSighting] = []
        var looked = 0
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = bytes.span.extracting(start..<min(bytes.count, start + size))
            runs += feed.take(piece) { looked += $0.count > 0 ? 1 : 0 }
        }
        #expect(runs.map(\.id) == ["a", "a"] && runs.map(\.state) == [.running, .succeeded])
        #expect(runs.last?.delay == 7_000_000 && runs.last?.finished != nil)
        // Log lines are looked through as well: who reads them is who reads the stream.
        #expect(looked == 4 && feed.changes == 2 && feed.unreadable == 1 && feed.lastEventID == "5")
    }

    /// The whole of the data where the plan says nothing else; another connection goes on after the last event.
    @Test func anotherConnectionGoesOn() {
        var feed = StatusFeed(ExecutionRule.StatusStream(path: "/stream"), delay: nil)
        #expect(!feed.isUnderWay)
        let first = feed.take(
            Array("id: 9\ndata: {\"id\":\"a\",\"status\":\"queued\"}\n\ndata: {\"id\"".utf8).span
        ) {
            _ in
        }
        #expect(first.count == 1 && feed.isUnderWay)
        feed.restart()
        #expect(feed.lastEventID == "9" && !feed.isUnderWay)
        let second = feed.take(Array("data: {\"id\":\"b\",\"status\":\"failed\"}\n\n".utf8).span) { _ in }
        #expect(second.map(\.id) == ["b"] && feed.unreadable == 0)
    }
}
