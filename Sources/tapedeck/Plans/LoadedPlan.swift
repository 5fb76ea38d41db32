import ArgumentParser
import Checks
import Configuration
import Correlation
import Glibc
import LoadPlans
import Replay
import TraceFiles
import Traces

/// A load plan as it was named on the command line, and what its replays are told.
struct LoadedPlan {
    let file: LoadPlanFile
    /// As it stands in the file, and what was set over it.
    var origin: RunOrigin

    var plan: LoadPlan { file.plan }

    /// Reads a plan, or the plan of the run in a folder.
    init(_ path: String, settings: [String], target: ReplayTarget?) throws {
        var settings = settings
        if let target {
            settings.append("target=\(target.scheme.rawValue)://\(target.authority)\(target.pathPrefix)")
        }
        var origin = try RunOrigin(path)
        origin.settings += settings
        do {
            file = try LoadPlanFile.load(path: origin.plan, folder: origin.folder, settings: origin.settings)
        } catch {
            throw CommandFailure(error.description)
        }
        self.origin = origin
    }

    /// The stages of these names, else those that the run chose which is repeated, else all; where some are chosen, one more
    /// besides them.
    func stages(named names: [String], besides more: String? = nil) throws -> [Stage] {
        guard let chosen = names.isEmpty ? origin.stages : names else { return plan.stages }
        let known = plan.stages.map(\.name)
        if let unknown = chosen.first(where: { !known.contains($0) }) {
            throw CommandFailure("--stage \(unknown): the plan has \(known.joined(separator: ", "))")
        }
        return plan.stages.filter { chosen.contains($0.name) || $0.name == more }
    }

    /// What the replay of a scenario in a stage is told; without the secrets that it signs with where nothing is to be sent.
    func replay(of scenario: String, in stage: Stage, signs: Bool = true) throws -> ReplayPlan {
        guard let part = file.replays[LoadPlanFile.Part(stage: stage.name, scenario: scenario)] else {
            preconditionFailure("a stage has a replay for each of its scenarios")
        }
        guard let target = part.target else {
            throw CommandFailure("a target is missing: --target URL, or 'target' in the plan")
        }
        var plan = ReplayPlan(target: target, run: RunName.new())
        plan.seed = self.plan.seed
        part.apply(to: &plan)
        try plan.requireConnection(readsSecrets: signs)
        if signs {
            let settings = try SecretOptions.read(part.signing, option: Self.signing, signs: true)
            plan.credentials = settings.credentials
            plan.schemes = settings.directory
        }
        guard stage.kind == .knee || plan.loops != nil || plan.duration != nil else {
            throw CommandFailure("stage \(stage.name) repeats without end; give it a 'duration'")
        }
        return plan
    }

    static let signing = "'sign' in the plan"

    /// Which recorded values are replaced, where the plan says; `readers` are at their start again afterwards.
    func correlation(of scenario: String, in stage: Stage, _ readers: [TraceReader]) throws
        -> CorrelationPlan?
    {
        guard let planned = file.replays[LoadPlanFile.Part(stage: stage.name, scenario: scenario)]?.correlate
        else {
            return nil
        }
        return try CorrelationOptions.parse([]).plan(readers, planned: planned, quiet: true)
    }

    /// Throws where a file that says which values are replaced cannot be used; what the traces themselves show is told by a run.
    func requireCorrelation(of scenario: String, in stage: Stage) throws {
        guard let path = correlationFile(of: scenario, in: stage) else { return }
        _ = try CorrelationOptions.parse([]).plan([], planned: path, quiet: true)
    }

    /// The path of the file that says which values are replaced, where there is one.
    func correlationFile(of scenario: String, in stage: Stage) -> String? {
        let part = LoadPlanFile.Part(stage: stage.name, scenario: scenario)
        return file.replays[part]?.correlate.flatMap { $0 == "auto" ? nil : $0 }
    }

    /// The rules of a stage's check; `nil` where there is none.
    func rules(of stage: Stage) throws -> CheckRules? {
        switch stage.check {
        case .none: return nil
        case .byDefault: return .default
        case .rules(let path):
            do {
                return try CheckRulesFile.load(path: path)
            } catch {
                let advice = origin.advice(on: path, of: "stages.\(stage.name).check")
                throw CommandFailure("the rules of stage \(stage.name): \(error.description)\(advice)")
            }
        }
    }

    /// What a scenario has to send in one pass in a stage; `nil` where nothing may be left out of a pass, since later
    /// requests take values from the answers to earlier ones.
    func totals(of scenario: String, in stage: Stage) throws -> Replay.TraceTotals? {
        let part = LoadPlanFile.Part(stage: stage.name, scenario: scenario)
        guard let traces = plan.scenario(scenario), file.replays[part]?.correlate == nil else { return nil }
        var source = try TraceRequests(try readers(of: traces, quiet: true), selection: .requestsOnly)
        return try TraceSurvey(of: &source, plan: try replay(of: scenario, in: stage)).totals
    }

    /// Opens the traces of a scenario; throws with the place in the plan that names one which cannot be opened.
    func readers(of scenario: LoadPlan.Scenario, quiet: Bool) throws -> [TraceReader] {
        try scenario.traces.map { path in
            do {
                return try TraceOpening.openForUse(path, quiet: quiet)
            } catch let failure as CommandFailure {
                let advice = origin.advice(on: path, of: "scenarios.\(scenario.name).traces")
                throw CommandFailure(file.error(withTrace: path, failure.message + advice).description)
            }
        }
    }

    /// The targets of the plan, for who reads of the run.
    var targets: String {
        let names = plan.stages.flatMap { stage in
            stage.scenarios.compactMap { scenario -> String? in
                let part = LoadPlanFile.Part(stage: stage.name, scenario: scenario)
                return file.replays[part]?.target.map {
                    "\($0.scheme.rawValue)://\($0.authority)\($0.pathPrefix)"
                }
            }
        }
        return Set(names).sorted().joined(separator: ", ")
    }
}
