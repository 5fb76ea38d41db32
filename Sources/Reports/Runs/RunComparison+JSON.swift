import Checks
import JSON

extension RunComparison {
    /// One JSON object of the schema `tapedeck.compare/1` and a line feed.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", "tapedeck.compare/1")
        writer.key("runs")
        writer.beginArray()
        for run in runs {
            writer.beginObject()
            writer.member("name", run.name)
            if let record = run.record {
                writer.key("run")
                record.write(to: &writer)
            }
            if let errors = errors(of: run) {
                writer.object("errors") {
                    $0.member("errors", errors.failed)
                    $0.member("requests", errors.sent)
                    $0.member("low", errors.interval.lowerBound)
                    $0.member("high", errors.interval.upperBound)
                }
            }
            writer.endObject()
        }
        writer.endArray()
        writeFigures(into: &writer)
        for (key, name) in [("statuses", "statuses"), ("errors", "errors")] {
            writer.object(name) { writer in
                for (name, values) in counts(key) {
                    writer.key(name)
                    writer.beginArray()
                    for value in values { writer.integer(value) }
                    writer.endArray()
                }
            }
        }
        writer.key("against_first")
        writer.beginArray()
        for run in runs.dropFirst() {
            if let result = run.against {
                writer.raw(Array(CheckReport(result, subject: "").json().dropLast()).span)
            } else {
                writer.null()
            }
        }
        writer.endArray()
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    private func writeFigures(into writer: inout JSONWriter) {
        writer.key("figures")
        writer.beginArray()
        for figure in figures {
            writer.beginObject()
            writer.member("figure", figure.key)
            writer.member("unit", figure.unit.rawValue)
            writer.key("values")
            writer.beginArray()
            for value in figure.values { if let value { writer.double(value) } else { writer.null() } }
            writer.endArray()
            writer.key("changes")
            writer.beginArray()
            for index in figure.values.indices.dropFirst() {
                if let change = figure.change(index) { writer.double(change) } else { writer.null() }
            }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
    }
}
