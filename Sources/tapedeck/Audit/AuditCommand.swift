import Anonymization
import Anonymizers
import ArgumentParser
import Configuration
import JSON
import Messages
import Reports
import TraceFiles
import Traces

/// `tapedeck audit`: personal data and secrets that are still in a trace.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Look for personal data and secrets that are still in a trace.",
        discussion: """
            Example:
              tapedeck audit hooks.trace.gz
              tapedeck audit hooks.trace.gz --canary planted.txt --sarif findings.sarif

            Looks where the anonymizer looks, with the rules that the trace names, and for runs of characters that look \
            drawn by chance. Notes, client addresses and the header of the trace are looked at too. With --canary, a \
            file with one planted value a line, each of them is looked for in whatever it may be wrapped. The place and \
            the kind are told, never the value. Pseudonyms are known by their form and are not reported.

            Exit codes: 0 nothing found; 1 something found; 2 usage or unusable input; 3 the trace is damaged.
            """
    )

    @Argument(help: "Traces to look through; - is standard input.")
    var traces: [String]

    @Option(help: ArgumentHelp("Rule set to add: a built-in one, or a YAML file.", valueName: "name|file"))
    var anonymizer: [String] = []

    @Option(help: ArgumentHelp("Planted values to look for, one a line.", valueName: "file"))
    var canary: String?

    @Option(
        help: ArgumentHelp("File to write the findings to in SARIF 2.1.0; - is stdout.", valueName: "file")
    )
    var sarif: String?

    @Flag(help: "Leave out runs of characters that look drawn by chance.")
    var noEntropy = false

    @Flag(help: "One JSON object a line and finding, then one with the count.")
    var json = false

    func validate() throws {
        if json, sarif == "-" { throw ValidationError("--json and --sarif - both take standard output") }
    }

    func run() throws {
        let canaries = try canary.map { try CanaryFile.read($0) }
        let ruleSets = try RecordingPlan.Anonymizing.ruleSets(adding: anonymizer)
        var findings = AuditFindings()
        var isDamaged = false
        for path in traces {
            let reader = try TraceOpening.openForUse(path, quiet: json)
            let scanner = AuditScanner(
                ruleSets: ruleSets.filter { applies($0, to: reader.header) },
                canaries: canaries,
                findsUnknownSecrets: !noEntropy
            )
            var audit = TraceAudit(scanner, findings)
            audit.begin(path, reader.header)
            do {
                while let record = try reader.nextRecord() { audit.receive(record) }
            } catch {
                throw CommandFailure(error.description)
            }
            audit.end()
            findings = audit.findings
            if TraceOpening.reportDamage(of: reader) { isDamaged = true }
        }
        try report(findings)
        if findings.total > 0 { throw ExitCode(CommandExit.failed) }
        if isDamaged { throw ExitCode(CommandExit.damaged) }
    }

    /// A trace is held to the built-in rule sets that it says it was made with, and to those that are named here.
    private func applies(_ set: RuleSet, to header: TraceHeader) -> Bool {
        guard header.isAnonymized, !header.anonymizers.isEmpty else { return true }
        return header.anonymizers.contains { $0.name == set.name } || anonymizer.contains(set.name)
            || !BuiltInRuleSets.usual.contains(set.name)
    }

    private func report(_ findings: AuditFindings) throws {
        if let sarif {
            let log = findings.sarif(version: Tapedeck.version)
            if sarif == "-" {
                StandardOutput.write(log)
                return
            }
            try OutputFile.write(log, to: sarif)
        }
        if json { StandardOutput.write(findings.json()) } else { StandardOutput.write(findings.text()) }
    }
}
