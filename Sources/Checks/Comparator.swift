package import Traces

/// Holds observed answers against recorded ones.
///
/// Feed it the messages of the recording through ``expect(_:)`` and those of the replay through ``observe(_:)``, each
/// trace in its own order; a recorded exchange has to come before the answer to it, otherwise the two may be mixed
/// freely. Observed messages are joined by the reference they carry; where they carry none, by exchange number. When
/// the recorded side carries references too (two replays of one recording), loop and copy have to agree as well.
///
/// Memory: about 250 bytes for each recorded exchange, and its body, within ``CheckLimits``.
package struct Comparator: Sendable {
    struct Key: Hashable {
        var exchange: UInt64
        var loop: UInt32 = 0
        var copy: UInt32 = 0
    }

    struct Expectation: Sendable {
        var route = RouteTable.unknown
        var ruleSet = 0
        /// What the recorded request was sent to, and the observed one.
        var authority: String?
        var observedAuthority: String?
        var response: StoredResponse?
        /// The answer of the replay before, where noise is learned.
        var previous: StoredResponse?
        var wasSent = false
        var wasAnswered = false
        var hasFailed = false
    }

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
    /// Where noise is learned instead of answers being judged.
    var evidence: NoiseEvidence?
    var damage: [String] = []

    var expectations: [Key: Expectation] = [:]
    /// The recorded side is itself a replay.
    var joinsLoops = false
    var bodyBytes = 0
    /// Answered exchanges, the oldest first from `firstReleasable` on: whose bodies go first.
    var releasable: [Key] = []
    var firstReleasable = 0
    var sawObservedRequest = false

    /// `trace` is the recording's id, where answers to another are to be told apart; a recorded side that carries
    /// references itself counts as the trace that those name. `target` is the authority that the replay talked to,
    /// for observed traces without requests. With `noise`, differences that it explains pass, and all the header
    /// fields that it knows are compared.
    package init(
        rules: CheckRules = .default,
        noise: NoiseModel? = nil,
        limits: CheckLimits = CheckLimits(),
        trace: TraceID? = nil,
        target: String? = nil
    ) {
        self.rules = rules
        self.limits = limits
        self.trace = trace
        self.target = target
        headers = rules.headers + (noise?.headers ?? []).filter { !rules.headers.contains($0) }
        table = RouteTable(rules: rules, noise: noise, limit: limits.routes)
        log = DifferenceLog(limits: limits)
    }

    /// Says that an input was damaged, cut or otherwise not what it should be, in a sentence for the report.
    package mutating func note(damage sentence: String) {
        damage.append(sentence)
    }
}
