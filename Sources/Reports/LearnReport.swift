package import Correlation
import JSON
import Messages

/// Which values were found to live on, as JSON.
package struct LearnReport: Sendable {
    package static let schema = "tapedeck.learn/1"

    package var edges: [ValueEdge]
    package var counts: EdgeLearner.Counts

    package init(edges: [ValueEdge], counts: EdgeLearner.Counts) {
        self.edges = edges
        self.counts = counts
    }

    /// What was read, in a sentence; above the edges in YAML.
    package var sentence: String {
        var text =
            "Learned from \(Quantity.count(counts.requests)) requests and \(Quantity.count(counts.answers)) answers"
        if counts.forgotten > 0 {
            text += "; \(Quantity.count(counts.forgotten)) values were forgotten before the end"
        }
        if counts.passedOver > 0 { text += "; \(Quantity.count(counts.passedOver)) values were passed over" }
        return text + "."
    }

    /// One JSON object and a line feed.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", Self.schema)
        writer.member("requests", counts.requests)
        writer.member("answers", counts.answers)
        writer.member("forgotten", counts.forgotten)
        writer.member("passed_over", counts.passedOver)
        writer.key("edges")
        writer.beginArray()
        for edge in edges {
            writer.beginObject()
            writer.member("from", edge.from.description)
            writer.member("take", edge.take.description)
            writer.member("to", edge.to.description)
            writer.member("put", edge.put.description)
            writer.member("match", edge.match.rawValue)
            if let evidence = edge.evidence {
                writer.member("held", evidence.held)
                writer.member("of", evidence.of)
                writer.member("values", evidence.values)
                writer.member("confidence", evidence.confidence)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }
}
