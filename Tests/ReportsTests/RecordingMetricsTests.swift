import Recording
import Reports
import Testing

/// Prometheus' text format, as far as it is used: one sample a family, each with its help and type.
@Suite struct RecordingMetricsTests {
    @Test func everyCountOfTheLedgerIsThereWithHelpAndType() throws {
        var ledger = Ledger()
        for (number, entry) in LedgerEntry.all.enumerated() {
            ledger[keyPath: entry.value] = UInt64(number) + 1
        }
        var metrics = RecordingMetrics(ledger: ledger)
        metrics.cpuSeconds = 12.0625
        metrics.ringOccupancy = 0.5
        let lines = metrics.prometheusText().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.last == "", "the last line ends too")
        var samples: [String: String] = [:]
        for start in stride(from: 0, to: lines.count - 1, by: 3) {
            let sample = lines[start + 2].split(separator: " ")
            let name = String(try #require(sample.first))
            #expect(sample.count == 2 && Double(sample[1]) != nil, "\(lines[start + 2])")
            #expect(name.wholeMatch(of: /tapedeck_record_[a-z0-9_]+/) != nil)
            #expect(lines[start].hasPrefix("# HELP \(name) ") && lines[start].hasSuffix("."))
            let type = name.hasSuffix("_total") ? "counter" : "gauge"
            #expect(lines[start + 1] == "# TYPE \(name) \(type)")
            #expect(samples.updateValue(String(sample[1]), forKey: name) == nil, "\(name) is there twice")
        }
        for (number, entry) in LedgerEntry.all.enumerated() {
            let isUnderWay = ["open", "pending"].contains(entry.name)
            let name = "tapedeck_record_\(entry.section)_\(entry.name)\(isUnderWay ? "" : "_total")"
            #expect(samples[name] == "\(number + 1)", "\(name)")
        }
        #expect(samples["tapedeck_record_cpu_seconds_total"] == "12.062")
        #expect(samples["tapedeck_record_ring_occupancy"] == "0.500")
        #expect(samples["tapedeck_record_sampling_ratio"] == "1.000")
    }

    @Test func whatIsNotKnownIsLeftOut() {
        #expect(!RecordingMetrics(ledger: Ledger()).prometheusText().contains("ring_occupancy"))
    }
}
