import Configuration
import Foundation
import LoadPlans
import Messages
import Replay
import Testing

@Suite struct LoadPlanFileTests {
    /// A plan with nothing in it but what it has to have.
    static let scene = "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {}}\n"

    static func load(_ yaml: String, _ settings: [String] = []) throws -> LoadPlanFile {
        try LoadPlanFile(yaml: Array(yaml.utf8), file: "l.yaml", folder: "/at/", settings: settings)
    }

    private static let whole = """
        plan: Orders at peak
        about: why
        target: http://127.0.0.1:8080/api
        seed: 7
        timeout: 3s
        environment: {machine: two processors}
        tenants:
          harbor: {match: 'path=/hooks/harbor-*', token: env:TOKEN, headers: ['X-Project-Id: harbor']}
          meadow: {}
        scenarios:
          intake: {traces: [a.trace.gz, /b.trace.gz], filter: method=POST, speed: 2x, tenant: harbor}
          readers: {traces: c.trace.gz, filter: method=GET}
        stages:
          smoke: {duration: 5s, check: true}
          peak:
            rate: 300/s
            loop: 2
            scenarios: {readers: {max: true}, intake: {}}
            check: rules.yaml
            pause: 2s
            keep_observed: false
            criteria: rate >= 250/s
            incidents: {late: {after: 9s, run: [kill, '1'], mend: [sh, -c, go on]}, early: {after: 1s, run: 'true'}}
          last: {kind: recovery, scenarios: intake}
        criteria: [success >= 99%, p95 <= 1s of harbor in peak]
        executions:
          of: POST /hooks/{slug}
          run_id: [json:/run/id]
          callback: {listen: '[::1]:9200', path: /done, correlation_id: json:/meta/id, status: [header:X-End]}
          poll: /runs?changed_after={cursor}
          stream: {path: /runs/stream, events: run, run: /record}
          sql: {connection: file:/run/dsn, query: 'select id, status from runs where at >= {since};'}
          deadline: 10s
          delays: {POST /hooks/slow: 30s}
          dead_letters: {path: /queue, count: json:/dead/letters}
        probes:
          planted:
            ask: [POST /hooks/harbor-a, POST /hooks/harbor-b]
            headers: 'Authorization: Bearer {secret}'
            body: '{"n":"{data}"}'
            sign: github=env:SECRET
            expect: [202, 4xx, 300..307]
            every: 250ms
            in: [smoke, peak]
          forged: {ask: POST /hooks/a, sign: github=env:SECRET, signature: forged, expect: 401}
          mine: {ask: '/runs/{run}', as: owner, token: 'file:/run/old', expect: 200}
          streams: {listen: /logs/stream, as: harbor}
        canaries:
          commands:
            database: [psql, -c, select 1]
            file: {run: [cat, /var/log/x], may_hold_data: false}
        logs:
          stream: /runs/{run}/log
          of: POST /hooks/a-{slug}
          connections: 10000
          share: 20%
          events: [log]
          end: over
          line: /record/id~1x
          time: /commit_timestamp
          history: {path: '/runs/{run}/lines?limit=5', line: /name, time: /at, most: 7}
          reconnect: {every: 10s, away: 500ms, share: 50%}
          slow: {streams: 2, bytes: 1024}
          linger: 1s
          stages: [peak, last]
        observers:
          processes: [postgres]
          metrics: http://127.0.0.1:8080/metrics
        """

