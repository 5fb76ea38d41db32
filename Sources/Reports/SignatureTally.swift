import JSON
import Messages
package import Traces

/// How many requests of a trace were signed in which way, and what is known of their signatures.
package struct SignatureTally: Hashable, Sendable {
    private var counts: [RecordedSignature: UInt64] = [:]

    package init() {}

    /// Counts a request, if anything is known of a signature.
    package mutating func count(_ head: HeadRecord) {
        guard head.kind == .request, !head.isRepeated, let signature = head.signature else { return }
        counts[signature, default: 0] += 1
    }

    package var isEmpty: Bool { counts.isEmpty }

    /// By scheme and state, in the order of the names.
    var rows: [(scheme: String, state: String, count: UInt64)] {
        counts.map { ($0.key.scheme, SignatureName.of($0.key), $0.value) }
            .sorted { ($0.scheme, $0.state) < ($1.scheme, $1.state) }
    }

    func appendJSON(to writer: inout JSONWriter) {
        writer.key("signatures")
        writer.beginArray()
        for row in rows {
            writer.beginObject()
            writer.member("scheme", row.scheme)
            writer.member("state", row.state)
            writer.member("count", row.count)
            writer.endObject()
        }
        writer.endArray()
    }

    func table(isStyled: Bool) -> String {
        var table = Table([.init("signature"), .init("state"), .init("count", .right)])
        for row in rows { table.append([PlainText.line(row.scheme), row.state, Quantity.count(row.count)]) }
        return table.text(indent: 2, isStyled: isStyled)
    }
}
