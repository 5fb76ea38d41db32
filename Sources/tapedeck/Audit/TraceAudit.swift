import Anonymization
import JSON
import Messages
import Packets
import Traces

/// Takes the records of traces and collects what is still in them that should not be.
struct TraceAudit: ~Copyable {
    /// Exchanges whose request is remembered, since the rules for a response depend on it.
    private static let rememberedRequests = 65_536

    private var scanner: AuditScanner
    private var assembler = MessageAssembler()
    private var scopes: [UInt64: RuleScope] = [:]
    private var trace = ""
    private var isAnonymized = true
    private(set) var findings: AuditFindings

    /// - Parameter findings: Those of other traces, to which those of this one are added.
    init(_ scanner: consuming AuditScanner, _ findings: AuditFindings = AuditFindings()) {
        self.scanner = scanner
        self.findings = findings
    }

    /// Begins with another trace, whose header is looked at.
    mutating func begin(_ trace: String, _ header: TraceHeader) {
        self.trace = trace
        isAnonymized = header.isAnonymized
        scopes = [:]
        assembler = MessageAssembler()
        // It is full of identifiers and fingerprints; what was planted must not be there.
        let found = scanner.findings(inText: header.line, at: "trace-header").filter { $0.canary != nil }
        add(found, exchange: nil, nil)
    }

    mutating func receive(_ record: TraceRecord) {
        switch record {
        case .connectionOpen(let opening):
            if let finding = scanner.finding(ofClient: opening.client.address) {
                add([finding], exchange: nil, nil)
            }
        case .connectionSummary(let summary):
            if let finding = scanner.finding(ofClient: summary.client.address) {
                add([finding], exchange: nil, nil)
            }
            for note in summary.notes { look(at: note) }
        case .note(let note): look(at: note)
        case .event(let event):
            // Server-sent events are looked at in the body of their message, and alone for what is cut there.
            if event.eventKind == .webSocket { look(at: event) }
        case .connectionClose, .head, .body, .end, .whole, .ledgerSnapshot, .endpointLedger, .anonymized:
            break
        }
        if let message = assembler.receive(record) { look(at: message) }
    }

    /// Looks at what is left of messages of which the end is missing.
    mutating func end() {
        for message in assembler.finish() { look(at: message) }
    }

    private mutating func look(at note: NoteRecord) {
        add(
            scanner.findings(inText: Array(note.detail.utf8), at: "note"),
            exchange: note.exchange,
            note.direction
        )
    }

    private mutating func look(at message: RecordedMessage) {
        findings.messages += 1
        guard let head = try? message.head.parsed() else {
            findings.unreadable += 1
            let bytes = message.head.bytes + message.body + message.end.trailers
            add(scanner.findings(inText: bytes, at: "unreadable"), exchange: message.exchange, message.kind)
            return
        }
        var scope: RuleScope?
        if message.kind == .request {
            if scopes.count >= Self.rememberedRequests { scopes.removeAll(keepingCapacity: true) }
            scope = scanner.scope(of: head)
            scopes[message.exchange] = scope
        } else {
            scope = scopes[message.exchange]
        }
        let raw = RawMessage(
            head: head,
            body: message.body,
            trailers: message.end.trailers,
            isBodyComplete: message.end.flags.isDisjoint(with: [.truncated, .gap, .incomplete])
        )
        add(scanner.findings(in: raw, scope), exchange: message.exchange, message.kind)
    }

    private mutating func look(at event: EventRecord) {
        findings.messages += 1
        let found = scanner.findings(
            in: event.bytes,
            StreamedContent(webSocketOpcode: event.opcode),
            scopes[event.exchange] ?? .unknown,
            of: event.kind
        )
        add(found, exchange: event.exchange, event.kind)
    }

    private mutating func add(_ found: [AuditFinding], exchange: UInt64?, _ kind: MessageKind?) {
        for finding in found {
            // A body that cannot be looked into was replaced whole when it was recorded.
            if case .opaque = finding.what, isAnonymized { continue }
            findings.add(finding, exchange: exchange, kind, in: trace)
        }
    }
}
