import Anonymization
import JSON
import Messages
import Reports

/// What an audit found, by place and kind; never a value.
struct AuditFindings {
    /// Exchanges that are named for one place and kind.
    private static let namedExchanges = 16
    /// More places than these are counted only.
    private static let maximumPlaces = 100_000

    private struct Key: Hashable {
        var trace: String
        var kind: String
        var canary: Int?
        var place: String
    }

    private struct Seen {
        var count: UInt64 = 0
        /// In order, the first ones.
        var exchanges: [UInt64] = []
        var message: MessageKind?
    }

    private var places: [Key: Seen] = [:]
    var messages: UInt64 = 0
    /// Messages whose head cannot be read.
    var unreadable: UInt64 = 0
    private(set) var total: UInt64 = 0

    mutating func add(_ finding: AuditFinding, exchange: UInt64?, _ kind: MessageKind?, in trace: String) {
        total += 1
        let key = Key(trace: trace, kind: finding.kind, canary: finding.canary, place: finding.place)
        guard places.count < Self.maximumPlaces || places[key] != nil else { return }
        var seen = places[key] ?? Seen(message: kind)
        seen.count += 1
        if let exchange, seen.exchanges.count < Self.namedExchanges, seen.exchanges.last != exchange {
            seen.exchanges.append(exchange)
        }
        places[key] = seen
    }

    private var sorted: [(Key, Seen)] {
        places.sorted {
            ($1.value.count, $0.key.kind, $0.key.canary ?? 0, $0.key.place, $0.key.trace)
                < ($0.value.count, $1.key.kind, $1.key.canary ?? 0, $1.key.place, $1.key.trace)
        }
        .map { ($0.key, $0.value) }
    }

    private static func name(_ kind: MessageKind?) -> String? {
        switch kind {
        case .request: "request"
        case .response: "response"
        case nil: nil
        }
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
            let kind = key.canary.map { "\(key.kind) \($0)" } ?? key.kind
            let first =
                seen.exchanges.first.map { "\(Self.name(seen.message) ?? "exchange") \($0)" } ?? "the trace"
            table.append([Quantity.count(seen.count), kind, key.place, first])
        }
        return text + table.text(indent: 2)
    }

    func json() -> [UInt8] {
        var writer = JSONWriter()
        for (key, seen) in sorted {
            writer.beginObject()
            writer.member("schema", "tapedeck.audit-finding/1")
            writer.member("trace", key.trace)
            writer.member("kind", key.kind)
            if let canary = key.canary { writer.member("canary", UInt64(canary)) }
            writer.member("place", key.place)
            writer.member("count", seen.count)
            if let exchange = seen.exchanges.first {
                writer.member("exchange", exchange)
                writer.key("exchanges")
                writer.beginArray()
                for exchange in seen.exchanges { writer.integer(exchange) }
                writer.endArray()
            }
            if let name = Self.name(seen.message) { writer.member("message", name) }
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
        return writer.bytes
    }

    /// The findings as a log in SARIF 2.1.0 (OASIS), one result for each place and kind.
    func sarif(version: String) -> [UInt8] {
        let sorted = sorted
        let kinds = Set(sorted.map(\.0.kind)).sorted()
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
        writer.member("version", "2.1.0")
        writer.key("runs")
        writer.beginArray()
        writer.beginObject()
        writer.key("tool")
        writer.beginObject()
        writer.key("driver")
        writer.beginObject()
        writer.member("name", "tapedeck")
        writer.member("semanticVersion", version)
        writer.key("rules")
        writer.beginArray()
        for kind in kinds {
            writer.beginObject()
            writer.member("id", kind)
            writer.key("shortDescription")
            writer.beginObject()
            writer.member("text", Self.explanation(of: kind))
            writer.endObject()
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        writer.endObject()
        writer.key("results")
        writer.beginArray()
        for (key, seen) in sorted { Self.append(key, seen, kinds, to: &writer) }
        writer.endArray()
        writer.endObject()
        writer.endArray()
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    private static func append(_ key: Key, _ seen: Seen, _ kinds: [String], to writer: inout JSONWriter) {
        let message = name(seen.message) ?? "trace"
        let canary = key.canary.map { " of line \($0)" } ?? ""
        let where_ = seen.exchanges.first.map { "the \(message) of exchange \($0)" } ?? "the trace itself"
        writer.beginObject()
        writer.member("ruleId", key.kind)
        writer.member("ruleIndex", UInt64(kinds.firstIndex(of: key.kind) ?? 0))
        writer.member("level", "error")
        writer.key("message")
        writer.beginObject()
        writer.member("text", "\(key.kind)\(canary) in \(key.place), first in \(where_)")
        writer.endObject()
        writer.key("locations")
        writer.beginArray()
        writer.beginObject()
        writer.key("physicalLocation")
        writer.beginObject()
        writer.key("artifactLocation")
        writer.beginObject()
        writer.member("uri", key.trace.addingPercentEscapes)
        writer.endObject()
        writer.endObject()
        writer.key("logicalLocations")
        writer.beginArray()
        writer.beginObject()
        let exchange = seen.exchanges.first.map { "exchange \($0)/" } ?? ""
        writer.member("fullyQualifiedName", "\(exchange)\(message)/\(key.place)")
        writer.endObject()
        writer.endArray()
        writer.endObject()
        writer.endArray()
        writer.member("occurrenceCount", seen.count)
        writer.endObject()
    }

    private static func explanation(of kind: String) -> String {
        switch kind {
        case "canary": "A planted value."
        case "unknown-secret": "A run of characters that looks drawn by chance."
        case "opaque-body": "A body that cannot be looked into."
        default: "A value of the kind \(kind) that is no pseudonym."
        }
    }
}

extension String {
    /// The text as a reference to a file (RFC 3986): everything but letters, digits and the signs of paths is encoded.
    fileprivate var addingPercentEscapes: String {
        var text = ""
        for byte in utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
