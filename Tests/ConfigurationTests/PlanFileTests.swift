import Configuration
import Foundation
import Messages
import Replay
import Signatures
import Testing

@Suite struct PlanFileTests {
    private static func plan(_ yaml: String, _ settings: [String] = []) throws -> PlanFile {
        try PlanFile(yaml: Array(yaml.utf8), file: "p.yaml", settings: settings)
    }

    @Test(arguments: ["", "# nothing\n", "{}", "\n\n"])
    func anEmptyPlanChangesNothing(_ yaml: String) throws {
        var plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:1"), run: "r")
        try Self.plan(yaml).apply(to: &plan)
        #expect(plan.pacing == .speed(.recorded))
        #expect(plan.loops == 1 && plan.copies == .none && plan.habits == .none && plan.selection == .all)
        #expect(plan.timeout == 30_000_000_000 && plan.limits == ReplayLimits() && plan.seed == 1)
    }

    @Test func faultsAndWhatIsDoneWithAnswersAreRead() throws {
        let yaml = """
            faults:
              slow_readers: {share: 1%, bytes_per_second: 512, time: 3s}
              half_open: {share: 0.02, time: 4s}
              aborted_bodies: 3%
            correlate: auto
            realtime: true
            observed: out.trace.gz
            """
        let file = try Self.plan(yaml)
        #expect(file.correlate == "auto" && file.observed == "out.trace.gz")
        var plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:1"), run: "r")
        #expect(plan.faults == nil && !plan.isRealtime)
        file.apply(to: &plan)
        var faults = ClientFaults()
        faults.slowReaders = 0.01
        faults.slowBytesPerSecond = 512
        faults.slowTime = 3_000_000_000
        faults.halfOpen = 0.02
        faults.halfOpenTime = 4_000_000_000
        faults.abortedBodies = 0.03
        #expect(plan.faults == faults && plan.isRealtime)
    }

