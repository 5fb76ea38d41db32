package import Messages
package import Replay
import Yams

/// A plan of a replay as it stands in a file; what the file does not say is `nil`, or empty.
///
/// `Documentation/replay-plans.md` describes the format. The keys are the options of `replay` with underscores.
package struct PlanFile: Sendable {
    /// Longer files are refused.
    package static let maximumBytes = 1 << 20

    package var target: ReplayTarget?
    package var pacing: Pacing?
    package var arrivals: Arrivals?
    package var from: TraceMoment?
    package var to: TraceMoment?
    package var filter: RequestFilter?
    package var loops: Loops?
    package var duration: RunTime?
    package var timeout: RunTime?
    package var lanes: LanePolicy?
    package var transport: TransportChoice?
    package var httpVersion: HTTPVersionChoice?
    package var keepsHost: Bool?
    package var isInsecure: Bool?
    package var connection = ConnectionSettings()
    package var allowedTargets: [String] = []
    package var sendsOnlySafeMethods: Bool?
    /// As `--sign` takes them: where secrets are, never secrets.
    package var signing: [String] = []
    package var session: SessionRule?
    package var sample: Share?
    package var shard: Shard?
    package var seed: UInt64?
    package var copies: SessionCopies?
    package var habits: ProviderHabits?
    package var faults: ClientFaults?
    package var inFlight: Int?
    package var crowding: Crowding?
    package var maximumFailures: UInt64?
    package var abortConditions: [AbortCondition] = []
    /// `auto`, or the path of a file of what `learn` found.
    package var correlate: String?
    package var isRealtime: Bool?
    /// Where to write what is observed.
    package var observed: String?

    /// How often the trace is passed over.
    package enum Loops: Hashable, Sendable {
        case count(UInt32)
        /// Until the run time is over.
        case endless
    }

    package init() {}

    /// Reads a file and puts the settings in the places of what it says; each is `key=value`, the key with a dot before
    /// each level.
    package static func load(path: String, settings: [String]) throws(RulesFileError) -> PlanFile {
        let yaml = try RulesFileInput.bytes(path: path, maximumBytes: maximumBytes)
        return try PlanFile(yaml: yaml, file: path, settings: settings)
    }

    /// A plan of settings alone.
    package init(settings: [String]) throws(RulesFileError) {
        try self.init(yaml: [], file: "the plan", settings: settings)
    }

    /// The plan in `yaml`, with settings; `file` is the name that errors show.
    package init(yaml: [UInt8], file: String, settings: [String] = []) throws(RulesFileError) {
        let reader = PlanFileReader(file: file)
        let root = try reader.root(of: yaml, maximumBytes: Self.maximumBytes, .basic)
        let plain = Result { () throws(RulesFileError) in try reader.plan(root) }
        guard !settings.isEmpty else {
            self = try plain.get()
            return
        }
        var changed = root
        var step = plain
        for setting in settings {
            let place = PlanSetting(setting)
            guard let place else {
                throw RulesFileError(
                    file: "--set",
                    at: nil,
                    "'\(setting)' is no setting: give one like speed=2x or copies.count=3"
                )
            }
            do {
                changed = try place.applied(to: changed)
            } catch {
                throw RulesFileError(file: "--set \(place.path)", at: nil, error.message)
            }
            let next = Result { () throws(RulesFileError) in try reader.plan(changed) }
            // A setting may mend what another broke, so only the outcome of all of them counts; who is to blame is the one
            // with which it came.
            if case .failure(let failure) = next, failure.message != step.failure?.message {
                step = .failure(RulesFileError(file: "--set \(place.path)", at: nil, failure.message))
            } else if case .success = next {
                step = next
            }
        }
        self = try step.get()
    }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let failure) = self { return failure }
        return nil
    }
}

extension PlanFile {
    /// Puts what the file says into a plan. The target, what to sign with, what to correlate by, where the observed goes and
    /// how many may fail are the caller's.
    package func apply(to plan: inout ReplayPlan) {
        if let pacing { plan.pacing = pacing }
        if let arrivals { plan.arrivals = arrivals }
        if let from { plan.window.from = from }
        if let to { plan.window.to = to }
        if let filter { plan.filter = filter }
        switch loops {
        case .count(let count): plan.loops = count
        case .endless: plan.loops = nil
        case nil: break
        }
        if let duration { plan.duration = duration.nanoseconds }
        if let timeout { plan.timeout = timeout.nanoseconds }
        if let lanes { plan.lanes = lanes }
        if let transport { plan.transport = transport }
        if let httpVersion { plan.httpVersion = httpVersion }
        if let keepsHost { plan.keepsHost = keepsHost }
        plan.connection.settings.override(with: connection)
        if let isInsecure { plan.isInsecure = isInsecure }
        plan.allowedTargets += allowedTargets
        if let sendsOnlySafeMethods { plan.sendsOnlySafeMethods = sendsOnlySafeMethods }
        if let session { plan.sessions = session }
        if let sample { plan.selection.sample = sample.value }
        if let shard { plan.selection.shard = shard }
        if let seed { plan.seed = seed }
        if let copies { plan.copies = copies }
        if let habits { plan.habits = habits }
        if let faults { plan.faults = faults }
        if let inFlight {
            plan.neededInFlight = inFlight
            plan.limits.outstanding = inFlight
            plan.limits.outstandingAtMaximum = inFlight
        }
        if let crowding { plan.crowding = crowding }
        if let isRealtime { plan.isRealtime = isRealtime }
        plan.abortConditions += abortConditions
    }
}
