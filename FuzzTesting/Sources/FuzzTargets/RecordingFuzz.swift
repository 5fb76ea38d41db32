import Anonymization
import Bytes
import Packets
import Recording
import Streams
import Traces

/// A capture file becomes records, and the sums of the ledger hold, in total and for each server.
enum RecordingFuzz {
    static func run(_ file: Span<UInt8>) {
        record(file, anonymizer: nil)
        record(file, anonymizer: AnonymizingFuzz.anonymizer())
    }

    private static func record(_ file: Span<UInt8>, anonymizer: consuming Anonymizer?) {
        var options = RecordingOptions()
        options.limits.openBytes = 1 << 16
        options.reassembly.connections = 16
        var pipeline = RecordingPipeline(options: options, anonymizer: anonymizer, output: CheckedOutput())
        var reader = SavefileReader()
        var cursor = 0
        var time = PacketTime.distantPast
        while case .packet(let packet) = reader.next(in: file, from: &cursor, isLast: true) {
            time = packet.time
            pipeline.receive(
                file.extracting(packet.bytes.bounds),
                originalLength: packet.originalLength,
                link: packet.link,
                at: time
            )
        }
        precondition(pipeline.ledger.check().isEmpty, "the sums are wrong while messages are open")
        pipeline.finish(at: time)
        let ledger = pipeline.ledger
        precondition(ledger.check().isEmpty, "the sums are wrong")
        precondition(pipeline.endpointLedgers.check(against: ledger).isEmpty, "the servers' sums are wrong")
        precondition(
            ledger.bytes.pending == 0 && ledger.requests.open == 0,
            "something is open after the end"
        )
    }
}

/// Takes only records that a trace can hold.
private struct CheckedOutput: RecordOutput {
    private var block = BlockEncoder()

    mutating func append(_ record: TraceRecord) {
        guard (try? block.append(record)) != nil else {
            preconditionFailure("a record is longer than a trace allows")
        }
        block.removeAll()
    }
}
