import JSON
import LoadPlans
import Replay
import SeededRandom
import Testing

/// Live logs over Realtime, with the server's side as texts. Every moment is given in milliseconds.
@Suite struct RealtimeLogTests {
    static func moment(_ milliseconds: Int) -> Int64 { Int64(milliseconds) * 1_000_000 }

    static func watch(
        readers: [String] = ["t"],
        tokens: [String?] = ["secret-t"],
        of change: (inout LogRule, inout RealtimeRule) -> Void = { _, _ in }
    ) -> LogWatch {
        var realtime = RealtimeRule()
        realtime.filter = RealtimeRule.usualFilter
        var rule = LogRule(realtime: realtime)
        rule.linger = 100_000_000
        rule.history = LogRule.History(path: "/{run}")
        change(&rule, &realtime)
        rule.source = .realtime(realtime)
        return LogWatch(
            rule,
            readers: readers,
            seed: 1,
            credentials: RealtimeCredentials(tokens: tokens, apikey: "key-of-all")
        )
    }

    /// What one turn asks for, as text: the event and topic of each message that is sent.
    static func actions(_ watch: inout LogWatch) -> [String] {
        var told: [String] = []
        while let action = watch.nextAction() {
            switch action {
            case .openSocket(let socket, let reader, let isSlow):
                told.append("open \(socket) as \(reader)\(isSlow ? " slowly" : "")")
            case .closeSocket(let socket): told.append("close \(socket)")
            case .send(let socket, let text):
                let value = try? JSONValue(parsing: text.span)
                guard case .string(let event)? = value?["event"], case .string(let topic)? = value?["topic"],
                    case .string(let ref)? = value?["ref"]
                else {
                    told.append("garbage")
                    continue
                }
                told.append("\(socket) \(event) \(topic) \(ref)")
            case .open, .close: told.append("an action of an event stream")
            }
        }
        return told
    }

    static func record(_ watch: inout LogWatch) -> StageRecord {
        var record = StageRecord(stage: Stage(name: "peak", kind: .peak, scenarios: []))
        watch.write(into: &record)
        return record
    }

    static func reply(_ topic: String, ref: String, _ status: String = "ok", reason: String = "")
        -> String
    {
        #"{"topic":"\#(topic)","event":"phx_reply","ref":"\#(ref)","payload":{"status":"\#(status)","#
            + #""response":{"reason":"\#(reason)"}}}"#
    }

    static func system(
        _ topic: String,
        _ status: String = "ok",
        _ message: String = "Subscribed to PostgreSQL"
    )
        -> String
    {
        #"{"topic":"\#(topic)","event":"system","ref":null,"payload":{"channel":"c","extension":"postgres_changes","#
            + #""status":"\#(status)","message":"\#(message)"}}"#
    }

    static func change(_ topic: String, _ id: Int, run: String = "r", at milliseconds: Int) -> String {
        let fraction = String(1_000 + milliseconds % 1_000).dropFirst()
        let seconds = milliseconds / 1_000
        return #"{"topic":"\#(topic)","event":"postgres_changes","ref":null,"payload":{"ids":[1],"data":{"#
            + #""schema":"public","table":"logs","type":"INSERT","errors":null,"#
            + #""commit_timestamp":"1970-01-01T00:00:\#(seconds < 10 ? "0" : "")\#(seconds).\#(fraction)Z","#
            + #""columns":[{"name":"id","type":"int8"}],"record":{"id":\#(id),"run_id":"\#(run)"}}}}"#
    }

    /// Opens socket 0 and subscribes the channel of run `r` at 1,030 ms.
    static func subscribed(_ watch: inout LogWatch) {
        watch.follow(run: "r", tenant: "t", at: moment(1_000))
        #expect(actions(&watch) == ["open 0 as 0"])
        watch.head(socket: 0, status: 101, date: nil, at: moment(1_010))
        #expect(actions(&watch) == ["0 phx_join realtime:run-logs-r 1"])
        watch.take(reply("realtime:run-logs-r", ref: "1"), at: moment(1_020))
        // Granted is not yet subscribed.
        #expect(watch.open == 0)
        watch.take(system("realtime:run-logs-r"), at: moment(1_030))
        #expect(watch.open == 1)
    }

