package import Diagnosis
import JSON
import Packets

/// What `tapedeck doctor` says, as text and as JSON.
package struct DiagnosisReport: Sendable {
    package static let schema = "tapedeck.doctor/1"

    private let diagnosis: Diagnosis

    package init(_ diagnosis: Diagnosis) {
        self.diagnosis = diagnosis
    }

    /// A line of what was seen, then each finding with its remedy.
    package func text() -> String {
        let sample = diagnosis.recorded
        var text = "seen      \(Quantity.count(sample.packets)) packets on \(diagnosis.facts.interface), "
        text +=
            "\(Quantity.count(sample.toServer)) to the server and \(Quantity.count(sample.fromServer)) from it\n"
        for finding in diagnosis.findings {
            let level = finding.level.rawValue
            text += level + String(repeating: " ", count: 10 - level.utf8.count) + finding.text + "\n"
            if let remedy = finding.remedy { text += "          → \(remedy)\n" }
        }
        if diagnosis.isFine { text += "fine      nothing stands in the way of a complete capture\n" }
        return text
    }

    /// One JSON object and a line feed.
    package func json() -> [UInt8] {
        let (facts, sample) = (diagnosis.facts, diagnosis.recorded)
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", Self.schema)
        writer.member("fine", diagnosis.isFine)
        writer.member("interface", facts.interface)
        writer.key("ports")
        writer.beginArray()
        for port in facts.ports { writer.integer(port) }
        writer.endArray()
        writer.key("findings")
        writer.beginArray()
        for finding in diagnosis.findings {
            writer.beginObject()
            writer.member("level", finding.level.rawValue)
            writer.member("code", finding.code.rawValue)
            writer.member("text", finding.text)
            writer.member("remedy", finding.remedy)
            writer.endObject()
        }
        writer.endArray()
        writer.key("seen")
        writer.beginObject()
        writer.member("packets", sample.packets)
        writer.member("to_server", sample.toServer)
        writer.member("from_server", sample.fromServer)
        writer.member("http", sample.http)
        writer.member("tls", sample.tls)
        writer.member("vlan", sample.tagged)
        writer.member("longest_packet", UInt64(sample.longestPacket))
        writer.member("peak_bytes_per_100ms", sample.peakBytes)
        writer.member("ring_bytes", UInt64(facts.ringBytes))
        writer.member("kernel_dropped", facts.droppedByKernel)
        writer.member("interface_dropped", facts.droppedByInterface)
        writer.key("elsewhere")
        writer.beginObject()
        for (index, count) in (diagnosis.everywhere?.byInterface ?? [:]).sorted(by: { $0.key < $1.key }) {
            guard index != facts.index, let name = facts.names[index] else { continue }
            writer.member(name, count)
        }
        writer.endObject()
        writer.endObject()
        writer.key("offloads")
        writer.beginArray()
        for offload in facts.offloads { writer.string(offload) }
        writer.endArray()
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }
}
