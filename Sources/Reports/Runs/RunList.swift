import JSON
import Packets

/// The runs that are kept, as `tapedeck runs` lists them.
package struct RunList: Sendable {
    package struct Entry: Sendable {
        /// The name of the folder.
        package var name: String
        /// `nil` for a run that did not come to its end, or goes on.
        package var record: RunRecord?
        /// Bytes of its files.
        package var size: UInt64

        package init(name: String, record: RunRecord?, size: UInt64) {
            self.name = name
            self.record = record
            self.size = size
        }
    }

    /// The latest last.
    let entries: [Entry]

    package init(_ entries: [Entry]) {
        self.entries = entries
    }

    package func text(isStyled: Bool = false) -> String {
        guard !entries.isEmpty else { return "no runs\n" }
        var table = Table([
            Table.Column("", .right), Table.Column("run", maximumWidth: 60), Table.Column("command"),
            Table.Column("target", maximumWidth: 40), Table.Column("outcome"),
            Table.Column("requests", .right),
            Table.Column("failed", .right), Table.Column("took", .right), Table.Column("size", .right),
        ])
        for (index, entry) in entries.enumerated() {
            let back = entries.count - 1 - index
            let record = entry.record
            table.append([
                back == 0 ? "last" : "last~\(back)", entry.name, record?.command ?? "",
                record?.target ?? record?.traces.joined(separator: " ") ?? "",
                record?.outcome ?? "unfinished",
                record.map { Quantity.count($0.requests) } ?? "",
                record.map { Quantity.count($0.failed) } ?? "",
                record.map { Quantity.duration(nanoseconds: max(0, $0.end &- $0.start)) } ?? "",
                Quantity.bytes(entry.size),
            ])
        }
        return table.text(isStyled: isStyled)
    }

    /// One JSON object and a line feed.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", "tapedeck.runs/1")
        writer.key("runs")
        writer.beginArray()
        for entry in entries {
            writer.beginObject()
            writer.member("name", entry.name)
            writer.member("bytes", entry.size)
            writer.member("finished", entry.record != nil)
            if let record = entry.record {
                writer.key("run")
                record.write(to: &writer)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }
}
