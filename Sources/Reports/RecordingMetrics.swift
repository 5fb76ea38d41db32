package import Recording

/// What a recording under way counts and takes, for a monitoring system.
package struct RecordingMetrics: Sendable {
    package var ledger: Ledger
    /// Share of the capture ring that waits to be read, 0 to 1; `nil` where the system does not tell.
    package var ringOccupancy: Double?
    package var cpuSeconds: Double
    package var residentBytes: UInt64
    package var traceBytes: UInt64
    package var parts: UInt64
    package var removedParts: UInt64
    package var queuedBlocks: UInt64
    /// How often a block waited for the writing thread.
    package var waits: UInt64
    /// Whether the disk is full and nothing is written.
    package var isStalled: Bool
    /// Share of new connections that is recorded, 0 to 1.
    package var sampling: Double
    package var errors: UInt64

    package init(ledger: Ledger) {
        self.ledger = ledger
        cpuSeconds = 0
        residentBytes = 0
        traceBytes = 0
        parts = 1
        removedParts = 0
        queuedBlocks = 0
        waits = 0
        isStalled = false
        sampling = 1
        errors = 0
    }
}

extension RecordingMetrics {
    /// The media type of ``prometheusText()``.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// Every count of the ledger and every gauge in Prometheus' text format 0.0.4.
    ///
    /// A count of the ledger is `tapedeck_record_SECTION_NAME_total`; those that may fall, since they tell what is under
    /// way, are gauges without `_total`.
    package func prometheusText() -> String {
        var text = ""
        for entry in LedgerEntry.all {
            let part =
                switch entry.role {
                case .total: "the total of its section"
                case .bucket: "a bucket of its section"
                case .note: "a note, no part of the sum"
                }
            let words = entry.name.split(separator: "_").joined(separator: " ")
            Self.append(
                "\(entry.section.rawValue)_\(entry.name)",
                help: "\(entry.section.rawValue): \(words); \(part).",
                isCounter: !Self.isUnderWay(entry.name),
                "\(ledger[keyPath: entry.value])",
                to: &text
            )
        }
        for gauge in gauges where gauge.value != nil {
            Self.append(
                gauge.name,
                help: gauge.help,
                isCounter: gauge.isCounter,
                gauge.value ?? "",
                to: &text
            )
        }
        return text
    }

    private struct Gauge {
        var name: String
        var help: String
        var isCounter = false
        var value: String?
    }

    private var gauges: [Gauge] {
        [
            Gauge(
                name: "ring_occupancy",
                help: "Share of the capture ring that waits to be read.",
                value: ringOccupancy.map(Self.number)
            ),
            Gauge(
                name: "cpu_seconds",
                help: "Processor time of the process.",
                isCounter: true,
                value: Self.number(cpuSeconds)
            ),
            Gauge(name: "resident_bytes", help: "Resident memory of the process.", value: "\(residentBytes)"),
            Gauge(
                name: "trace_bytes",
                help: "Bytes written to trace files.",
                isCounter: true,
                value: "\(traceBytes)"
            ),
            Gauge(name: "parts", help: "Trace files begun.", isCounter: true, value: "\(parts)"),
            Gauge(
                name: "removed_parts",
                help: "Trace files removed to keep the limits.",
                isCounter: true,
                value: "\(removedParts)"
            ),
            Gauge(name: "queued_blocks", help: "Blocks that wait to be written.", value: "\(queuedBlocks)"),
            Gauge(
                name: "block_waits",
                help: "Times that recording waited for writing.",
                isCounter: true,
                value: "\(waits)"
            ),
            Gauge(
                name: "disk_stalled",
                help: "1 while the disk is full and nothing is written.",
                value: isStalled ? "1" : "0"
            ),
            Gauge(
                name: "sampling_ratio",
                help: "Share of new connections that is recorded.",
                value: Self.number(sampling)
            ),
            Gauge(
                name: "errors",
                help: "Failures beside the recording: parts not begun, finished or removed.",
                isCounter: true,
                value: "\(errors)"
            ),
        ]
    }

    private static func isUnderWay(_ name: String) -> Bool { name == "open" || name == "pending" }

    /// Three decimals, which is more than any of these numbers is good for.
    private static func number(_ value: Double) -> String {
        let thousandths = UInt64(max(0, value) * 1_000)
        let rest = String(thousandths % 1_000)
        return "\(thousandths / 1_000)." + String(repeating: "0", count: 3 - rest.count) + rest
    }

    private static func append(
        _ name: String,
        help: String,
        isCounter: Bool,
        _ value: String,
        to text: inout String
    ) {
        let name = "tapedeck_record_\(name)\(isCounter ? "_total" : "")"
        text +=
            "# HELP \(name) \(help)\n# TYPE \(name) \(isCounter ? "counter" : "gauge")\n\(name) \(value)\n"
    }
}
