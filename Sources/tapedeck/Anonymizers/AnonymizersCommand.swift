import Anonymization
import Anonymizers
import ArgumentParser
import Configuration
import JSON
import Reports

/// `tapedeck anonymizers`: the rule sets that are built in, and one's own.
struct AnonymizersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anonymizers",
        abstract: "List, show, check and try rule sets for anonymizing.",
        discussion: """
            Example:
              tapedeck anonymizers show contact-data > mine.yaml
              tapedeck anonymizers check mine.yaml
              tapedeck anonymizers try mine.yaml < body.json
            """,
        subcommands: [
            AnonymizersListCommand.self, AnonymizersShowCommand.self, AnonymizersCheckCommand.self,
            AnonymizersTryCommand.self,
        ]
    )
}

/// `tapedeck anonymizers list`: what is built in.
struct AnonymizersListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the built-in rule sets in the order in which they apply."
    )

    @Flag(help: "One JSON object a line and rule set.")
    var json = false

    func run() throws {
        let sets = try AnonymizerChoice.builtIn()
        var table = Table([
            .init("name"), .init("applies"), .init("rules", .right),
            .init("what it is for", maximumWidth: 100),
        ])
        var writer = JSONWriter()
        for set in sets {
            let isUsual = BuiltInRuleSets.usual.contains(set.name)
            let rules = set.fields.count + set.headers.count + (set.otherStrings == nil ? 0 : 1)
            let applies = !isUsual ? "if named" : set.tests.isEmpty ? "always" : "by request"
            table.append([set.name, applies, String(rules), set.summary])
            writer.beginObject()
            writer.member("schema", "tapedeck.anonymizer/1")
            writer.member("name", set.name)
            writer.member("description", set.summary)
            writer.member("fingerprint", set.fingerprint)
            writer.member("default", isUsual)
            writer.member("conditional", !set.tests.isEmpty)
            writer.member("rules", UInt64(rules))
            writer.member("examples", UInt64(set.examples.count))
            writer.endObject()
            writer.endLine()
        }
        if json { StandardOutput.write(writer.bytes) } else { StandardOutput.write(table.text(indent: 0)) }
    }
}

/// `tapedeck anonymizers show`: the file of a built-in rule set.
struct AnonymizersShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print the YAML of a built-in rule set, to read or to copy."
    )

    @Argument(help: "Name of a built-in rule set.")
    var name: String

    func run() throws {
        guard let file = BuiltInRuleSets.all.first(where: { $0.name == name }) else {
            let names = BuiltInRuleSets.all.map(\.name)
            throw CommandFailure(
                "no built-in anonymizer '\(name)'\(NearestWord.hint(for: name, among: names)); there are "
                    + names.joined(separator: ", ")
            )
        }
        StandardOutput.write(file.yaml)
    }
}

/// `tapedeck anonymizers check`: whether files are rule sets, and keep what their examples promise.
struct AnonymizersCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read rule sets and run their examples.",
        discussion: "Exit codes: 0 all is well; 1 an example does not hold; 2 a file is no rule set."
    )

    @Argument(help: "YAML files, or names of built-in rule sets.")
    var files: [String]

    func run() throws {
        var isBroken = false
        var isUnusable = false
        for file in files {
            let set: RuleSet
            do {
                set = try AnonymizerChoice.ruleSet(file)
            } catch {
                StandardError.print("tapedeck: \(error)")
                isUnusable = true
                continue
            }
            let broken = set.brokenPromises()
            for sentence in broken { StandardError.print("tapedeck: \(file): \(sentence)") }
            if broken.isEmpty {
                let rules = set.fields.count + set.headers.count + (set.otherStrings == nil ? 0 : 1)
                StandardOutput.write("\(file): \(rules) rules, \(set.examples.count) examples hold\n")
            } else {
                isBroken = true
            }
        }
        if isUnusable { throw ExitCode(CommandExit.unusable) }
        if isBroken { throw ExitCode(CommandExit.failed) }
    }
}
