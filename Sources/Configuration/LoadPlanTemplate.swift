import JSON

/// A load plan to begin with: every part of the language, those that a first run does without switched off.
///
/// What is switched off begins with `#: `, and with `#| ` where it takes the place of the part before it; so it can be told
/// from what is said about it.
package enum LoadPlanTemplate {
    /// `trace` and `target` go into quotes, so that whatever they hold stays a text.
    package static func yaml(trace: String, target: String) -> String {
        """
        # A load test as a document that runs: tapedeck plan check FILE, tapedeck plan run FILE.
        # Documentation/load-plans.md describes every key.
        #
        # Parts that a first run does without begin with '#: '; take that away from all lines of a part to use it.

        plan: My service at peak
        about: Real traffic, anonymized, from the recorded load to a multiple of it.
        target: \(quoted(target))
        seed: 1

        # Where it runs, for whoever reads the report.
        environment:
          target: one machine, two processors
          data: an empty database

        # Where the secrets are with which requests are signed anew.
        #: sign: [github=env:STAGING_SECRET]

        # Whose a request is: figures are told apart by tenant, and probes ask as one for what is another's.
        #: tenants:
        #:   harbor: {match: 'path=/api/hooks/harbor-*', token: env:HARBOR_TOKEN, headers: ['X-Project-Id: harbor']}
        #:   meadow: {match: 'path=/api/hooks/meadow-*', token: env:MEADOW_TOKEN, headers: ['X-Project-Id: meadow']}

        # Which traffic. Whatever a plan of a replay knows (filter, session, habits, …) may stand here, too.
        scenarios:
          all:
            traces: [\(quoted(trace))]
            #: filter: method=POST
          # Another one runs beside it, with connections and a load of its own.
          #: readers:
          #:   traces: [\(quoted(trace))]
          #:   filter: method=GET

        # One after the other. What a stage says counts more than what a scenario says.
        stages:
          smoke:                  # what breaks here ends the run
            speed: 1x
            duration: 5s
            # Compares the answers with the recorded ones.
            #: check: true
          baseline:               # what is usual
            speed: 1x
            duration: 20s
          ramp:                   # what changes on the way up
            speed: [1x..4x over 30s]
            duration: 30s
          # The load that has to be borne: of each scenario its own, with criteria about this stage alone.
          #: peak:
          #:   duration: 1m
          #:   scenarios: {all: {rate: 300/s}, readers: {speed: 1x}}
          #:   criteria: [rate >= 250/s]
          spike:                  # what a sudden rush leaves behind
            speed: [1x for 5s, 8x for 5s, 1x for 10s]
            duration: 20s
          soak:                   # what grows with time; an hour shows more
            speed: 2x
            duration: 1m
          # Incidents, commands of your own, break something and mend it: whether all is as it was afterwards.
          #: recovery:
          #:   speed: 1x
          #:   duration: 1m
          #:   incidents:
          #:     break: {after: 10s, run: [./break-something], mend: [./mend-it]}
          #:   criteria: [availability >= 60%]
          # Looks for the multiple of the load at which criteria about times and shares begin to break.
          #: knee:
          #:   speed: 1x
          #:   duration: 10s
          #:   knee: {from: 1x, up_to: 32x}

        # What has to be shown:
        # FIGURE RELATION BOUND [against STAGE|last run] [on ROUTE] [of TENANT|each] [in STAGE, …].
        criteria:
          - success >= 99.9%
          - p95 <= 500ms in baseline, soak
          - p99 <= 2s
          # One route, and every tenant by itself.
          #: - p95 <= 500ms on POST /api/hooks/{slug} of each
          # Against another stage, and against the run before, of which there is none the first time.
          #: - p95 <= 2x + 20ms against baseline in soak
          #: - service_time p95 <= 1.5x + 20ms against last run
          # Of executions and live logs, see below.
          #: - lost = 0
          #: - duplicate runs = 0
          #: - overhead p95 <= 1s
          #: - log lines missing = 0
          #: - log lag p95 <= 1s

        # Follows what a request sets going to its end. One of callback, poll, stream and sql is enough.
        #: executions:
        #:   of: POST /api/hooks/{slug}
        #:   run_id: [header:X-Run-Id, json:/run_id]              # where the answer names the run
        #:   callback: 127.0.0.1:9200                             # workflows call this address at their end
        #:   poll: /api/runs?limit=1000&changed_after={cursor}    # a list that is asked for again and again
        #:   stream: {path: /api/logs/stream, events: run, run: /record}     # events that tell of changes
        #:   sql:                                                 # a query of the target's database
        #:     connection: env:STAGING_DATABASE
        #:     query: select id, status, created_at, started_at, finished_at from runs where changed_at >= {since}
        #:   deadline: 1m                                         # what has no end by then is lost
        #:   dead_letters: {path: /api/metrics/queue-depth, count: json:/dead_letters}

        # Reads live logs, server-sent events, and holds them against what the target keeps; needs executions.
        #: logs:
        #:   stream: /api/runs/{run}/logs/stream
        #:   events: log
        #:   time: /commit_timestamp
        #:   history: /api/runs/{run}/logs
        #:   connections: 100

        # In their place ('#| ') live logs over Supabase Realtime.
        #| logs:
        #|   realtime: true
        #|   history: /api/runs/{run}/logs
        #|   connections: 100

        # Questions beside the load, and what has to hold of the answers; those about runs need tenants and executions.
        #: probes:
        #:   unsigned: {ask: POST /api/hooks/harbor-orders, body: '{}', signature: missing, expect: 401}
        #:   expired: {ask: /api/runs, token: env:EXPIRED_TOKEN, expect: 401}
        #:   runs-of-others: {ask: '/api/runs/{run}', as: other, expect: 404}
        #:   streams: {listen: /api/logs/stream, as: each}
        #:   planted:
        #:     ask: POST /api/hooks/harbor-orders
        #:     headers: ['Authorization: Bearer {secret}']
        #:     body: '{"order":"{data}"}'
        #:     expect: 202

        # Commands whose output is searched at the end for what probes have planted.
        #: canaries:
        #:   commands:
        #:     log: {run: [cat, /var/log/my-service.log], may_hold_data: false}

        # What is looked at beside the load, on the same axis of time.
        #: observers:
        #:   processes: [my-service, postgres]
        #:   metrics: http://127.0.0.1:8080/api/metrics
        #:   postgres: env:STAGING_DATABASE

        # When enough is enough.
        abort_if: [errors > 50% for 10s]

        """
    }

    /// A string of JSON is one of YAML, and stays on its line.
    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
