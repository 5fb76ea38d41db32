import Anonymization
import Synchronization
import TraceFiles
import Traces

/// Looks at each closed block of a recording for what should not be in it, before the block is written.
final class BlockAudit: Sendable {
    private let audit: Mutex<TraceAudit>

    /// - Parameter trace: The name under which findings are told.
    init(_ ruleSets: [RuleSet], _ trace: String, _ header: TraceHeader) {
        var audit = TraceAudit(AuditScanner(ruleSets: ruleSets, findsUnknownSecrets: true))
        audit.begin(trace, header)
        self.audit = Mutex(audit)
    }

    /// Takes the records of a block. One that cannot be read is a defect of the writer, which reading the trace tells.
    func inspect(_ block: borrowing [UInt8]) {
        audit.withLock { audit in
            var cursor = RecordCursor(block.span)
            while let record = try? cursor.next() { audit.receive(record) }
        }
    }

    /// What was found, after the last block.
    func finish() -> AuditFindings {
        audit.withLock { audit in
            audit.end()
            return audit.findings
        }
    }
}
