import Bytes
import Checks
import JSON

/// The result of a check as a log of SARIF 2.1.0, which code hosts and editors show.
///
/// The kinds of difference are the rules, groups of differences the results. A result has the same fingerprint in every
/// run in which the same field of the same route differs in the same way.
package struct SARIFReport: Sendable {
    let report: CheckReport
    let version: String
    let trace: ArtifactPlace
    let rules: ArtifactPlace?

    /// `version` is the program's; `rules` lies where the rules file does, if there is one.
    package init(_ report: CheckReport, version: String, trace: ArtifactPlace, rules: ArtifactPlace? = nil) {
        self.report = report
        self.version = version
        self.trace = trace
        self.rules = rules
    }

    /// One JSON object and a line feed.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("version", "2.1.0")
        writer.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
        writer.key("runs")
        writer.beginArray()
        writer.beginObject()
        writeTool(into: &writer)
        writer.object("automationDetails") { $0.member("id", "tapedeck/check/\(trace.path)/") }
        writeInvocation(into: &writer)
        writer.key("artifacts")
        writer.beginArray()
        for place in [trace] + (rules.map { [$0] } ?? []) {
            writer.beginObject()
            writer.object("location") { Self.write(place, into: &$0) }
            writer.endObject()
        }
        writer.endArray()
        writer.member("columnKind", "unicodeCodePoints")
        writer.key("results")
        writer.beginArray()
        for finding in report.findings { write(finding, into: &writer) }
        writer.endArray()
        writeProperties(into: &writer)
        writer.endObject()
        writer.endArray()
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    private func writeTool(into writer: inout JSONWriter) {
        writer.key("tool")
        writer.beginObject()
        writer.key("driver")
        writer.beginObject()
        writer.member("name", "Tapedeck")
        writer.member("semanticVersion", version)
        writer.key("rules")
        writer.beginArray()
        for rule in CheckFinding.Rule.allCases {
            writer.beginObject()
            writer.member("id", rule.name)
            writer.object("shortDescription") { $0.member("text", rule.explanation) }
            writer.object("fullDescription") { $0.member("text", rule.explanation) }
            writer.object("defaultConfiguration") { $0.member("level", "error") }
            writer.object("help") {
                $0.member(
                    "text",
                    "What is compared, and how to let a difference pass, is said in check-rules.md."
                )
            }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        writer.endObject()
    }

    /// A check that could not compare everything did not do what it was asked, which is no result but a notification.
    private func writeInvocation(into writer: inout JSONWriter) {
        writer.key("invocations")
        writer.beginArray()
        writer.beginObject()
        writer.member("executionSuccessful", report.result.verdict != .inconclusive)
        writer.key("toolExecutionNotifications")
        writer.beginArray()
        for reason in report.result.reasons {
            writer.beginObject()
            writer.member("level", "warning")
            writer.object("message") { $0.member("text", Self.message(reason)) }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        writer.endArray()
    }

    private func writeProperties(into writer: inout JSONWriter) {
        writer.object("properties") {
            $0.member("verdict", report.result.verdict.rawValue)
            $0.member("compared", report.result.counts.compared)
            $0.member("different", report.result.counts.different)
            $0.member("noResponse", report.result.counts.noResponse)
            $0.member("ungrouped", report.result.counts.ungrouped)
        }
    }

    private func write(_ finding: CheckFinding, into writer: inout JSONWriter) {
        let index = CheckFinding.Rule.allCases.firstIndex(of: finding.rule) ?? 0
        let place = finding.route.isEmpty ? finding.field : "\(finding.route) \(finding.field)"
        writer.beginObject()
        writer.member("ruleId", finding.rule.name)
        writer.member("ruleIndex", index)
        writer.member("level", finding.isConsequence ? "note" : "error")
        writer.object("message") {
            let route = Self.withoutBraces(finding.route)
            let head = finding.route.isEmpty ? finding.field : "\(route): \(finding.field)"
            let count = finding.count > 1 ? " in \(Quantity.count(finding.count)) answers" : ""
            $0.member("text", Self.message("\(head)\(count): \(finding.sentence)"))
        }
        writer.key("locations")
        writer.beginArray()
        writer.beginObject()
        writer.object("physicalLocation") {
            $0.object("artifactLocation") {
                Self.write(finding.rule == .budget ? rules ?? trace : trace, into: &$0)
            }
            // Neither file has the line of an answer; viewers want one all the same.
            $0.object("region") { $0.member("startLine", 1) }
        }
        writer.key("logicalLocations")
        writer.beginArray()
        writer.beginObject()
        writer.member("name", Self.bounded(finding.field))
        writer.member("fullyQualifiedName", Self.bounded(place))
        writer.endObject()
        writer.endArray()
        writer.endObject()
        writer.endArray()
        writer.object("partialFingerprints") { $0.member("tapedeckFinding/v1", Self.fingerprint(finding)) }
        writer.member("occurrenceCount", finding.count)
        writeProperties(of: finding, into: &writer)
        writer.endObject()
    }

    private func writeProperties(of finding: CheckFinding, into writer: inout JSONWriter) {
        writer.object("properties") {
            if !finding.route.isEmpty { $0.member("route", Self.bounded(finding.route)) }
            $0.member("field", Self.bounded(finding.field))
            guard let example = finding.example else { return }
            $0.member("exchange", example.exchange)
            if let expected = example.expected { $0.member("expected", expected.text) }
            if let observed = example.observed { $0.member("observed", observed.text) }
            if let line = finding.reproduction { $0.member("curl", line) }
        }
    }

    private static func write(_ place: ArtifactPlace, into writer: inout JSONWriter) {
        writer.member("uri", place.uri)
        if !place.uri.hasPrefix("file:") { writer.member("uriBaseId", "%SRCROOT%") }
    }
}

extension SARIFReport {
    /// The most characters of a text that strangers had a say in.
    static let mostCharacters = 1_000

    private static func bounded(_ text: String) -> String {
        PlainText.line(text, maximumCount: mostCharacters)
    }

    /// A text in the plain form of messages: braces are doubled, since single ones hold places for arguments (section
    /// 3.11.5), and nothing in it is a link (3.11.6).
    static func message(_ text: String) -> String {
        var message = ""
        var last: Unicode.Scalar = " "
        for scalar in bounded(text).unicodeScalars {
            if last == "]", scalar == "(" { message += " " }
            message.unicodeScalars.append(scalar)
            if scalar == "{" || scalar == "}" { message.unicodeScalars.append(scalar) }
            last = scalar
        }
        return message
    }

    /// `/runs/{id}` as `/runs/:id`, which reads the same in viewers that know of braces and in those that do not.
    private static func withoutBraces(_ route: String) -> String {
        route.replacing("/{", with: "/:").filter { $0 != "}" }
    }

    /// The same in every run on every machine: 64 bits in hexadecimal (FNV-1a).
    private static func fingerprint(_ finding: CheckFinding) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in [finding.rule.name, finding.route, finding.field] {
            for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            // A byte that UTF-8 does not have, so that no two lists of parts read alike.
            hash = (hash ^ 0xFF) &* 0x100_0000_01B3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
