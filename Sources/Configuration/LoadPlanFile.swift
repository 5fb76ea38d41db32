package import LoadPlans
import Yams

/// A load plan as it stands in a file: what it asks for, and how each scenario is replayed in each stage.
///
/// `Documentation/load-plans.md` describes the format. Whatever a plan of a replay knows may stand at the top, in a scenario
/// and in a stage; what is further in counts more.
package struct LoadPlanFile: Sendable {
    /// Longer files are refused.
    package static let maximumBytes = 1 << 20

    /// A scenario in a stage.
    package struct Part: Hashable, Sendable {
        package var stage: String
        package var scenario: String

        package init(stage: String, scenario: String) {
            self.stage = stage
            self.scenario = scenario
        }
    }

    package var plan: LoadPlan
    /// One for each scenario of each stage.
    package var replays: [Part: PlanFile]
    /// What the plan says in one place and takes back in another, a sentence each with its place in the file.
    package var remarks: [String]
    /// As errors show it.
    let file: String
    /// Where each trace is named first.
    let traceMarks: [String: Mark]

    /// Reads a file and puts settings in the places of what it says; relative paths of traces and rules begin with
    /// `folder`.
    package static func load(
        path: String,
        folder: String,
        settings: [String] = []
    ) throws(RulesFileError) -> LoadPlanFile {
        let yaml = try RulesFileInput.bytes(path: path, maximumBytes: maximumBytes)
        return try LoadPlanFile(yaml: yaml, file: path, folder: folder, settings: settings)
    }

    /// The plan in `yaml`; `file` is the name that errors show, `folder` what relative paths begin with.
    package init(
        yaml: [UInt8],
        file: String,
        folder: String = "",
        settings: [String] = []
    ) throws(RulesFileError) {
        let reader = LoadPlanFileReader(file: file, folder: folder)
        guard var root = try reader.root(of: yaml, maximumBytes: Self.maximumBytes, .basic) else {
            throw RulesFileError(
                file: file,
                at: nil,
                "a load plan has scenarios and stages; this file is empty"
            )
        }
        for setting in settings {
            guard let place = PlanSetting(setting) else {
                throw RulesFileError(
                    file: "--set",
                    at: nil,
                    "'\(setting)' is no setting: give one like stages.peak.speed=2x"
                )
            }
            do {
                root = try place.applied(to: root)
            } catch {
                throw RulesFileError(file: "--set \(place.path)", at: nil, error.message)
            }
        }
        self = try reader.file(root)
    }

    init(
        plan: LoadPlan,
        replays: [Part: PlanFile],
        remarks: [String],
        file: String,
        traceMarks: [String: Mark]
    ) {
        self.plan = plan
        self.replays = replays
        self.remarks = remarks
        self.file = file
        self.traceMarks = traceMarks
    }

    /// What is wrong with a trace that the plan names, and where it does.
    package func error(withTrace path: String, _ message: String) -> RulesFileError {
        RulesFileError(file: file, at: traceMarks[path], message)
    }
}
