import Bytes
import LoadPlans

/// What a target tells of its runs: streams of changes, callbacks, rows of a database, and channels of log lines.
///
/// A stream says the same in whatever pieces it comes; no run comes of an event, a callback or a row that has no name and no
/// mark; what a database says becomes part of a script only where it is a moment. Whatever a socket brings, one run has one
/// channel at most, and no credential that a server repeats is told.
enum RunsFuzz {
    private static let letters = Set("0123456789-+:.,TtZz ".utf8)

    static func run(_ input: Span<UInt8>) {
        streams(input)
        callbacks(input)
        rows(input)
        channels(input)
    }

    private static func streams(_ input: Span<UInt8>) {
        var stream = ExecutionRule.StatusStream(path: "/")
        stream.run = ["record"]
        let delay = ExecutionRule.DelayPlace(path: ["delay_ms"])
        var whole = StatusFeed(stream, delay: delay)
        var pieces = StatusFeed(stream, delay: delay)
        var seen = 0
        let runs = whole.take(input) { seen += $0.count }
        var again: [RunSighting] = []
        var seenAgain = 0
        var start = 0
        while start < input.count {
            let end = min(input.count, start + 1 + Int(input[start] % 7))
            again += pieces.take(input.extracting(start..<end)) { seenAgain += $0.count }
            start = end
        }
        precondition(runs == again && seen == seenAgain, "pieces tell something else")
        precondition(whole.lastEventID == pieces.lastEventID, "pieces end elsewhere")
        precondition(whole.changes == UInt64(runs.count), "a change is not counted")
        precondition(runs.allSatisfy { !$0.id.isEmpty }, "a change of no run")
    }

    private static func callbacks(_ input: Span<UInt8>) {
        let callback = ExecutionRule.Callback(host: "a", port: 1)
        guard let run = callback.sighting(body: input, field: { _ in nil }) else { return }
        precondition(!run.id.isEmpty || run.correlation != nil, "a callback of no run")
    }

    private static func channels(_ input: Span<UInt8>) {
        var watch = LogWatch(
            LogRule(realtime: RealtimeRule()),
            readers: ["t"],
            seed: 1,
            credentials: RealtimeCredentials(tokens: ["a.credential"])
        )
        watch.follow(run: "r", tenant: "t", at: 0)
        var time: Int64 = 1
        for line in Array(input).split(separator: 0x0A, maxSplits: 1_000) {
            while let action = watch.nextAction() {
                if case .openSocket(let socket, _, _) = action {
                    watch.head(socket: socket, status: 101, date: nil, at: time)
                }
            }
            watch.take(text: Array(line).span, ofSocket: 0, at: time)
            watch.take(text: Array(line).span, ofSocket: 1, at: time)
            time += 100_000_000
            watch.tick(at: time)
            precondition((0...1).contains(watch.open), "one run has several channels")
            precondition(watch.lastFailure?.contains("a.credential") != true, "a credential is told")
        }
        watch.stop(at: time)
        precondition(watch.open == 0, "a channel outlives its stage")
    }

    private static func rows(_ input: Span<UInt8>) {
        for line in Array(input).split(separator: 0x0A) {
            switch ExecutionRule.Query.line(Array(line), delay: nil) {
            case .moment(let text):
                precondition(text.utf8.allSatisfy { letters.contains($0) }, "no moment: \(text)")
            case .run(let run): precondition(!run.id.isEmpty, "a row of no run")
            case .failure(let text), .other(let text):
                precondition(text.utf8.count <= 1_000, "a line without bound")
            case .unreadable: break
            }
        }
    }
}
