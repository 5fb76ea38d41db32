/// The plan that `plan init` writes.
enum PlanTemplate {
    /// `trace` and `target` go into quotes, so that whatever they hold stays a text.
    static func yaml(trace: String, target: String) -> String {
        """
        # A load test as a document that runs: tapedeck plan check FILE, tapedeck plan run FILE.
        # Documentation/load-plans.md describes every key.

        plan: My service at peak
        about: Real traffic, anonymized, from the recorded load to a multiple of it.
        target: \(quoted(target))
        seed: 1

        # Where it runs, for whoever reads the report.
        environment:
          target: one machine, two processors
          data: an empty database

        # Which traffic. Whatever a plan of a replay knows (filter, sign, session, …) may stand here, too.
        scenarios:
          all:
            traces: [\(quoted(trace))]
            # sign: [github=env:STAGING_SECRET]

        # One after the other. What a stage says counts more than what a scenario says.
        stages:
          smoke:                  # what breaks here ends the run
            speed: 1x
            duration: 5s
          baseline:
            speed: 1x
            duration: 20s
          ramp:
            speed: [1x..4x over 30s]
            duration: 30s
          spike:
            speed: [1x for 5s, 8x for 5s, 1x for 10s]
            duration: 20s
          soak:
            speed: 2x
            duration: 1m

        # What has to be shown: FIGURE RELATION BOUND [on ROUTE] [of TENANT|each] [in STAGE, …].
        criteria:
          - success >= 99.9%
          - p95 <= 500ms in baseline, soak
          - p99 <= 2s

        # When enough is enough.
        abort_if: [errors > 50% for 10s]

        """
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }
}
