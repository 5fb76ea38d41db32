package import Anonymization
import Anonymizers
import Foundation

/// The rule sets that names on the command line stand for.
package enum AnonymizerChoice {
    /// A name of no built-in rule set, and of no file that can be read.
    package struct UnknownRuleSet: Error, Hashable, Sendable, CustomStringConvertible {
        package let name: String
        let reason: String

        package var description: String {
            "no anonymizer '\(name)': \(reason); built in are "
                + BuiltInRuleSets.all.map(\.name).joined(separator: ", ")
        }
    }

    /// The rule sets that apply unless the user names others: all built-in ones but `strict`.
    package static func usual() throws -> [RuleSet] {
        var sets: [RuleSet] = []
        for file in BuiltInRuleSets.all where BuiltInRuleSets.usual.contains(file.name) {
            sets.append(try RuleSetFile.ruleSet(yaml: file.yaml, file: "\(file.name).yaml", examples: false))
        }
        return sets
    }

    /// All built-in rule sets, in the order in which they apply.
    package static func builtIn() throws(RulesFileError) -> [RuleSet] {
        var sets: [RuleSet] = []
        for file in BuiltInRuleSets.all {
            sets.append(try RuleSetFile.ruleSet(yaml: file.yaml, file: "\(file.name).yaml"))
        }
        return sets
    }

    /// The rule set that `choice` stands for: a built-in one by its name, else the path of a file.
    package static func ruleSet(_ choice: String) throws -> RuleSet {
        if let file = BuiltInRuleSets.all.first(where: { $0.name == choice }) {
            return try RuleSetFile.ruleSet(yaml: file.yaml, file: "\(file.name).yaml")
        }
        let yaml: [UInt8]
        do {
            yaml = Array(try Data(contentsOf: URL(fileURLWithPath: choice)))
        } catch {
            throw UnknownRuleSet(name: choice, reason: "\(error.localizedDescription)")
        }
        return try RuleSetFile.ruleSet(yaml: yaml, file: choice)
    }
}
