import Packets
import Traces

/// Copies what is whole of a trace into a new file and finishes that.
struct TraceSalvage: ~Copyable {
    private let reader: TraceReader
    private let publication: Publication
    private var output: [UInt8] = []
    private var offset: UInt64 = 0
    private var lastSequence: UInt32 = 0
    private var assembler = MessageAssembler()
    /// What the new file holds.
    private(set) var index = TraceIndex()

    private static let suffix = ".repair"

    init(_ reader: TraceReader, target: String, replaces: Bool) throws(TraceRepairError) {
        self.reader = reader
        do throws(TraceWriteError) {
            publication = try Publication(
                path: target,
                partialPath: target + Self.suffix,
                replaces: replaces,
                removesLeftover: true
            )
        } catch {
            throw .write(error)
        }
    }

    var messagesWithoutEnd: UInt64 { assembler.counts.withoutEnd }

    mutating func copy() throws(TraceRepairError) {
        reader.appendHeaderMember(to: &output)
        try write()
        while try nextBlock() { try write() }
        _ = assembler.finish()
        index.totals = reader.totals
        // Whatever the recorder knew last was not its last word, and some of the file may be gone.
        index.ledger = reader.index?.ledger ?? reader.ledger?.counts ?? []
        index.ledger.removeAll { $0.name.hasPrefix("trace.") }
        index.ledger.append(LedgerCount(name: "trace.repaired", value: 1))
        index.ledger.append(LedgerCount(name: "trace.bytes_left_out", value: reader.damage.bytesSkipped))
        index.anonymized = reader.index?.anonymized ?? []
        var encoder = MemberEncoder(trace: reader.header.traceID, sequence: lastSequence &+ 1)
        encoder.append(index, at: offset, to: &output)
        try write()
    }

    /// Appends the next block that is whole to the output.
    private mutating func nextBlock() throws(TraceRepairError) -> Bool {
        do throws(TraceReadError) {
            var block: TraceIndex.Block
            repeat {
                guard try reader.nextBlock(), let next = reader.block else { return false }
                block = next
                while let record = try reader.nextRecordInBlock() { _ = assembler.receive(record) }
                // A block that turned out to be unreadable halfway is not at hand any more.
            } while reader.block == nil
            reader.appendMember(to: &output)
            lastSequence = block.sequence
            block.offset = offset
            index.append(block)
            return true
        } catch {
            throw .read(error)
        }
    }

    private mutating func write() throws(TraceRepairError) {
        do throws(SystemFault) {
            try publication.file.write(output)
        } catch {
            throw .write(TraceWriteError(.write(error), path: publication.partialPath))
        }
        offset += UInt64(output.count)
        output.removeAll(keepingCapacity: true)
    }

    func publish() throws(TraceWriteError) {
        try publication.publish()
    }

    func discard() {
        publication.discard()
    }
}
