import Anonymization
import Configuration

extension RecordingPlan.Anonymizing {
    /// All built-in rule sets but `strict`, and those named besides, with the key of a file or one that is
    /// forgotten.
    init(adding names: [String], keyFile: String?) throws {
        let ruleSets = try Self.ruleSets(adding: names)
        guard let keyFile else {
            self = .with(ruleSets, KeyFile.ephemeral(), keyID: "ephemeral")
            return
        }
        do {
            let key = try KeyFile.load(keyFile)
            self = .with(ruleSets, key, keyID: key.id)
        } catch {
            throw CommandFailure(error.description)
        }
    }

    /// All built-in rule sets but `strict`, and those named besides: built-in ones by name, others by file.
    static func ruleSets(adding names: [String]) throws -> [RuleSet] {
        do {
            var ruleSets = try AnonymizerChoice.usual()
            for name in names {
                let added = try AnonymizerChoice.ruleSet(name)
                if !ruleSets.contains(where: { $0.name == added.name }) { ruleSets.append(added) }
            }
            return ruleSets
        } catch {
            throw CommandFailure("\(error)")
        }
    }
}
