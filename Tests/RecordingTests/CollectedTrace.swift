import Anonymization
import Messages
import Packets
import Recording
import Traces

/// Keeps the records of a recording, and the messages that they make.
struct CollectedTrace: RecordOutput {
    var records: [TraceRecord] = []
    var connections: [UInt64: ConnectionOpenRecord] = [:]
    var messages: [RecordedMessage] = []
    /// False plays a disk that is full.
    var isAccepting = true
    private var assembler = MessageAssembler()

    mutating func append(_ record: TraceRecord) {
        records.append(record)
        if case .connectionOpen(let open) = record { connections[open.connection] = open }
        if let message = assembler.receive(record) { messages.append(message) }
    }

    func messages(_ kind: MessageKind) -> [RecordedMessage] { messages.filter { $0.kind == kind } }
}

extension RecordedMessage {
    /// The head read again; `nil` where it cannot be.
    var parsedHead: Head? { try? head.parsed() }
}
