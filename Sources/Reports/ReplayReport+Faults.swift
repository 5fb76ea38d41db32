import JSON
import Replay

extension ReplayReport {
    /// What became of requests with a fault, in one line; `nil` where there were none.
    var faultLine: String? {
        guard !summary.faults.isEmpty else { return nil }
        let words: [(ClientFault, String)] = [
            (.slowReader, "read slowly"), (.halfOpen, "half-open"), (.abortedBody, "left in the body"),
        ]
        return words.compactMap { fault, word in
            summary.faults.kinds[fault].map { counts in
                "\(Quantity.count(counts.injected)) \(word) (\(Quantity.count(counts.responded)) answered)"
            }
        }
        .joined(separator: ", ")
    }

    /// Writes the member `faults`.
    func writeFaults(to writer: inout JSONWriter) {
        writer.key("faults")
        writer.beginObject()
        for fault in ClientFault.allCases {
            let counts = summary.faults.kinds[fault] ?? FaultSummary.Counts()
            writer.key(fault.rawValue)
            writer.beginObject()
            writer.member("injected", counts.injected)
            writer.member("responded", counts.responded)
            writer.member("cut", counts.cut)
            writer.endObject()
        }
        writeCounts("statuses", summary.faults.statuses.map { ("\($0.key)", $0.value) }, to: &writer)
        write("service_time_us", summary.faults.serviceTime, to: &writer)
        writer.endObject()
    }
}
