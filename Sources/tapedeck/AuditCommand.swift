import Anonymization
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

            Looks where the anonymizer looks, with the same rules and detectors. It tells the place and the kind, \
            never the value. Pseudonyms are known by their form and are not reported.

            Exit codes: 0 nothing found; 1 something found; 2 usage or unusable input; 3 the trace is damaged.
            """
    )

    @Argument(help: "Traces to look through; - is standard input.")
    var traces: [String]

    @Option(help: ArgumentHelp("Rule set to add: a built-in one, or a YAML file.", valueName: "name|file"))
    var anonymizer: [String] = []

    @Flag(help: "One JSON object a line and finding, then one with the count.")
    var json = false

    func run() throws {
        let ruleSets = try RecordingPlan.Anonymizing.ruleSets(adding: anonymizer)
        var scanner = AuditScanner(ruleSets: ruleSets)
        var places = AuditPlaces()
        var isDamaged = false
        for path in traces {
            let reader = try TraceOpening.openForUse(path, quiet: json)
            try reader.forEachMessage(
                { message in
                    places.messages += 1
                    guard let head = try? message.head.parsed() else {
                        places.unreadable += 1
                        return
                    }
                    let flags = message.end.flags
                    let raw = RawMessage(
                        head: head,
                        body: message.body,
                        trailers: message.end.trailers,
                        isBodyComplete: flags.isDisjoint(with: [.truncated, .gap, .incomplete])
                    )
                    for finding in scanner.findings(in: raw) {
                        // A body that cannot be looked into was replaced whole when it was recorded.
                        if case .opaque = finding.what, reader.header.isAnonymized { continue }
                        places.add(finding, exchange: message.exchange, message.kind, in: path)
                    }
                },
                event: { event in
                    // Server-sent events were looked at in the body of their message.
                    guard event.eventKind == .webSocket else { return }
                    places.messages += 1
                    for finding in scanner.findings(in: event.bytes, .init(webSocketOpcode: event.opcode)) {
                        if case .opaque = finding.what, reader.header.isAnonymized { continue }
                        places.add(finding, exchange: event.exchange, event.kind, in: path)
                    }
                }
            )
            if TraceOpening.reportDamage(of: reader) { isDamaged = true }
        }
        StandardOutput.write(json ? places.json() : places.text())
        if places.total > 0 { throw ExitCode(CommandExit.failed) }
        if isDamaged { throw ExitCode(CommandExit.damaged) }
    }
}

/// What an audit found, by place and kind.
private struct AuditPlaces {
    private struct Key: Hashable {
        var trace: String
        var kind: String
        var place: String
    }

    private struct Seen {
        var count: UInt64 = 0
        var exchange: UInt64
        var message: MessageKind
    }

    private var places: [Key: Seen] = [:]
    var messages: UInt64 = 0
    /// Messages whose head cannot be read.
    var unreadable: UInt64 = 0
    private(set) var total: UInt64 = 0

    mutating func add(
        _ finding: AuditFinding,
        exchange: UInt64,
        _ kind: MessageKind,
        in trace: String
    ) {
        total += 1
        let key = Key(trace: trace, kind: finding.kind, place: finding.place)
        places[key, default: Seen(exchange: exchange, message: kind)].count += 1
    }

    private var sorted: [(Key, Seen)] {
        places.sorted {
            ($1.value.count, $0.key.kind, $0.key.place) < ($0.value.count, $1.key.kind, $1.key.place)
        }
        .map { ($0.key, $0.value) }
    }

    func text() -> String {
        var text = "\(Quantity.count(total)) findings in \(Quantity.count(messages)) messages\n"
        if unreadable > 0 {
            text += "\(Quantity.count(unreadable)) messages have a head that cannot be read\n"
        }
        guard total > 0 else { return text }
        var table = Table([
            .init("count", .right), .init("kind"), .init("place", maximumWidth: 60), .init("first in"),
        ])
        for (key, seen) in sorted {
            let kind = seen.message == .request ? "request" : "response"
            table.append([Quantity.count(seen.count), key.kind, key.place, "\(kind) \(seen.exchange)"])
        }
        return text + table.text(indent: 2)
    }

    func json() -> String {
        var writer = JSONWriter()
        for (key, seen) in sorted {
            writer.beginObject()
            writer.member("schema", "tapedeck.audit-finding/1")
            writer.member("trace", key.trace)
            writer.member("kind", key.kind)
            writer.member("place", key.place)
            writer.member("count", seen.count)
            writer.member("exchange", seen.exchange)
            writer.member("message", seen.message == .request ? "request" : "response")
            writer.endObject()
            writer.endLine()
        }
        writer.beginObject()
        writer.member("schema", "tapedeck.audit/1")
        writer.member("findings", total)
        writer.member("messages", messages)
        writer.member("unreadable", unreadable)
        writer.endObject()
        writer.endLine()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
