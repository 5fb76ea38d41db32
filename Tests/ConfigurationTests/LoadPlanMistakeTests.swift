import Configuration
import Testing

/// What a plan has wrong, and where.
@Suite struct LoadPlanMistakeTests {
    private static let scene = LoadPlanFileTests.scene

    /// What is wrong, and line, column and words of the error.
    @Test(arguments: [
        ("", "this file is empty"),
        ("plan: a\nscenarios: {a: {traces: t}}", "l.yaml:1:1: 'stages' is missing"),
        ("scenarios: {}\nstages: {}", "a name is missing"),
        ("plan: a\nscenario: {}", "l.yaml:2:1: unknown key 'scenario', did you mean 'scenarios'?"),
        ("plan: a\nscenarios: {}\nstages: {}", "l.yaml:2:12: 'scenarios' is a mapping"),
        ("plan: a\nscenarios: {a: {trace: t}}\nstages: {s: {}}", "l.yaml:2:17: unknown key 'trace'"),
        ("plan: a\nscenarios: {a/b: {traces: t}}\nstages: {s: {}}", "l.yaml:2:13: a name has letters"),
        ("plan: a\nscenarios: {a: {traces: t}}\nstages: {..: {}}", "does not begin with a point"),
        (
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {scenarios: [b]}}",
            "l.yaml:3:26: unknown scenario 'b'"
        ),
        (
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {speed: fast}}",
            "l.yaml:3:21: 'fast' is not a speed"
        ),
        ("plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {kind: slow}}", "'slow' is none of smoke"),
        (
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {}}\ncriteria: [p95 <= 5]",
            "l.yaml:4:12: 'p95 <= 5'"
        ),
        (
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {}}\ncriteria: [p95 <= 5s in t]",
            "unknown stage 't'; there are s"
        ),
        (
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {criteria: p95 <= 5s in s}}",
            "leave 'in' out"
        ),
        (
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {}}\ncriteria: [lost = 0 of x]",
            "unknown tenant 'x'"
        ),
        (
            "plan: a\ntenants: {x: {}}\nscenarios: {a: {traces: t}}\nstages: {s: {criteria: lost = 0 of y}}",
            "l.yaml:4:24: unknown tenant 'y'"
        ),
        (
            "plan: a\ntenants: {t: {token: geheim}}\nscenarios: {a: {traces: t}}\nstages: {s: {}}",
            "l.yaml:2:22: a secret does not stand in a plan"
        ),
        (
            "plan: a\nscenarios: {a: {traces: t, speed: 1x}}\nstages: {s: {speed: 1x, rate: 5/s}}",
            "exclude each other"
        ),
        (
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {}}\nexecutions: {of: nowhere}",
            "l.yaml:4:18: 'nowhere' is no route"
        ),
        (
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {}}\nobservers: {metrics: 'ftp://x'}",
            "a URL of metrics"
        ),
        ("plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {}, s: {}}", "twice in one mapping"),
        (scene + "criteria: [p95 <= 2x against t]", "unknown stage 't'; there are s, and 'last run'"),
        (scene + "probes: {p: {}}", "l.yaml:4:10: a probe has 'ask'"),
        (scene + "probes: {p: {ask: /x, listen: /y}}", "'ask' and 'listen' exclude each other"),
        (scene + "probes: {p: {ask: x}}", "l.yaml:4:19: a request is wanted here"),
        (scene + "probes: {p: {ask: get /x}}", "a request is wanted here"),
        (scene + "probes: {p: {listen: POST /x}}", "a stream is asked for with GET"),
        (scene + "probes: {p: {listen: /x, expect: 200}}", "who listens has no 'expect'"),
        (scene + "probes: {p: {listen: '/x?{data}'}}", "plants nothing"),
        (scene + "probes: {p: {ask: /x, expect: 42}}", "l.yaml:4:31: a status is wanted here"),
        (scene + "probes: {p: {ask: /x, expect: 404..400}}", "a status is wanted here"),
        (scene + "probes: {p: {ask: /x, expect: 6xx}}", "a status is wanted here"),
        (scene + "probes: {p: {ask: /x, headers: nonsense}}", "a field line is wanted here"),
        (scene + "probes: {p: {ask: /x, as: harbour}}", "unknown tenant 'harbour'"),
        (scene + "probes: {p: {ask: /x, as: other}}", "asks for runs; 'executions'"),
        (scene + "probes: {p: {ask: '/x/{run}'}}", "asks for runs; 'executions'"),
        (
            scene + "executions: {of: POST /h}\nprobes: {p: {ask: '/x/{run}'}}",
            "asks for runs of tenants; 'tenants' has no 'match'"
        ),
        (
            "tenants: {a: {match: path=/a}}\n" + scene + "probes: {p: {ask: /x, as: a}}",
            "neither 'token' nor 'headers'"
        ),
        (
            "tenants: {a: {match: path=/a, headers: 'X: a'}}\n" + scene
                + "executions: {of: POST /h}\nprobes: {p: {ask: '/x/{run}', as: other}}",
            "'other' needs two tenants"
        ),
        (scene + "probes: {p: {ask: /x, signature: forged}}", "'sign' is missing"),
        (scene + "probes: {p: {ask: /x, signature: wrong}}", "'wrong' is none of right"),
        (scene + "probes: {p: {ask: /x, sign: github=geheim}}", "a secret does not stand in a plan"),
        (scene + "probes: {p: {ask: /x, token: geheim}}", "l.yaml:4:30: a secret does not stand in a plan"),
        (scene + "probes: {p: {ask: /x, in: t}}", "unknown stage 't'"),
        (scene + "probes: {p: {ask: /x, every: 1us}}", "1ms or more"),
        (scene + "canaries: {commands: {a: ls}}", "no probe plants anything"),
        (
            scene + "probes: {p: {ask: '/{data}'}}\ncanaries: {commands: {a: cat /log}}",
            "a command is a program and its arguments, each by itself"
        ),
        (
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {incidents: {f: {after: 1s, run: kill 1}}}}",
            "l.yaml:3:46: a command is a program and its arguments, each by itself"
        ),
        (
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {incidents: {f: {after: 1s, run: [kill 1]}}}}",
            "a command is a program and its arguments, each by itself"
        ),
        (
            "plan: a\nscenarios: {a: {traces: t}}\nstages: {s: {incidents: {f: {after: 1s, run: x, mend: go on}}}}",
            "a command is a program and its arguments, each by itself"
        ),
        (scene + "probes: {p: {ask: '/{data}'}}\ncanaries: {}", "'commands' is missing"),
        (
            scene + "executions: {of: POST /h, dead_letters: {path: /q, count: dead}}",
            "'dead' is no place of a number"
        ),
        (scene + "executions: {of: POST /h, dead_letters: {path: /q}}", "has 'path' and 'count'"),
        (scene + "executions: {of: POST /h, callback: {}}", "l.yaml:4:37: 'listen' is missing"),
        (scene + "executions: {of: POST /h, callback: 9200}", "l.yaml:4:37: '9200' is no address"),
        (scene + "executions: {of: POST /h, callback: 'a:0'}", "'a:0' is no address to listen on"),
        (scene + "executions: {of: POST /h, callback: '::1:80'}", "'::1:80' is no address to listen on"),
        (scene + "executions: {of: POST /h, callback: 'http://a:80'}", "is no address to listen on"),
        (
            scene + "executions: {of: POST /h, callback: {listen: 'a:1', run_id: [run]}}",
            "l.yaml:4:62: 'run' is no place of a name"
        ),
        (scene + "executions: {of: POST /h, callback: {port: 1}}", "unknown key 'port'"),
        (scene + "executions: {of: POST /h, stream: runs}", "l.yaml:4:35: a path of the target"),
        (scene + "executions: {of: POST /h, stream: {events: x}}", "l.yaml:4:35: 'path' is missing"),
        (scene + "executions: {of: POST /h, stream: {path: /x, run: id}}", "'id' points at no member"),
        (scene + "executions: {of: POST /h, sql: select 1}", "l.yaml:4:32: 'sql' is a mapping"),
        (scene + "executions: {of: POST /h, sql: {query: select 1}}", "'sql' has 'connection'"),
        (
            scene + "executions: {of: POST /h, sql: {connection: geheim, query: select 1}}",
            "a secret does not stand in a plan"
        ),
        (
            scene + "executions: {of: POST /h, sql: {connection: env:X, query: delete from r}}",
            "l.yaml:4:59: a query begins with"
        ),
        (
            scene + "executions: {of: POST /h, sql: {connection: env:X, query: select 1; delete from r}}",
            "one query is wanted here"
        ),
        (scene + "logs: {}", "l.yaml:4:7: 'stream' is missing"),
        (
            scene + "logs: {stream: /log, realtime: true}",
            "l.yaml:4:32: lines come over a 'stream' of events or"
        ),
        (scene + "logs: {realtime: true}", "l.yaml:4:18: whose runs they are"),
        (scene + "logs: {realtime: false}", "l.yaml:4:18: leave 'realtime' out"),
        (
            scene + "logs: {realtime: {topic: 'run-logs-{run}'}}",
            "l.yaml:4:26: a topic begins with 'realtime:'"
        ),
        (scene + "logs: {realtime: {topic: 'realtime:'}}", "l.yaml:4:26: a topic begins"),
        (
            scene + "logs: {realtime: {tables: logs}}",
            "l.yaml:4:19: unknown key 'tables', did you mean 'table'"
        ),
        (scene + "logs: {realtime: {apikey: geheim}}", "l.yaml:4:27: a secret does not stand in a plan"),
        (scene + "logs: {realtime: {origin: project.supabase.co}}", "l.yaml:4:27: where sockets are"),
        (scene + "logs: {realtime: {origin: 'wss://a@b'}}", "l.yaml:4:27: where sockets are"),
        (scene + "logs: {realtime: {path: realtime}}", "l.yaml:4:25: a path of the target"),
        (scene + "logs: {realtime: {event: insert}}", "l.yaml:4:26: 'insert' is no change of a table"),
        (scene + "logs: {realtime: {channels: 0}}", "l.yaml:4:29: "),
        (scene + "logs: {realtime: {heartbeat: 1ms}}", "l.yaml:4:30: a heartbeat is sent every 100ms to 60s"),
        (scene + "logs: {realtime: {heartbeat: 2m}}", "l.yaml:4:30: a heartbeat is sent every 100ms to 60s"),
        (
            scene + "logs: {realtime: {topic: 'realtime:all', filter: 'run_id=eq.{run}'}}",
            "l.yaml:4:50: {run} stands for the name of a run"
        ),
        (
            scene + "logs: {realtime: {topic: 'realtime:all'}, events: log}",
            "l.yaml:4:51: 'events' is of streams of events"
        ),
        (scene + "logs: {realtime: {topic: 'realtime:all'}, end: over}", "l.yaml:4:48: 'end' is of streams"),
        (
            scene + "logs: {realtime: {topic: 'realtime:all'}, line: id}",
            "l.yaml:4:49: 'id' points at no member"
        ),
        (scene + "logs: {stream: log}", "l.yaml:4:16: a path of the target"),
        (scene + "logs: {stream: '/{run}'}", "l.yaml:4:16: whose runs they are"),
        (scene + "logs: {stream: /log, of: nowhere}", "l.yaml:4:26: 'nowhere' is no route"),
        (scene + "logs: {stream: /log, lines: 1}", "l.yaml:4:22: unknown key 'lines'"),
        (scene + "logs: {stream: /log, line: record}", "l.yaml:4:28: 'record' points at no member"),
        (scene + "logs: {stream: /log, connections: 0}", "l.yaml:4:35: "),
        (scene + "logs: {stream: /log, share: 200%}", "l.yaml:4:29: "),
        (scene + "logs: {stream: /log, stages: [t]}", "l.yaml:4:31: unknown stage 't'; there are s"),
        (scene + "logs: {stream: /log, reconnect: 1ms}", "l.yaml:4:33: 100ms or more"),
        (scene + "logs: {stream: /log, reconnect: {away: 1s}}", "l.yaml:4:33: 'every' is missing"),
        (scene + "logs: {stream: /log, slow: {streams: 1}}", "l.yaml:4:28: 'slow' has 'streams'"),
        (
            scene + "executions: {of: POST /}\nlogs: {stream: '/{run}', history: /logs}",
            "l.yaml:5:35: '/logs' is the same for every run"
        ),
        (
            scene + "executions: {of: POST /}\nlogs: {stream: /log, history: '/{run}'}",
            "l.yaml:5:7: 'run' is missing"
        ),
    ])
    func mistakesHaveAPlace(_ yaml: String, _ message: String) {
        let error = #expect(throws: RulesFileError.self) { try LoadPlanFileTests.load(yaml) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        // A secret that was put in by mistake is not repeated.
        #expect(error?.description.contains("geheim") == false)
    }
}
