import Bytes
package import Messages
package import Traces

/// Holds observed answers against recorded ones.
///
/// Feed it the messages of the recording through ``expect(_:)`` and those of the replay through ``observe(_:)``, each
/// trace in its own order; a recorded exchange has to come before the answer to it, otherwise the two may be mixed
/// freely. Observed messages are joined by the reference they carry; where they carry none, by exchange number. When
/// the recorded side carries references too (two replays of one recording), loop and copy have to agree as well.
///
/// Memory: about 500 bytes for each recorded exchange that waits, and its body, within ``CheckLimits``. An exchange waits
/// until its answer has come, and some time longer, where the recording is read along with the answers: ``awaits(_:)`` says
/// when more of it is wanted, and ``beginLoop(_:)`` that it is read once more for the next loop of the replay. Where it was
/// fed whole, all of it stays for the loops to come.
package struct Comparator: Sendable {
    let rules: CheckRules
    /// The header fields that are compared, in lower case.
    let headers: [String]
    let limits: CheckLimits
    /// The trace that references are to name.
    var trace: TraceID?
    let target: String?
    var table: RouteTable
    var log: DifferenceLog
    var counts = CheckCounts()
    var drift = NoiseDrift()
    var sessions = SessionLog()
    /// Where noise is learned instead of answers being judged.
    var evidence: NoiseEvidence?
    var comparison: ResponseComparison
    var damage: [String] = []
    /// Exchanges of which a baseline's answer is expected.
    var answersOfBaseline = 0
    /// Where it is asked for: exchanges whose answers are not as expected, or cannot be held against anything.
    var unlike: Set<UInt64>?

    var expectations = ExpectationTable()
    /// The recorded side is itself a replay.
    var joinsLoops = false
    /// The loop of the replay for which the recording is being read; `nil` where it is read once for all.
    var loop: UInt32?
    var bodyBytes = 0
    /// Answered exchanges, the oldest first from `firstAnswered` on: those go first where room is wanted.
    var answered: [ExpectationTable.Place] = []
    var firstAnswered = 0
    var sawObservedRequest = false
    // Storage that serves one head after another.
    var expectedHead = Head.withoutStorage
    var observedHead = Head.withoutStorage
    var sessionHead = Head.withoutStorage
    /// Of the names of header fields that are compared, or never: see `caselessNumber`.
    let knownHeaders: Set<UInt64>
    /// No header values: what two answers have in common is not spelled out.
    let noValues: [String?]

    /// `trace` is the recording's id, where answers to another are to be told apart; a recorded side that carries
    /// references itself counts as the trace that those name. `target` is the authority that the replay talked to,
    /// for observed traces without requests. With `noise`, differences that it explains pass, and all the header
    /// fields that it knows are compared.
    /// `parameters` are those of the service's paths, beside those that the noise was learned with.
    package init(
        rules: CheckRules = .default,
        noise: NoiseModel? = nil,
        parameters: PathParameters = PathParameters(),
        limits: CheckLimits = CheckLimits(),
        trace: TraceID? = nil,
        target: String? = nil
    ) {
        self.rules = rules
        self.limits = limits
        self.trace = trace
        self.target = target
        headers = rules.headers + (noise?.headers ?? []).filter { !rules.headers.contains($0) }
        comparison = ResponseComparison(names: headers, limits: limits)
        knownHeaders = Set((headers + NoiseHeaders.unsaid).map { $0.utf8.span.caselessNumber() })
        noValues = Array(repeating: nil, count: headers.count)
        table = RouteTable(
            rules: rules,
            noise: noise,
            parameters: noise?.parameters.joined(with: parameters) ?? parameters,
            limit: limits.routes
        )
        log = DifferenceLog(limits: limits)
    }

    /// Keeps which exchanges are answered otherwise, for ``CheckResult/unlike``.
    package mutating func keepUnlike() { unlike = [] }

    /// Says that the recording is read along with the answers, and once more for each loop of the replay; what follows is
    /// expected in `loop`, from 0 on.
    package mutating func beginLoop(_ loop: UInt32) {
        self.loop = loop
    }

    /// Says that an input was damaged, cut or otherwise not what it should be, in a sentence for the report.
    package mutating func note(damage sentence: String) {
        damage.append(sentence)
    }
}