    @Test func aJoinSaysWhatIsWanted() throws {
        var watch = Self.watch()
        watch.follow(run: #"a "b"#, tenant: "t", at: 0)
        _ = watch.nextAction()
        watch.head(socket: 0, status: 101, date: nil, at: 1)
        guard case .send(0, let text)? = watch.nextAction() else {
            Issue.record("nothing is joined")
            return
        }
        #expect(
            String(decoding: text, as: UTF8.self)
                == #"{"topic":"realtime:run-logs-a \"b","event":"phx_join","payload":{"config":{"postgres_changes":"#
                + #"[{"event":"INSERT","schema":"public","table":"logs","filter":"run_id=eq.a \"b"}]},"#
                + #""access_token":"secret-t"},"ref":"1","join_ref":"1"}"#
        )
        #expect(watch.nextAction() == nil)
    }

    @Test func theChannelOfARunIsReadToItsEnd() {
        var watch = Self.watch()
        Self.subscribed(&watch)
        watch.take(Self.change("realtime:run-logs-r", 7, at: 1_970), at: Self.moment(2_000))
        watch.take(Self.change("realtime:run-logs-r", 8, at: 1_980), at: Self.moment(2_000))
        // Of another channel, of another table, and another kind of change.
        watch.take(Self.change("realtime:run-logs-s", 9, at: 1_980), at: Self.moment(2_000))
        watch.take(
            Self.change("realtime:run-logs-r", 9, at: 1_980).replacing("INSERT", with: "UPDATE"),
            at: Self.moment(2_000)
        )
        watch.take(
            Self.change("realtime:run-logs-r", 9, at: 1_980).replacing(
                #""table":"logs""#,
                with: #""table":"runs""#
            ),
            at: Self.moment(2_000)
        )
        #expect(watch.lines == 2)
        // Its run has ended; lines have 100 ms more.
        watch.end(run: "r", at: Self.moment(2_100))
        watch.end(run: "unknown", at: Self.moment(2_100))
        watch.tick(at: Self.moment(2_199))
        #expect(Self.actions(&watch) == [])
        watch.tick(at: Self.moment(2_200))
        #expect(Self.actions(&watch) == ["0 phx_leave realtime:run-logs-r 2"])
        // What is said of a channel that was left is no failure.
        watch.take(Self.reply("realtime:run-logs-r", ref: "2"), at: Self.moment(2_201))
        watch.take(
            #"{"topic":"realtime:run-logs-r","event":"phx_close","ref":"1","payload":{}}"#,
            at: Self.moment(2_201)
        )
        watch.stop(at: Self.moment(9_000))
        #expect(Self.actions(&watch) == ["close 0"])
        let times = [1_000, 1_970, 1_980, 1_990].map { Self.moment($0) }
        watch.compare(zip([6, 7, 8, 9], times).map { LogComparison.Line(key: $0, time: $1) }, of: "r")
        let record = Self.record(&watch)
        #expect(record.distribution(.subscribe, tenant: "t").percentile(100).map { $0 / 1_000 } == 30)
        #expect(record.distribution(.firstLine, tenant: "t").count == 1)
        let lag = record.distribution(.logLag, tenant: "t")
        #expect(lag.count == 2 && lag.percentile(100).map { ($0 + 100) / 1_000 } == 30)
        // The first is from before the subscription, the last never came.
        #expect(
            record.count(.logLinesChecked, tenant: "t") == 3
                && record.count(.logLinesMissing, tenant: "t") == 1
        )
        #expect(
            record.count(.logStreamsCut, tenant: "t") == 0
                && record.count(.logStreamsFailed, tenant: "t") == 0
        )
        #expect(
            record.count(.logLinesInGaps, tenant: "t") == 0
                && record.count(.logLinesUnknown, tenant: "t") == 0
        )
    }

    @Test func linesComeTwiceAndOutOfOrder() {
        var watch = Self.watch()
        Self.subscribed(&watch)
        for id in [2, 1, 2, 3] {
            watch.take(Self.change("realtime:run-logs-r", id, at: 1_500), at: Self.moment(1_600))
        }
        watch.stop(at: Self.moment(5_000))
        watch.compare([1, 2, 3].map { LogComparison.Line(key: $0, time: Self.moment(1_500)) }, of: "r")
        let record = Self.record(&watch)
        #expect(
            record.count(.logLinesDuplicated, tenant: nil) == 1
                && record.count(.logLinesOutOfOrder, tenant: nil) == 1
        )
        #expect(record.count(.logLinesMissing, tenant: nil) == 0)
    }

    /// What the server says of a channel: what is told of it, whether the channel is given up, and whether it was there.
    @Test(arguments: [
        // A join that is refused, as the stand-in and as Supabase say it.
        (reply("realtime:run-logs-r", ref: "1", "error", reason: "unauthorized"), "unauthorized", true),
        (
            #"{"topic":"realtime:run-logs-r","event":"phx_reply","ref":1,"payload":{"status":"error","response":"#
                + #"{"code":"ChannelRateLimitReached"}}}"#,
            "ChannelRateLimitReached", true
        ),
        (system("realtime:run-logs-r", "error", "Token has expired 12 seconds ago"), "expired", true),
        // A server that repeats a token, which must not be told; nor may a line be more than one.
        (
            system("realtime:run-logs-r", "error", "bad jwt secret-t for key-of-all\\n\\u001b[2Jend"),
            "bad jwt … for …", true
        ),
        (
            #"{"topic":"realtime:run-logs-r","event":"phx_error","ref":"1","payload":{}}"#,
            "the channel failed", true
        ),
        (
            #"{"topic":"realtime:run-logs-r","event":"phx_close","payload":{}}"#, "the channel was closed",
            true
        ),
        // Of a join before, of another message, and of nothing.
        (#"{"topic":"realtime:run-logs-r","event":"phx_close","ref":"77","payload":{}}"#, "", false),
        (reply("realtime:run-logs-r", ref: "9", "error", reason: "unmatched topic"), "", false),
        (#"{"topic":"realtime:run-logs-r","event":"presence_state","payload":{}}"#, "", false),
        (reply("phoenix", ref: "1", "error", reason: "none"), "", false),
        // Garbage.
        ("{", "", false), ("[]", "", false), (#"{"topic":3,"event":"phx_close"}"#, "", false),
        ("", "", false),
        (#"{"topic":"realtime:run-logs-r","event":"postgres_changes","payload":{"data":[]}}"#, "", false),
        (#"{"topic":"realtime:run-logs-r","event":"postgres_changes"}"#, "", false),
    ])
    func theServerSays(_ text: String, _ reason: String, _ isEnd: Bool) {
        for wasThere in [false, true] {
            // Where a reply stands, the join has no answer yet.
            if wasThere, text.contains("phx_reply") { continue }
            var watch = Self.watch()
            if wasThere {
                Self.subscribed(&watch)
            } else {
                watch.follow(run: "r", tenant: "t", at: Self.moment(1_000))
                watch.head(socket: 0, status: 101, date: nil, at: Self.moment(1_010))
                _ = Self.actions(&watch)
            }
            watch.take(text, at: Self.moment(1_100))
            let told = watch.lastFailure ?? ""
            #expect(told.contains(reason) && told.isEmpty != isEnd, "\(told)")
            #expect(!told.contains("secret") && !told.contains("key-of") && !told.contains("\n"))
            #expect(!told.unicodeScalars.contains("\u{1b}"))
            #expect(watch.total { $0.cut } == (isEnd && wasThere ? 1 : 0))
            #expect(watch.total { $0.refused } == (isEnd && !wasThere ? 1 : 0))
            #expect(watch.open == (wasThere && !isEnd ? 1 : 0))
            _ = Self.actions(&watch)
            // It is joined anew a second later, on the socket that is there.
            watch.tick(at: Self.moment(2_150))
            #expect(Self.actions(&watch).contains { $0.contains("0 phx_join") } == isEnd)
        }
    }

    /// Upgrades that are refused, and connections that come to nothing: each channel that waited is refused.
    @Test(arguments: [401, 404, 200, 500])
    func upgradesAreRefused(_ status: Int) {
        var watch = Self.watch()
        watch.follow(run: "r", tenant: "t", at: 0)
        watch.follow(run: "s", tenant: "t", at: 0)
        #expect(Self.actions(&watch) == ["open 0 as 0"])
        watch.head(socket: 0, status: status, date: nil, at: 1)
        #expect(Self.actions(&watch) == ["close 0"])
        #expect(watch.total { $0.refused } == 2 && watch.lastFailure?.contains("status \(status)") == true)
        // What is told of it later is of no more use.
        watch.head(socket: 0, status: 101, date: nil, at: 2)
        watch.end(socket: 0, reason: "closed", at: 3)
        #expect(Self.actions(&watch) == [] && watch.total { $0.refused } == 2)
        // Five attempts of each, a second between two.
        for second in 1...9 {
            watch.tick(at: Self.moment(second * 1_100))
            for action in Self.actions(&watch) where action.hasPrefix("open") {
                let socket = action.split(separator: " ")[1]
                watch.end(socket: Int(socket) ?? 0, reason: "refused", at: Self.moment(second * 1_100))
            }
        }
        #expect(watch.total { $0.refused } == 10)
    }

    /// Nobody waits for ever: for an upgrade, the answer to a join, the word of a subscription, or that of a heartbeat.
    @Test func whatHasNoAnswerIsGivenUp() {
        var watch = Self.watch()
        watch.follow(run: "r", tenant: "t", at: 0)
        watch.tick(at: Self.moment(10_000))
        #expect(Self.actions(&watch) == ["open 0 as 0", "close 0"])
        #expect(watch.lastFailure?.contains("no answer to the upgrade") == true)
        watch.tick(at: Self.moment(11_000))
        watch.head(socket: 1, status: 101, date: nil, at: Self.moment(11_000))
        #expect(Self.actions(&watch) == ["open 1 as 0", "1 phx_join realtime:run-logs-r 1"])
        watch.tick(at: Self.moment(21_000))
        #expect(Self.actions(&watch) == ["1 phx_leave realtime:run-logs-r 2"])
        #expect(watch.lastFailure?.contains("no answer to the join") == true)
        watch.tick(at: Self.moment(22_100))
        #expect(Self.actions(&watch) == ["1 phx_join realtime:run-logs-r 3"])
        watch.take(Self.reply("realtime:run-logs-r", ref: "3"), ofSocket: 1, at: Self.moment(22_200))
        // The answers to what was sent before come late.
        watch.take(Self.reply("realtime:run-logs-r", ref: "1", "error"), ofSocket: 1, at: Self.moment(22_200))
        watch.tick(at: Self.moment(32_200))
        #expect(watch.lastFailure?.contains("never subscribed") == true)
        #expect(watch.total { $0.refused } == 3)
    }

    @Test func heartbeatsAreSentAndWaitedFor() {
        var watch = Self.watch { $1.heartbeat = 2_000_000_000 }
        Self.subscribed(&watch)
        watch.tick(at: Self.moment(3_009))
        #expect(Self.actions(&watch) == [])
        watch.tick(at: Self.moment(3_010))
        #expect(Self.actions(&watch) == ["0 heartbeat phoenix 2"])
        watch.take(Self.reply("phoenix", ref: "2"), at: Self.moment(3_100))
        watch.tick(at: Self.moment(5_010))
        #expect(Self.actions(&watch) == ["0 heartbeat phoenix 3"])
        // An answer to the one before is none.
        watch.take(Self.reply("phoenix", ref: "2"), at: Self.moment(5_100))
        watch.tick(at: Self.moment(7_010))
        #expect(Self.actions(&watch) == ["close 0"])
        #expect(watch.total { $0.cut } == 1 && watch.open == 0)
        #expect(watch.lastFailure?.contains("no answer to a heartbeat") == true)
    }

    /// Nothing goes on where it was: what was written while a channel was away is counted by itself.
    @Test func aConnectionThatIsLostLeavesAGap() {
        var watch = Self.watch()
        Self.subscribed(&watch)
        watch.take(Self.change("realtime:run-logs-r", 1, at: 1_500), at: Self.moment(1_510))
        watch.end(socket: 0, reason: "reset", at: Self.moment(2_000))
        #expect(watch.open == 0 && watch.total { $0.cut } == 1)
        watch.tick(at: Self.moment(3_000))
        #expect(Self.actions(&watch) == ["open 1 as 0"])
        watch.head(socket: 1, status: 101, date: nil, at: Self.moment(3_010))
        watch.take(Self.reply("realtime:run-logs-r", ref: "1"), ofSocket: 1, at: Self.moment(3_020))
        watch.take(Self.system("realtime:run-logs-r"), ofSocket: 1, at: Self.moment(3_050))
        watch.take(Self.change("realtime:run-logs-r", 6, at: 4_000), ofSocket: 1, at: Self.moment(4_010))
        watch.end(socket: 1, reason: "reset", at: Self.moment(5_000))
        watch.stop(at: Self.moment(9_000))
        // Owed and missing: 2 and 5. On the way when the connection was lost, or written while it was away: 3, 4 and 7.
        let times = [1_500, 1_899, 1_900, 3_050, 3_051, 4_000, 8_000].map { Self.moment($0) }
        watch.compare(zip(1...7, times).map { LogComparison.Line(key: $0, time: $1) }, of: "r")
        let record = Self.record(&watch)
        #expect(
            record.count(.logLinesMissing, tenant: "t") == 2
                && record.count(.logLinesInGaps, tenant: "t") == 3
        )
        #expect(record.count(.logLinesChecked, tenant: "t") == 4)
        let resume = record.distribution(.resume, tenant: "t")
        #expect(resume.count == 1 && resume.percentile(100).map { ($0 + 1_000) / 10_000 } == 105)
    }

    /// Sockets are cut off on purpose as a whole, and everything on them is joined anew.
    @Test func socketsAreCutOff() {
        var watch = Self.watch { rule, _ in
            rule.reconnect = LogRule.Reconnect(every: 500_000_000, away: 200_000_000)
        }
        Self.subscribed(&watch)
        watch.follow(run: "s", tenant: "t", at: Self.moment(1_100))
        #expect(Self.actions(&watch) == ["0 phx_join realtime:run-logs-s 2"])
        watch.tick(at: Self.moment(1_509))
        #expect(watch.open == 1)
        watch.tick(at: Self.moment(1_510))
        #expect(Self.actions(&watch) == ["close 0"] && watch.open == 0)
        let record = Self.record(&watch)
        #expect(
            record.count(.logReconnects, tenant: "t") == 1 && record.count(.logStreamsCut, tenant: "t") == 0
        )
        watch.tick(at: Self.moment(1_710))
        #expect(Self.actions(&watch) == ["open 1 as 0"])
        watch.head(socket: 1, status: 101, date: nil, at: Self.moment(1_720))
        #expect(Self.actions(&watch) == ["1 phx_join realtime:run-logs-r 1"])
    }

    /// A socket has as many channels as it may, and each reader sockets of its own; whoever leaves makes room.
    @Test func channelsShareSockets() {
        var watch = Self.watch(readers: ["t", "u"], tokens: ["secret-t", "secret-u"]) { $1.channels = 3 }
        for run in 0..<7 { watch.follow(run: "\(run)", tenant: run == 3 ? "u" : "t", at: 0) }
        #expect(Self.actions(&watch) == ["open 0 as 0", "open 1 as 1", "open 2 as 0"])
        for socket in 0..<3 { watch.head(socket: socket, status: 101, date: nil, at: 1) }
        let joins = Self.actions(&watch)
        #expect(joins.filter { $0.hasPrefix("0 phx_join") }.count == 3)
        #expect(joins.filter { $0.hasPrefix("1 phx_join") } == ["1 phx_join realtime:run-logs-3 1"])
        #expect(joins.filter { $0.hasPrefix("2 phx_join") }.count == 3)
        for text in [Self.reply("realtime:run-logs-0", ref: "1"), Self.system("realtime:run-logs-0")] {
            watch.take(text, at: 2)
        }
        watch.end(run: "0", at: 3)
        watch.tick(at: Self.moment(200))
        #expect(Self.actions(&watch) == ["0 phx_leave realtime:run-logs-0 4"])
        watch.follow(run: "7", tenant: "t", at: Self.moment(201))
        #expect(Self.actions(&watch) == ["0 phx_join realtime:run-logs-7 5"])
        #expect(watch.socketPeak == 3)
    }

    /// Streams of tenants that share a topic are on sockets of their own: a topic is joined once on each.
    @Test func tenantsHaveASocketEach() {
        var watch = Self.watch(readers: ["t", "u"], tokens: [nil, "secret-u"]) { rule, realtime in
            realtime.topic = "realtime:project-logs"
            realtime.filter = nil
            rule.connections = 3
            rule.slow = LogRule.Slow(streams: 1, bytesPerSecond: 100)
        }
        watch.begin(at: Self.moment(1_000))
        #expect(Self.actions(&watch) == ["open 0 as 0", "open 1 as 1", "open 2 as 0", "open 3 as 0 slowly"])
        for socket in 0..<4 {
            watch.head(socket: socket, status: 101, date: nil, at: Self.moment(1_001))
            watch.take(
                Self.reply("realtime:project-logs", ref: "1"),
                ofSocket: socket,
                at: Self.moment(1_002)
            )
            watch.take(Self.system("realtime:project-logs"), ofSocket: socket, at: Self.moment(1_003))
        }
        #expect(watch.isSubscribed && watch.open == 4)
        watch.follow(run: "mine", tenant: "t", at: Self.moment(1_100))
        watch.follow(run: "theirs", tenant: "u", at: Self.moment(1_100))
        for socket in 0..<4 where socket != 1 {
            let text = Self.change("realtime:project-logs", 1, run: "mine", at: 1_200)
            watch.take(text, ofSocket: socket, at: Self.moment(1_300))
        }
        watch.take(
            Self.change("realtime:project-logs", 1, run: "mine", at: 1_200),
            ofSocket: 1,
            at: Self.moment(1_300)
        )
        watch.stop(at: Self.moment(5_000))
        watch.compare([LogComparison.Line(key: 1, time: Self.moment(1_200))], of: "mine")
        watch.compare([LogComparison.Line(key: 2, time: Self.moment(1_200))], of: "theirs")
        let record = Self.record(&watch)
        #expect(
            record.count(.logLinesOfOthers, tenant: "u") == 1
                && record.count(.logLinesOfOthers, tenant: "t") == 0
        )
        #expect(
            record.count(.logLinesMissing, tenant: "t") == 0
                && record.count(.logLinesMissing, tenant: "u") == 1
        )
        #expect(record.distribution(.slowLogLag, tenant: "t").count == 1)
    }

    /// 10,000 channels on a hundred sockets, a bounded number of joins under way.
    @Test func tenThousandChannels() {
        var watch = Self.watch(readers: [""], tokens: [nil]) { rule, _ in rule.connections = 10_000 }
        for run in 0..<10_000 { watch.follow(run: "\(run)", tenant: "", at: 0) }
        var joining = 0
        var most = 0
        var sockets = 0
        while let action = watch.nextAction() {
            switch action {
            case .openSocket(let socket, _, _):
                sockets += 1
                watch.head(socket: socket, status: 101, date: nil, at: 1)
            case .send(let socket, let text):
                guard let value = try? JSONValue(parsing: text.span),
                    case .string(let topic)? = value["topic"]
                else {
                    continue
                }
                joining += 1
                most = max(most, joining - watch.open)
                watch.take(Self.system(topic), ofSocket: socket, at: 2)
            default: break
            }
        }
        #expect(watch.open == 10_000 && sockets == 100 && watch.socketPeak == 100)
        #expect(most <= LogWatch.openingLimit)
    }

    /// What a socket brings may be anything; the figures stay whole.
    @Test func anythingMayCome() {
        var random = SeededGenerator(seed: 7)
        let words = [
            "phx_reply", "system", "postgres_changes", "phx_close", "phx_error", "heartbeat", "ok", "error",
            "null",
            "{}", "[]", "1", "\"realtime:run-logs-r\"", "\"phoenix\"", "{\"status\":\"ok\"}", "{\"data\":{}}",
            "{\"data\":{\"record\":{\"id\":1}}}",
        ]
        var watch = Self.watch()
        Self.subscribed(&watch)
        for step in 0..<5_000 {
            let text = ["topic", "event", "payload", "ref"].map { key in
                let word = words[Int(random.next() % UInt64(words.count))]
                let value = word.first?.isLetter == true && word != "null" ? "\"\(word)\"" : word
                return "\"\(key)\":\(value)"
            }
            let whole = "{" + text.joined(separator: ",") + "}"
            let cut = random.next() % 8 == 0 ? String(whole.dropLast(Int(random.next() % 9))) : whole
            let time = Self.moment(1_100 + step)
            watch.take(cut, at: time)
            watch.take(cut, ofSocket: 1, at: time)
            if step % 100 == 0 { watch.tick(at: time) }
            for action in Self.actions(&watch) where action.hasPrefix("open") {
                watch.head(
                    socket: Int(action.split(separator: " ")[1]) ?? 0,
                    status: 101,
                    date: nil,
                    at: time
                )
            }
            #expect(watch.open <= 1 && watch.open >= 0)
        }
        let counts = watch.total { $0.unreadable }
        #expect(counts > 0)
    }
}

extension LogWatch {
    mutating func take(_ text: String, ofSocket socket: Int = 0, at time: Int64) {
        take(text: Array(text.utf8).span, ofSocket: socket, at: time)
    }
}