    @Test func liveLogsAreRead() throws {
        let plan = try Self.load(Self.whole).plan
        var rule = LogRule(stream: "/runs/{run}/log")
        rule.connections = 10_000
        rule.routes = [try RoutePattern("POST /hooks/a-{slug}")]
        rule.share = 0.2
        rule.events = ["log"]
        rule.end = "over"
        rule.line = ["record", "id/x"]
        rule.time = ["commit_timestamp"]
        rule.history = LogRule.History(
            path: "/runs/{run}/lines?limit=5",
            line: ["name"],
            time: ["at"],
            most: 7
        )
        rule.reconnect = LogRule.Reconnect(every: 10_000_000_000, away: 500_000_000, share: 0.5)
        rule.slow = LogRule.Slow(streams: 2, bytesPerSecond: 1_024)
        rule.linger = 1_000_000_000
        rule.stages = ["peak", "last"]
        #expect(plan.logs == rule)
        // The stream of a run begins with what there is, that of a tenant begins now.
        #expect(rule.hasBacklog && !LogRule(stream: "/log").hasBacklog)
        #expect(plan.stages.map(rule.covers) == [false, true, true])
    }

    /// All as MeshHook has it, and everything said.
    @Test func liveLogsAreReadOverRealtime() throws {
        let head = Self.scene + "executions: {of: POST /}\n"
        var usual = RealtimeRule()
        usual.filter = "run_id=eq.{run}"
        let all = try #require(try Self.load(head + "logs: {realtime: true}").plan.logs)
        #expect(all == LogRule(realtime: usual) && all.isOfRuns && !all.hasBacklog)
        #expect(
            all.line == ["record", "id"] && all.time == ["commit_timestamp"]
                && all.run == ["record", "run_id"]
        )
        let said = try #require(
            try Self.load(
                head + """
                    logs:
                      realtime:
                        origin: wss://Project.supabase.co/
                        path: /socket?log_level=info
                        apikey: env:ANON
                        topic: realtime:tenant
                        event: '*'
                        schema: mesh
                        table: lines
                        filter: level=eq.error
                        channels: 7
                        heartbeat: 10s
                      line: /record/name
                      time: /record/at
                      run: /record/of
                      backlog: true
                      history: {path: '/runs/{run}/logs'}
                      reconnect: 5s
                    """
            ).plan.logs
        )
        var rule = RealtimeRule()
        rule.origin = "wss://project.supabase.co"
        rule.path = "/socket?log_level=info"
        rule.apikey = "env:ANON"
        rule.topic = "realtime:tenant"
        rule.event = "*"
        rule.schema = "mesh"
        rule.table = "lines"
        rule.filter = "level=eq.error"
        rule.channels = 7
        rule.heartbeat = 10_000_000_000
        #expect(said.realtime == rule && !said.isOfRuns && said.hasBacklog)
        #expect(
            said.line == ["record", "name"] && said.time == ["record", "at"] && said.run == ["record", "of"]
        )
        // Tenants have no filter of runs.
        let tenants = try Self.load(Self.scene + "logs: {realtime: {topic: 'realtime:all'}}").plan.logs
        #expect(tenants?.realtime?.filter == nil && tenants?.isOfRuns == false)
    }

    @Test func everythingIsRead() throws {
        let file = try Self.load(Self.whole)
        let plan = file.plan
        #expect(plan.name == "Orders at peak" && plan.seed == 7 && plan.about == "why")
        #expect(plan.environment == [LoadPlan.Note(name: "machine", text: "two processors")])
        #expect(plan.tenants.map(\.name) == ["harbor", "meadow"] && plan.tenants[0].token == "env:TOKEN")
        // Paths are beside the plan, unless they say where they are.
        #expect(plan.scenarios.map(\.traces) == [["/at/a.trace.gz", "/b.trace.gz"], ["/at/c.trace.gz"]])
        #expect(plan.scenarios.map(\.tenant) == ["harbor", nil])
        // The name of a stage says its kind where nothing else does.
        #expect(plan.stages.map(\.kind) == [.smoke, .peak, .recovery])
        #expect(plan.stages.map(\.scenarios) == [["intake", "readers"], ["intake", "readers"], ["intake"]])
        #expect(plan.stages.map(\.check) == [.byDefault, .rules("/at/rules.yaml"), .none])
        #expect(plan.stages[1].pause == 2_000_000_000 && !plan.stages[1].keepsObserved)
        #expect(plan.stages[1].criteria.map(\.description) == ["rate >= 250/s"])
        // In the order of their times.
        #expect(plan.stages[1].incidents.map(\.name) == ["early", "late"])
        #expect(plan.stages[1].incidents.map(\.command) == [["true"], ["kill", "1"]])
        #expect(plan.stages[1].incidents.map(\.mend) == [[], ["sh", "-c", "go on"]])
        #expect(plan.criteria.count == 2)
        let rule = try #require(plan.executions)
        #expect(rule.names == [.json(["run", "id"])] && rule.deadline == 10_000_000_000)
        #expect(
            rule.delay(method: Array("POST".utf8).span, target: Array("/hooks/slow".utf8).span)
                == 30_000_000_000
        )
        var callback = ExecutionRule.Callback(host: "::1", port: 9_200)
        callback.path = "/done"
        callback.marks = [.json(["meta", "id"])]
        callback.status = [.header("X-End")]
        #expect(rule.callback == callback)
        #expect(rule.stream?.path == "/runs/stream" && rule.stream?.events == ["run"])
        #expect(rule.stream?.run == ["record"] && rule.query?.connection == "file:/run/dsn")
        #expect(rule.query?.text == "select id, status from runs where at >= {since}")
        #expect(plan.observers.metrics == ["http://127.0.0.1:8080/metrics"])
        #expect(
            rule.deadLetters == ExecutionRule.DeadLetters(path: "/queue", count: .json(["dead", "letters"]))
        )
        #expect(plan.probes.map(\.name) == ["planted", "forged", "mine", "streams"])
        let planted = plan.probes[0]
        #expect(
            planted.kind
                == .ask(["a", "b"].map { Probe.Line(method: "POST", target: "/hooks/harbor-\($0)") })
        )
        #expect(
            planted.expected == [202...202, 400...499, 300...307] && planted.stages == ["smoke", "peak"]
        )
        #expect(planted.interval == 250_000_000 && planted.signing == ["github=env:SECRET"])
        // Who says where the secret is means that it is signed rightly.
        #expect(planted.signature == .right && planted.asker == .nobody)
        #expect(plan.probes[1].signature == .forged && plan.probes[1].interval == 1_000_000_000)
        // A path alone is asked for with GET.
        #expect(plan.probes[2].kind == .ask([Probe.Line(method: "GET", target: "/runs/{run}")]))
        #expect(plan.probes[2].asker == .owner && plan.probes[2].signature == nil)
        #expect(plan.probes[2].token == "file:/run/old" && plan.probes[3].token == nil)
        #expect(plan.probes[3].kind == .listen("/logs/stream") && plan.probes[3].asker == .tenant("harbor"))
        #expect(plan.canaryCommands.map(\.command) == [["psql", "-c", "select 1"], ["cat", "/var/log/x"]])
        #expect(plan.canaryCommands.map(\.mayHoldData) == [true, false])
        #expect(file.replays.count == 5)
    }

    /// What is further in counts more, and one pace takes the place of another.
    @Test func layersAreMerged() throws {
        let file = try Self.load(Self.whole)
        func replay(_ stage: String, _ scenario: String) throws -> PlanFile {
            try #require(file.replays[LoadPlanFile.Part(stage: stage, scenario: scenario)])
        }
        let smoke = try replay("smoke", "intake")
        #expect(smoke.pacing == (try Pacing(speed: "2x")) && smoke.timeout?.nanoseconds == 3_000_000_000)
        #expect(smoke.target == (try ReplayTarget("http://127.0.0.1:8080/api")))
        // A stage of a certain length goes on for that long.
        #expect(smoke.loops == .endless && smoke.duration?.nanoseconds == 5_000_000_000)
        #expect(try replay("peak", "intake").pacing == (try Pacing(rate: "300/s")))
        #expect(try replay("peak", "intake").loops == .count(2))
        #expect(try replay("peak", "readers").pacing == .maximum)
        #expect(try replay("smoke", "readers").pacing == nil)
        #expect(try replay("last", "intake").loops == nil)
    }

    @Test func settingsReachEveryPlace() throws {
        let file = try Self.load(
            Self.whole,
            ["stages.smoke.speed=5x", "target=http://127.0.0.1:9", "stages.smoke.duration=1s"]
        )
        let smoke = try #require(file.replays[LoadPlanFile.Part(stage: "smoke", scenario: "readers")])
        #expect(smoke.pacing == (try Pacing(speed: "5x")) && smoke.duration?.nanoseconds == 1_000_000_000)
        #expect(smoke.target?.port == 9)
    }

    /// What is wrong with a trace is told with the place that names it first.
    @Test func aTraceHasItsPlaceInThePlan() throws {
        let file = try Self.load(
            "plan: a\nscenarios:\n  a: {traces: t}\n  b:\n    traces:\n      - u\n      - t\nstages: {s: {}}"
        )
        #expect(file.error(withTrace: "/at/t", "is gone").description == "l.yaml:3:15: is gone")
        #expect(file.error(withTrace: "/at/u", "is gone").description == "l.yaml:6:9: is gone")
        // One that was put in its place from without.
        let set = try Self.load(
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {}}",
            ["scenarios.a.traces=v"]
        )
        #expect(set.error(withTrace: "/at/v", "is gone").description.hasSuffix(": is gone"))
    }

    /// A pace of another kind that takes the place of a scenario's is told, unless the stage says what that scenario's is.
    @Test(
        arguments: [
            ("speed: 2x", "rate: 5/s", "", 1), ("max: true", "rate: 5/s", "", 1),
            ("speed: 2x", "speed: 1x", "", 0), ("", "rate: 5/s", "", 0), ("rate: 5/s", "", "", 0),
            ("speed: 2x", "rate: 5/s", "scenarios: {a: {rate: 9/s}}", 0),
            ("speed: 2x", "rate: 5/s", "scenarios: [b]", 0),
        ] as [(String, String, String, Int)]
    )
    func aPaceThatIsTakenBackIsTold(_ stage: String, _ scenario: String, _ more: String, _ count: Int) throws
    {
        func entries(_ parts: String...) -> String { parts.filter { !$0.isEmpty }.joined(separator: ", ") }
        let file = try Self.load(
            "plan: a\nscenarios: {a: {\(entries("traces: t", scenario))}, b: {traces: u}}\nstages: {s: {\(entries(stage, more))}}"
        )
        #expect(file.remarks.count == count)
        if let remark = file.remarks.first {
            #expect(remark.hasPrefix("l.yaml:3:") && remark.contains("of scenario a"), "\(remark)")
        }
    }

    /// Stages, the scenario and criteria of a plan with a search, and what is wrong with it.
    @Test(
        arguments: [
            ("knee: {}", "traces: t", "p95 <= 1s", ""),
            ("knee: {speed: 2x, knee: {from: 2x, up_to: 50x}}", "traces: t", "success >= 99%", ""),
            ("knee: {criteria: overhead p95 <= 1s}", "traces: t, rate: 5/s", "lost = 0", ""),
            ("end: {kind: knee}, s: {}", "traces: t", "p95 <= 1s in end", ""),
            // Nothing that a load could break: a number, a value that has to be met, another stage, another run.
            ("knee: {}", "traces: t", "lost = 0", "3:10: stage knee looks for the load"),
            ("s: {}, knee: {}", "traces: t", "p95 = 1s", "3:17: stage knee looks for the load"),
            ("s: {}, knee: {}", "traces: t", "p95 <= 1s in s", "3:17: stage knee looks for the load"),
            ("s: {}, knee: {}", "traces: t", "p95 <= 2x against s", "3:17: stage knee looks for the load"),
            ("s: {criteria: p95 <= 1s}, end: {kind: knee}", "traces: t", "rate >= 1/s", "3:36: stage end"),
            // No load that could be multiplied, where it is said.
            ("knee: {speed: [1x..2x over 5s]}", "traces: t", "p95 <= 1s", "3:24: a search for the limit"),
            ("knee: {}", "traces: t, max: true", "p95 <= 1s", "2:33: a search for the limit multiplies"),
            ("knee: {max: true}", "traces: t, speed: 1x", "p95 <= 1s", "3:22: a search for the limit"),
            (
                "knee: {speed: 1x, scenarios: {a: {max: true}}}", "traces: t", "p95 <= 1s",
                "3:49: a search for the limit"
            ),
            // No room for it.
            (
                "knee: {speed: 0.1x, knee: {from: 0.5x}}", "traces: t", "p95 <= 1s",
                "3:24: a search for the limit begins at 0.5x"
            ),
            ("knee: {knee: {from: 70x}}", "traces: t", "p95 <= 1s", "3:30: the search goes up to 64x"),
            (
                "knee: {knee: {from: 4x, up_to: 2x}}", "traces: t", "p95 <= 1s",
                "3:41: 'up_to' is beyond 'from'"
            ),
            ("s: {knee: {from: 1x}}", "traces: t", "p95 <= 1s", "3:20: only a stage of the kind 'knee'"),
        ] as [(String, String, String, String)]
    )
    func aSearchThatCannotBeMadeIsRefused(
        _ stages: String,
        _ scenario: String,
        _ criteria: String,
        _ words: String
    ) {
        let yaml =
            "plan: a\nscenarios: {a: {\(scenario)}}\nstages: {\(stages)}\ncriteria: ['\(criteria)']"
        do {
            _ = try Self.load(yaml)
            #expect(words.isEmpty, "\(yaml)")
        } catch {
            #expect(!words.isEmpty && "\(error)".hasPrefix("l.yaml:" + words), "\(error)")
        }
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The example in the document is whole, and both the reader and the schema take it.
    @Test func theSchemaTakesWhatTheReaderTakes() throws {
        let text = try String(
            contentsOf: Self.root.appending(path: "Documentation/load-plans.md"),
            encoding: .utf8
        )
        let example = String(try #require(text.firstMatch(of: /```yaml\n((?:.|\n)*?)```/)).1)
        #expect(try Self.load(example).plan.stages.map(\.name) == ["smoke", "ramp", "peak"])
        let scene = Self.scene
        let bad = [
            scene + "nonsense: 1", scene + "criteria: [p95]", scene + "observers: {postgres: geheim}",
            scene + "executions: {of: /h, callback: 9200}",
            scene + "executions: {of: /h, callback: {path: /}}",
            scene + "executions: {of: /h, stream: x}",
            scene + "executions: {of: /h, stream: {path: /x, run: id}}",
            scene + "executions: {of: /h, sql: {connection: env:X}}",
            scene + "executions: {of: /h, sql: {connection: env:X, query: delete from r}}",
            scene + "executions: {of: /h, sql: {connection: env:X, query: select 1; select 2}}",
            scene + "executions: {poll: /runs}", scene + "tenants: {t: {secret: env:X}}",
            "plan: a\nscenarios: {a: {}}\nstages: {s: {}}",
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {}",
            "plan: a\nscenarios: {a: {traces: t, speed: fast}}\nstages: {s: {}}",
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {incidents: {f: {run: x}}}}",
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {incidents: {f: {after: 1s, run: kill 1}}}}",
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {incidents: {f: {after: 1s, run: [kill 1]}}}}",
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {incidents: {f: {after: 1s, run: x, mend: go on}}}}",
            scene + "probes: {p: {ask: '/{data}'}}\ncanaries: {commands: {a: cat /log}}",
            scene + "probes: {p: {}}", scene + "probes: {p: {ask: x}}",
            scene + "probes: {p: {ask: /x, listen: /y}}", scene + "probes: {p: {listen: /x, expect: 200}}",
            scene + "probes: {p: {ask: /x, expect: 42}}", scene + "probes: {p: {ask: /x, expect: 6xx}}",
            scene + "probes: {p: {ask: /x, signature: wrong}}",
            scene + "probes: {p: {ask: /x, sign: geheim}}",
            scene + "probes: {p: {ask: '/{data}'}}\ncanaries: {}",
            scene + "executions: {of: POST /h, dead_letters: {path: /q, count: dead}}",
            scene + "logs: {stream: /log, realtime: true}",
            scene + "logs: {realtime: {topic: x}}", scene + "logs: {realtime: {event: insert}}",
            scene + "logs: {realtime: {topic: 'realtime:a'}, end: x}",
            scene + "logs: {realtime: {apikey: geheim}}", scene + "logs: {realtime: {nonsense: 1}}",
            scene + "logs: {share: 5%}", scene + "logs: {stream: log}",
            scene + "logs: {stream: /log, line: x}",
            scene + "logs: {stream: /log, slow: {streams: 1}}",
            scene + "logs: {stream: /log, connections: many}",
            scene + "executions: {of: GET /}\nlogs: {stream: '/{run}', history: /log}",
        ]
        for yaml in bad { #expect(throws: RulesFileError.self, "\(yaml)") { try Self.load(yaml) } }
        let good = [
            example, Self.whole, scene, scene + "executions: {of: POST /}\nlogs: {realtime: true}",
            scene
                + "logs: {realtime: {origin: 'wss://a', topic: 'realtime:a', event: '*', heartbeat: 5s, channels: 9}}",
        ]
        guard let verdicts = try RuleSetSchemaTests.verdicts(good + bad, schema: "load-plan.json") else {
            return
        }
        for (yaml, verdict) in zip(good, verdicts) { #expect(verdict == "ok", "\(yaml)") }
        for (yaml, verdict) in zip(bad, verdicts.dropFirst(good.count)) {
            #expect(verdict != "ok", "\(yaml)")
        }
    }

    @Test func theSchemaKnowsTheKeysOfTheReader() throws {
        let url = Self.root.appending(path: "Documentation/schemas/load-plan.json")
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        let schema = try #require(object as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: Any])
        func properties(_ name: String) throws -> [String] {
            let definition = try #require(definitions[name] as? [String: Any])
            return Array(try #require(definition["properties"] as? [String: Any]).keys)
        }
        let top = try #require(schema["properties"] as? [String: Any])
        let scene = Self.scene
        // A key that the reader does not know is refused as unknown; one that it knows is refused for its value, or not at all.
        func isKnown(_ yaml: String) -> Bool {
            do {
                _ = try Self.load(yaml)
                return true
            } catch {
                return !"\(error)".contains("unknown key")
            }
        }
        for key in Array(top.keys) + (try properties("replay"))
        where !["plan", "scenarios", "stages"].contains(key) {
            #expect(isKnown(scene + "\(key): [[]]"), "\(key)")
        }
        for key in try properties("scenario") + properties("replay") where key != "traces" {
            #expect(isKnown("plan: a\nscenarios: {a: {traces: t, \(key): [[]]}}\nstages: {s: {}}"), "\(key)")
        }
        for key in try properties("stage") + properties("replay") {
            #expect(isKnown("plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {\(key): [[]]}}"), "\(key)")
        }
        for key in try properties("executions") {
            #expect(isKnown(scene + "executions: {of: GET /, \(key == "of" ? "poll" : key): [[]]}"), "\(key)")
        }
        for key in try properties("probe") {
            #expect(isKnown(scene + "probes: {p: {\(key): [[]]}}"), "\(key)")
        }
        for key in try properties("logs") {
            #expect(isKnown(scene + "logs: {stream: /x, \(key == "stream" ? "end" : key): [[]]}"), "\(key)")
        }
        for key in try properties("realtime") {
            #expect(isKnown(scene + "logs: {realtime: {\(key): [[]]}}"), "\(key)")
        }
        for key in try properties("observers") {
            #expect(isKnown(scene + "observers: {\(key): [[]]}"), "\(key)")
        }
        #expect(!isKnown(scene + "nonsense: [[]]"))
    }
}
