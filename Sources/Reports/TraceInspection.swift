package import JSON
import Packets
package import Recording
package import Traces

/// What is in a trace, for `tapedeck inspect`.
package struct TraceInspection: Sendable {
    /// How often a route was asked for.
    package struct RouteCount: Hashable, Sendable {
        package var method: String
        package var route: String
        package var count: UInt64

        package init(method: String, route: String, count: UInt64) {
            self.method = method
            self.route = route
            self.count = count
        }
    }

    package var path: String
    package var header: TraceHeader
    package var totals: TraceTotals
    /// Server-sent events and WebSocket messages.
    package var events: UInt64 = 0
    /// Bytes of the file; 0 for a pipe.
    package var compressedBytes: UInt64
    package var ledger: [LedgerCount]
    /// The ledger of each server.
    package var endpoints: EndpointLedgers
    package var anonymized: [LedgerCount]
    /// The same by rule and kind: `credentials/*token as credential`.
    package var anonymizedByRule: [LedgerCount] = []
    package var isFinished: Bool
    /// One sentence for each kind of damage; empty where there is none.
    package var damage: [String]
    /// The most frequent first.
    package var routes: [RouteCount]
    /// Signed requests, and those that should be.
    package var signatures = SignatureTally()

    package init(
        path: String,
        header: TraceHeader,
        totals: TraceTotals,
        compressedBytes: UInt64,
        ledger: [LedgerCount],
        anonymized: [LedgerCount],
        isFinished: Bool,
        damage: [String],
        routes: [RouteCount],
        endpoints: EndpointLedgers = EndpointLedgers()
    ) {
        self.path = path
        self.header = header
        self.totals = totals
        self.compressedBytes = compressedBytes
        self.ledger = ledger
        self.anonymized = anonymized
        self.isFinished = isFinished
        self.damage = damage
        self.routes = routes
        self.endpoints = endpoints
    }

    /// Whether the recorder lost nothing and the file is whole.
    package var isLossless: Bool {
        isFinished && damage.isEmpty && imbalances.isEmpty && Losses(in: ledger).isEmpty
    }

    /// The sums of the ledger that do not hold. Sections with counts that this version does not know are left out: it
    /// cannot tell.
    package var imbalances: [LedgerImbalance] {
        let known = Set(LedgerEntry.all.map(\.fullName))
        let unknown = ledger.map(\.name).filter { !known.contains($0) }
        return Ledger(ledger).check().filter { imbalance in
            !unknown.contains { $0.hasPrefix(imbalance.section.rawValue + ".") }
        }
    }
}

extension TraceInspection {
    /// The object of `tapedeck inspect --json`, on one line.
    package func appendJSON(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("schema", "tapedeck.inspect/1")
        writer.member("path", path)
        writer.member("trace_id", header.traceID.description)
        writer.member("part", header.part)
        writer.member("requests", totals.requests)
        writer.member("responses", totals.responses)
        writer.member("connections", totals.connections)
        writer.member("events", events)
        writer.key("first_ns")
        if let span = totals.span { writer.integer(span.first.nanoseconds) } else { writer.null() }
        writer.key("last_ns")
        if let span = totals.span { writer.integer(span.last.nanoseconds) } else { writer.null() }
        writer.key("bytes")
        writer.beginObject()
        writer.member("raw", totals.rawBytes)
        writer.member("compressed", compressedBytes)
        writer.endObject()
        writer.member("anonymized_payloads", header.isAnonymized)
        writer.key("anonymizers")
        writer.beginArray()
        for anonymizer in header.anonymizers { writer.string(anonymizer.name) }
        writer.endArray()
        writer.member("key_id", header.keyID)
        writer.member("finished", isFinished)
        writer.member("lossless", isLossless)
        writer.key("damage")
        writer.beginArray()
        for sentence in damage { writer.string(sentence) }
        writer.endArray()
        writer.key("routes")
        writer.beginArray()
        for route in routes {
            writer.beginObject()
            writer.member("method", route.method)
            writer.member("route", route.route)
            writer.member("count", route.count)
            writer.endObject()
        }
        writer.endArray()
        if !signatures.isEmpty { signatures.appendJSON(to: &writer) }
        writer.counts("anonymized", anonymized)
        writer.counts("anonymized_by_rule", anonymizedByRule)
        writer.counts("ledger", ledger)
        writer.member("balanced", imbalances.isEmpty)
        writer.endpoints(endpoints.servers)
        writer.counts("other_endpoints", endpoints.other.counts.filter { $0.value > 0 })
        writer.counts("no_endpoint", endpoints.none.counts.filter { $0.value > 0 })
        writer.endObject()
        writer.endLine()
    }
}

extension JSONWriter {
    /// Writes a member whose value is an object of counts.
    package mutating func counts(_ name: String, _ counts: [LedgerCount]) {
        key(name)
        beginObject()
        for count in counts { member(count.name, count.value) }
        endObject()
    }
}
