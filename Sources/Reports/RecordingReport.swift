package import JSON
package import Recording
package import Traces

/// What a recording took in, kept and lost, for `tapedeck record`.
package struct RecordingReport: Sendable {
    package static let schema = "tapedeck.record/1"

    package var requests: UInt64
    /// Interim responses do not count.
    package var responses: UInt64
    /// Connections with a message in the trace.
    package var connections: UInt64
    package var ledger: Ledger
    /// The ledger of each server.
    package var endpoints: EndpointLedgers
    /// What was replaced, by kind; `nil` where nothing was to be.
    package var anonymized: [LedgerCount]?
    /// The same by rule and kind: `credentials/*token as credential`.
    package var anonymizedByRule: [LedgerCount] = []
    /// How much an audit of the blocks found; `nil` where there was none.
    package var auditFindings: UInt64?

    package init(
        requests: UInt64,
        responses: UInt64,
        connections: UInt64,
        ledger: Ledger,
        endpoints: EndpointLedgers,
        anonymized: [LedgerCount]?
    ) {
        self.requests = requests
        self.responses = responses
        self.connections = connections
        self.ledger = ledger
        self.endpoints = endpoints
        self.anonymized = anonymized
    }
}

extension RecordingReport {
    /// The sums that do not add up, of the whole and of each server; anything here is a defect of the recorder.
    package var imbalances: [LedgerImbalance] { ledger.check() + endpoints.check(against: ledger) }

    /// One JSON object and a line feed.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        writer.endLine()
        return writer.bytes
    }

    /// Writes the object as a value of a larger text.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("schema", Self.schema)
        writer.member("requests", requests)
        writer.member("responses", responses)
        writer.member("connections", connections)
        writer.counts("ledger", ledger.counts)
        writer.endpoints(endpoints.servers)
        writer.counts("other_endpoints", endpoints.other.counts)
        writer.counts("no_endpoint", endpoints.none.counts)
        writer.member("balanced", imbalances.isEmpty)
        writer.member("lossless", Losses(in: ledger.counts).isEmpty)
        writer.counts("anonymized", anonymized ?? [])
        writer.counts("anonymized_by_rule", anonymizedByRule)
        if let auditFindings { writer.member("audit_findings", auditFindings) }
        writer.endObject()
    }

    /// A few lines, each ended by a line feed.
    package func text() -> String {
        let messages = "\(count(requests, "request")), \(count(responses, "response"))"
        var text = row("recorded", "\(messages) on \(count(connections, "connection"))")
        if let anonymized {
            let kinds = anonymized.filter { $0.value > 0 }.map { "\(Quantity.count($0.value)) \($0.name)" }
            text += row("anonymized", kinds.isEmpty ? "nothing to replace" : kinds.joined(separator: ", "))
        } else {
            text += row("anonymized", "no: the trace holds what was captured")
        }
        if let auditFindings { text += row("audit", count(auditFindings, "finding")) }
        text += LedgerText.lines(ledger)
        for imbalance in imbalances { text += row("unbalanced", imbalance.description) }
        return text
    }

    private func row(_ title: String, _ text: String) -> String {
        title + String(repeating: " ", count: 13 - title.count) + text + "\n"
    }

    private func count(_ value: UInt64, _ noun: String) -> String {
        "\(Quantity.count(value)) \(noun)\(value == 1 ? "" : "s")"
    }
}
