import Bytes
import Messages
import Traces

/// What is read of a trace is what is written again; nothing else is believed.
///
/// The first byte chooses: 0 the records of a block, 1 a member, 2 the line of a header, 3 an index.
enum TracesFuzz {
    static func run(_ input: Span<UInt8>) {
        guard input.count > 1 else { return }
        let bytes = input.extracting(1...)
        switch input[0] % 4 {
        case 0: records(bytes)
        case 1: member(bytes)
        case 2: _ = try? TraceHeader(parsing: bytes)
        default: _ = TraceIndex(parsing: bytes)
        }
    }

    private static func records(_ bytes: Span<UInt8>) {
        var cursor = RecordCursor(bytes)
        var assembler = MessageAssembler(limits: MessageAssembler.Limits(openMessages: 8, bytes: 4_096))
        while let record = try? cursor.next() {
            var written = BlockEncoder()
            guard (try? written.append(record)) != nil else { continue }
            var again = RecordCursor(written.bytes.span)
            guard let read = try? again.next() else { preconditionFailure("what was written cannot be read") }
            precondition(read == record, "what was written reads otherwise")
            if let message = assembler.receive(record) { parse(message) }
        }
        for message in assembler.finish() { parse(message) }
    }

    private static func parse(_ message: RecordedMessage) {
        guard let head = try? message.head.parsed() else { return }
        for field in head.fields {
            precondition(
                field.name.end <= head.bytes.count && field.value.end <= head.bytes.count,
                "beyond the head"
            )
        }
    }

    private static func member(_ bytes: Span<UInt8>) {
        guard let header = try? MemberHeader.parse(bytes) else { return }
        var decoder = BlockDecoder()
        guard bytes.count >= header.headerSize, (try? decoder.decode(bytes, header)) != nil else { return }
        records(decoder.bytes.span)
    }
}