    @Test func everyKeyIsRead() throws {
        let yaml = """
            target: http://Staging.Example:8080/api/
            keep_host: true
            insecure: true
            resolve: ["Staging.Example:8080:10.0.0.7,[fd00::7]", "[::1]:80:127.0.0.1"]
            source_address: [127.0.0.2, "127.0.0.3,::1"]
            cacert: ca.pem
            cert: client.pem
            key: client.key
            key_password: env:KEY_PASSWORD
            proxy: socks5h://Proxy.Example
            proxy_credentials: file:proxy.txt
            transport: curl
            http_version: 2
            timeout: 1m30s
            allow_target: [a.example, b.example]
            only_safe_methods: true
            sign: [github=env:SECRET, keys.yaml]
            from: 10s
            to: 1700000000000000000
            filter: method=POST path=/api/*
            session: [cookie:sid, bearer]
            sample: 25%
            shard: 2 of 8
            seed: 18446744073709551615
            speed: [1x for 1m, 1x..10x over 5m]
            arrivals: poisson
            loop: endless
            duration: 2h
            lanes: strict
            copies:
              count: 3
              spread: 30s
              identities: [header:X-User, json:/user/id]
            max_in_flight: {limit: 500, beyond: drop}
            habits:
              duplicates: {share: 2%, after: 1s..5s}
              late: {share: 0.5, by: 30s..2m}
              reorder: {share: 5%, within: 2s}
              bursts: {share: 10%, window: 5s}
              retries: {schedule: svix, time: 60x, within: 5m}
            abort_if: ["errors > 5% for 10s"]
            max_failures: 7
            """
        let file = try Self.plan(yaml)
        #expect(file.target == (try ReplayTarget("http://staging.example:8080/api")))
        #expect(file.signing == ["github=env:SECRET", "keys.yaml"])
        #expect(file.maximumFailures == 7)
        var plan = ReplayPlan(target: try ReplayTarget("http://127.0.0.1:1"), run: "r")
        file.apply(to: &plan)
        #expect(plan.keepsHost && plan.isInsecure && plan.transport == .curl && plan.sendsOnlySafeMethods)
        let connection = plan.connection.settings
        #expect(
            connection.resolved.map(\.description) == [
                "staging.example:8080:10.0.0.7,[fd00::7]", "[::1]:80:127.0.0.1",
            ]
        )
        #expect(connection.sourceAddresses.map { "\($0)" } == ["127.0.0.2", "127.0.0.3", "::1"])
        #expect(connection.authorities == "ca.pem" && connection.certificate == "client.pem")
        #expect(connection.key == "client.key" && connection.keyPassword == "env:KEY_PASSWORD")
        #expect(connection.proxy?.url == "socks5h://proxy.example:1080")
        #expect(connection.proxyCredentials == "file:proxy.txt")
        #expect(plan.httpVersion == .http2 && plan.carrier == .curl)
        #expect(plan.timeout == 90_000_000_000)
        #expect(plan.allowedTargets == ["a.example", "b.example"])
        #expect(plan.window.from == .offset(10_000_000_000))
        #expect(plan.filter == (try RequestFilter("method=POST path=/api/*")))
        #expect(plan.sessions == SessionRule([.cookie("sid"), .bearer]))
        #expect(plan.selection.sample == 0.25)
        #expect(plan.selection.shard == (try Shard("2/8")))
        #expect(plan.seed == .max)
        #expect(plan.pacing == (try Pacing(speed: "1x for 1m, 1x..10x over 5m")))
        #expect(plan.arrivals == .poisson && plan.loops == nil && plan.duration == 7_200_000_000_000)
        #expect(plan.lanes == .strict)
        #expect(
            plan.copies.count == 3 && plan.copies.spread == 30_000_000_000 && plan.copies.renewsIdentities
        )
        #expect(plan.copies.identities.map(\.description) == ["header:X-User", "json:/user/id"])
        #expect(
            plan.limits.outstanding == 500 && plan.limits.outstandingAtMaximum == 500
                && plan.crowding == .drop
        )
        #expect(
            plan.habits.duplicates == ProviderHabits.Delay(share: 0.02, by: 1_000_000_000...5_000_000_000)
        )
        #expect(plan.habits.late == ProviderHabits.Delay(share: 0.5, by: 30_000_000_000...120_000_000_000))
        #expect(plan.habits.reorder == ProviderHabits.Delay(share: 0.05, by: 0...2_000_000_000))
        #expect(plan.habits.bursts == ProviderHabits.Bursts(share: 0.1, window: 5_000_000_000))
        let retries = try #require(plan.habits.retries)
        #expect(retries.choice == .schedule(try #require(RetrySchedule.named("svix"))))
        #expect(retries.clock == .scaled(60) && retries.within == 300_000_000_000)
        #expect(plan.abortConditions.map(\.text) == ["errors > 5% for 10s"])
    }

    @Test func shortFormsAreRead() throws {
        let file = try Self.plan(
            """
            rate: 3000/m
            copies: 4
            max_in_flight: 9
            session: bearer, client
            abort_if: p99 > 2s for 10s
            habits: {retries: [5s, 5m], late: 1%}
            """
        )
        #expect(file.pacing == .rate(try Rate("50/s")))
        #expect(file.copies?.count == 4 && file.inFlight == 9 && file.crowding == nil)
        #expect(file.session == SessionRule([.bearer, .client]))
        #expect(file.abortConditions.count == 1)
        guard case .schedule(let schedule)? = file.habits?.retries?.choice else {
            Issue.record("no schedule")
            return
        }
        #expect(schedule.delays == [5_000_000_000, 300_000_000_000])
    }

    static let refused: [(yaml: String, message: String)] = [
        ("spede: 2x", "p.yaml:1:1: unknown key 'spede', did you mean 'speed'?; a plan knows target,"),
        ("keep-host: true", "p.yaml:1:1: unknown key 'keep-host', did you mean 'keep_host'?"),
        ("- a", "p.yaml:1:1: a plan is a mapping with the keys target,"),
        ("seed: 1\nspeed: 2y", "p.yaml:2:8: '2y' is not a speed: give one like 2x, 0.5 or 150%"),
        ("speed: 1x..2x over soon", "p.yaml:1:8: '1x..2x over soon' is not a course of speeds"),
        ("speed: 2x\nrate: 5/s", "p.yaml:2:7: 'speed', 'rate' and 'max' exclude each other"),
        ("rate: 5/s\nmax: true", "p.yaml:2:6: 'speed', 'rate' and 'max' exclude each other"),
        ("max: yes", "p.yaml:1:6: true or false is wanted here"),
        (
            "arrivals: poison",
            "p.yaml:1:11: 'poison' is none of recorded, uniform, poisson, did you mean 'poisson'?"
        ),
        ("copies: 0", "p.yaml:1:9: '0' is not a whole number from 1 to 1000"),
        ("copies: {spread: 3s}", "p.yaml:1:9: a 'count' is missing here"),
        ("copies: {count: 2, identities: [client]}", "p.yaml:1:33: 'client' is no place of an identity"),
        ("sample: 0%", "p.yaml:1:9: '0%' is not a share: shares go from more than 0 to 100%"),
        ("shard: 9 of 8", "p.yaml:1:8: '9 of 8' is not a shard: shards are numbered from 1"),
        ("from: 10s\nto: 5s", "p.yaml:2:5: 'from' is not before 'to', so nothing would be sent"),
        ("filter: status=5xx", "p.yaml:1:9: a request is chosen before it has a status"),
        (
            "faults: {half_open: 60%, aborted_bodies: 50%}",
            "p.yaml:1:9: the shares of all faults are more than every request"
        ),
        ("faults: {half_open: {time: 1s}}", "p.yaml:1:21: a 'share' is missing here"),
        (
            "transport: curl\nfaults: {half_open: 1%}",
            "p.yaml:2:9: faults of clients take the wire transport, and this plan says 'transport: curl'"
        ),
        ("http_version: 3", "p.yaml:1:15: '3' is none of recorded, 1.1, 2"),
        (
            "transport: wire\nhttp_version: 2",
            "p.yaml:2:15: HTTP/2 takes libcurl, and this plan says 'transport: wire'"
        ),
        (
            "http_version: '2'\nfaults: {half_open: 1%}",
            "p.yaml:2:9: faults of clients take the wire transport, and this plan says 'http_version: 2'"
        ),
        ("observed: ''", "p.yaml:1:11: a text is wanted here"),
        ("habits: {retrys: auto}", "p.yaml:1:10: unknown key 'retrys', did you mean 'retries'?"),
        (
            "habits:\n  retries: strpe",
            "p.yaml:2:12: unknown schedule 'strpe', did you mean 'stripe'?; there are auto,"
        ),
        ("habits: {bursts: {share: 1%}}", "p.yaml:1:18: a 'window' is missing here"),
        ("habits: {late: {share: 1%, by: 5s..1s}}", "p.yaml:1:32: '5s..1s' is not a range of durations"),
        ("abort_if: [errors > 5 for 10s]", "p.yaml:1:12: 'errors > 5 for 10s' is not a condition"),
        (
            "resolve: a.example:10.0.0.7",
            "p.yaml:1:10: 'a.example:10.0.0.7' is not a resolved name: give one like"
        ),
        ("source_address: eth0", "p.yaml:1:17: 'eth0' is not a list of source addresses: give addresses of"),
        ("key_password: 'env:'", "p.yaml:1:15: a secret does not stand in a plan: env:VARIABLE or file:PATH"),
        ("proxy: https://a.example", "p.yaml:1:8: --proxy: the URL of a proxy begins with http://"),
        ("proxy: a.example:3128", "p.yaml:1:8: --proxy: give a URL like"),
        ("unix_socket: ''", "p.yaml:1:14: a text is wanted here"),
        ("timeout: 0s", "p.yaml:1:10: a timeout of 0s would fail every request; give more"),
        ("seed: -1", "p.yaml:1:7: '-1' is not a whole number"),
        ("speed:", "p.yaml:1:7: a text is wanted here"),
        ("allow_target: []", "p.yaml:1:15: an empty list says nothing; leave the key out"),
        ("speed: 1x\nspeed: 2x", "p.yaml:"),
        ("a: [", "p.yaml:"),
    ]

    @Test(arguments: refused)
    func refusesWithAPlaceAndAHint(_ row: (yaml: String, message: String)) throws {
        let error = #expect(throws: RulesFileError.self) { try Self.plan(row.yaml) }
        #expect(error?.description.hasPrefix(row.message) == true, "\(error?.description ?? "")")
    }

    /// A secret, and a password in a target, are not repeated in an error.
    @Test(arguments: [
        "key_password: hunter2", "proxy: http://me:hunter2@proxy.example", "proxy_credentials: me:hunter2",
        "sign: stripe=hunter2hunter2", "sign: [hunter2]",
        "target: http://me:hunter2@a.example/",
    ])
    func errorsRepeatNoSecret(_ yaml: String) throws {
        let error = #expect(throws: RulesFileError.self) { try Self.plan(yaml) }
        #expect(error?.description.contains("hunter2") == false)
    }

    // MARK: Settings

    @Test func settingsGoIntoTheirPlaces() throws {
        let file = try Self.plan(
            "speed: 2x\ncopies: 3\nhabits: {late: 1%}",
            [
                "speed=4x", "copies.spread=5s", "habits.retries=svix", "habits.retries.time=real",
                "max_in_flight=7",
                "session=[cookie:a, client]", "seed=9", "target=http://127.0.0.1:8/",
            ]
        )
        #expect(file.pacing == .speed(try Speed("4x")))
        #expect(file.copies?.count == 3 && file.copies?.spread == 5_000_000_000)
        #expect(file.habits?.late?.share == 0.01 && file.habits?.retries?.clock == .run)
        #expect(file.inFlight == 7 && file.seed == 9 && file.session?.marks.count == 2)
        #expect(try PlanFile(settings: ["rate=5/s"]).pacing == .rate(try Rate("5/s")))
    }

    /// One setting may make good what another alone would break.
    @Test func onlyTheOutcomeCounts() throws {
        #expect(try Self.plan("", ["copies.spread=5s", "copies.count=2"]).copies?.count == 2)
        #expect(try Self.plan("speed: 2x", ["speed=", "speed=3x"]).pacing == .speed(try Speed("3x")))
    }

    @Test(
        arguments: [
            ("speed=fast", "--set speed: 'fast' is not a speed"),
            ("spede=2x", "--set spede: unknown key 'spede', did you mean 'speed'?"),
            ("speed", "--set: 'speed' is no setting"), ("=2x", "--set: '=2x' is no setting"),
            ("a..b=1", "--set: 'a..b=1' is no setting"),
            ("seed.x=1", "--set seed.x: 'seed' has no 'x' in it"),
            ("copies.cout=3", "--set copies.cout: unknown key 'cout', did you mean 'count'?"),
            ("speed=[1x", "--set speed: no YAML"),
            ("rate=5/s", "--set rate: 'speed', 'rate' and 'max' exclude each other"),
        ]
    )
    func aSettingThatBreaksThePlanIsNamed(_ setting: String, _ message: String) throws {
        let error = #expect(throws: RulesFileError.self) {
            try Self.plan("speed: 1x\nseed: 4", ["lanes=strict", setting, "loop=2"])
        }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }

    @Test func whatTheFileHasWrongIsTheFiles() throws {
        let error = #expect(throws: RulesFileError.self) { try Self.plan("speed: fast", ["seed=4"]) }
        #expect(error?.description.hasPrefix("p.yaml:1:8: ") == true, "\(error?.description ?? "")")
    }

    // MARK: The schema

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The example in the document is whole, and both the reader and the schema take it.
    private static func example() throws -> String {
        let text = try String(
            contentsOf: root.appending(path: "Documentation/replay-plans.md"),
            encoding: .utf8
        )
        return String(try #require(text.firstMatch(of: /```yaml\n((?:.|\n)*?)```/)).1)
    }

    @Test func theExampleInTheDocumentIsAPlan() throws {
        let file = try Self.plan(try Self.example())
        #expect(
            file.copies?.count == 3 && file.habits?.retries?.choice == .bySender
                && file.abortConditions.count == 2
        )
    }

    @Test func theSchemaSaysWhatTheReaderSays() throws {
        let good = [
            try Self.example(), "{}", "speed: 2x", "speed: 0.5", "rate: 100/s..500/s over 5m", "max: true",
            "speed: 2x\nmax: false",
            "copies: 3\nloop: endless", "resolve: a.example:443:10.0.0.7",
            "source_address: ::1\ncert: a.pem\nkey_password: file:b", "unix_socket: /run/a.sock",
            "proxy: http://proxy.example:3128\nproxy_credentials: env:PROXY",
            "resolve: ['[::1]:443:[fd00::7],10.0.0.7']\nsource_address: ['127.0.0.2,127.0.0.3']\ncacert: ca.pem",
            "habits: {retries: [5s, 1h30m], late: 1%}",
            "session: cookie, json:/a/b",
            "from: 1700000000000000000", "max_in_flight: 5\nsample: 0.25\nshard: 2/8",
            "faults: {half_open: 0.1}\ntransport: auto",
            "http_version: recorded", "http_version: 1.1\ntransport: wire", "http_version: '2'",
            "transport: curl\nrealtime: true\ncorrelate: learned.yaml",
        ]
        let bad = Self.refused.map(\.yaml).filter {
            // What only the reader can tell: an order of moments, a statement about another value, no YAML at all.
            !["from: 10s\nto: 5s", "filter: status=5xx", "shard: 9 of 8", "speed: 1x\nspeed: 2x", "a: ["]
                .contains($0)
                && ![
                    "habits: {late: {share: 1%, by: 5s..1s}}", "abort_if: [errors > 5 for 10s]",
                    "timeout: 0s", "faults: {half_open: 60%, aborted_bodies: 50%}",
                ].contains($0)
                && !["speed: 1x..2x over soon", "sample: 0%", "max: yes"].contains($0)
        }
        for yaml in good { _ = try Self.plan(yaml) }
        guard let verdicts = try RuleSetSchemaTests.verdicts(good + bad, schema: "plan.json") else { return }
        #expect(verdicts.count == good.count + bad.count)
        for (yaml, verdict) in zip(good, verdicts) { #expect(verdict == "ok", "\(yaml)") }
        for (yaml, verdict) in zip(bad, verdicts.dropFirst(good.count)) {
            #expect(verdict != "ok", "\(yaml)")
        }
    }
}
