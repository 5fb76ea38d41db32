package import Messages
package import Traces

/// Learns from several replays against one unchanged target what varies in its answers.
///
/// Feed it the recording through ``expect(_:)``, then each replay through ``observe(_:)``, with ``beginRun()`` before
/// it. Every answer is held against the recorded one and against that of the replay before; all that differs is noise.
/// Memory is that of a ``Comparator``, and twice its bodies.
package struct NoiseLearner: Sendable {
    private var comparator: Comparator
    private let headers: [String]
    private let parameters: PathParameters
    private var runs = 0

    /// `headers`: the fields that are looked at, in lower case; `parameters`: those of the service's paths.
    package init(
        headers: [String],
        parameters: PathParameters = PathParameters(),
        limits: CheckLimits = CheckLimits(),
        trace: TraceID? = nil,
        target: String? = nil
    ) {
        self.headers = headers
        self.parameters = parameters
        comparator = Comparator(
            rules: CheckRules(headers: headers, rules: []),
            parameters: parameters,
            limits: limits,
            trace: trace,
            target: target
        )
        comparator.evidence = NoiseEvidence()
    }

    package mutating func beginRun() { runs += 1 }

    /// Takes a message of the recording.
    package mutating func expect(_ message: RecordedMessage) { comparator.expect(message) }

    /// Takes a message of the replay under way.
    package mutating func observe(_ message: RecordedMessage) { comparator.observe(message) }

    /// What is learned so far, under the id of the recording.
    package func model(trace: String) -> NoiseModel {
        var model = (comparator.evidence ?? NoiseEvidence()).model(
            trace: trace,
            runs: runs,
            headers: headers,
            names: comparator.table.routes.map(\.name)
        )
        model.parameters = parameters
        return model
    }
}
