import Anonymization
import Capture
import Configuration
import Messages
import Packets
import Recording
import Signatures
import TraceFiles

/// What one recording is told.
struct RecordingPlan {
    enum Input {
        case interface(String)
        /// A capture file, or `-` for standard input.
        case file(String)
    }

    /// What is done to payloads before they are written.
    enum Anonymizing {
        case with([RuleSet], PseudonymKey, keyID: String)
        case nothing
    }

    /// What is done when the disk is full.
    enum FullDisk: String {
        /// Ends the recording; what was written is kept.
        case stop
        /// Goes on without writing until there is room; what is left out meanwhile is counted.
        case wait
    }

    var input: Input
    /// Where the trace goes; `-` is standard output.
    var output: String
    var anonymizing: Anonymizing
    /// Counts what would be anonymized; nothing is written then.
    var isDryRun = false
    /// The rules by which each closed block is audited; `nil` audits none.
    var audit: [RuleSet]?
    /// Server ports; empty takes every one on which HTTP is recognised.
    var ports: [UInt16] = []
    /// An expression of pcap-filter(7).
    var filter: String?
    /// Which exchanges are recorded.
    var exchanges = RequestFilter.all
    /// Tunnels whose packets are let through whatever their ports, and looked into.
    var tunnels: [Tunnel] = []
    /// Leaves out packets with wrong checksums; for files only.
    var checksChecksums = false
    var signatures = SignatureSettings()
    var includesReplays = false
    /// Nanoseconds of run time after which the recording ends.
    var duration: UInt64?
    /// Requests after which it ends.
    var count: UInt64?
    /// Bytes of the trace file after which it ends; of all parts where there are several.
    var maximumSize: UInt64?
    var ringBytes: Int32?
    var force = false
    /// When the next part begins; `nil` writes one trace.
    var rotation: RotationPolicy?
    /// What is kept of the parts.
    var retention = Retention()
    var onFullDisk = FullDisk.stop
    /// Who the process becomes when the capture is open.
    var user: UnprivilegedUser?
    /// The address for metrics.
    var metricsAddress: String?
    /// What sampling keeps to; `nil` records every connection.
    var sampling: SamplingControl.Limits?
}
