import ArgumentParser
import Bytes
import Checks
import JSON
import Messages
import Recording
import Reports
import TraceFiles
import Traces

/// `tapedeck inspect`: what is in a trace.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what is in a trace: counts, routes, time span, ledger, anonymizers, state.",
        discussion: """
            Example:
              tapedeck inspect hooks.trace.gz
              tapedeck inspect hooks.trace.gz --json | jq .ledger

            Every block is read and verified, and so are the sums of the ledger. A damaged or unfinished trace is shown \
            as far as it can be read, and the exit code is 3; where the ledger does not add up, it is 1.
            """
    )

    @Argument(help: "Traces to look into; - is standard input.")
    var traces: [String]

    @Flag(help: "Counts of the ledger that are 0 too.")
    var all = false

    @Flag(help: "One JSON object a line and trace.")
    var json = false

    func run() throws {
        var isDamaged = false
        var isUnbalanced = false
        for path in traces {
            let reader = try TraceOpening.openForUse(path, quiet: json)
            var inspection = try Self.inspect(reader)
            inspection.events = reader.eventsRead
            if json {
                var writer = JSONWriter()
                inspection.appendJSON(to: &writer)
                StandardOutput.write(writer.bytes)
            } else {
                if path != traces.first { StandardOutput.write("\n") }
                StandardOutput.write(inspection.text(isStyled: StandardOutput.isTerminal, showsAll: all))
            }
            if TraceOpening.reportDamage(of: reader) { isDamaged = true }
            for imbalance in inspection.imbalances {
                StandardError.print("tapedeck: \(reader.path): the ledger does not add up: \(imbalance)")
                isUnbalanced = true
            }
        }
        if isUnbalanced { throw ExitCode(CommandExit.failed) }
        if isDamaged { throw ExitCode(CommandExit.damaged) }
    }

    private static func inspect(_ reader: TraceReader) throws -> TraceInspection {
        var routes: [Route: UInt64] = [:]
        var signatures = SignatureTally()
        do {
            while let record = try reader.nextRecord() {
                switch record {
                case .head(let head), .whole(let head, _, _):
                    guard head.kind == .request else { continue }
                    routes[Route(head), default: 0] += 1
                    signatures.count(head)
                default:
                    continue
                }
            }
        } catch {
            throw CommandFailure(error.description)
        }
        let summary: TraceSummary = TraceSummary(readToEnd: reader)
        var inspection = TraceInspection(
            path: reader.path,
            header: summary.header,
            totals: summary.totals,
            compressedBytes: summary.compressedBytes,
            ledger: summary.ledger,
            anonymized: summary.anonymized,
            isFinished: summary.isFinished,
            damage: TraceOpening.damage(of: reader),
            routes: routes.map {
                TraceInspection.RouteCount(method: $0.key.method, route: $0.key.route, count: $0.value)
            }.sorted { ($1.count, $0.route, $0.method) < ($0.count, $1.route, $1.method) },
            endpoints: EndpointLedgers(summary.endpoints)
        )
        inspection.anonymizedByRule = summary.anonymizedByRule
        inspection.signatures = signatures
        return inspection
    }

    /// What is counted as one route.
    private struct Route: Hashable {
        var method: String
        var route: String

        init(_ record: HeadRecord) {
            if let head = try? record.parsed() {
                method = WireText(head.bytes[head.methodRange.bounds]).text
                route = RouteTemplate(target: head.target).description
            } else {
                method = "?"
                route = "?"
            }
        }
    }
}
