import Anonymization
import Messages
import Traces

/// The channel to an output of any type: the second half of the recording, done at once or by somebody else.
final class OutputChannel<Output: RecordOutput & ~Copyable>: RecordChannel, BatchWriter {
    /// Not watched for overlapping accesses at run time, at every record: one thread writes at a time, and no output calls
    /// back. Nobody but the carrier looks at it before ``settle()``.
    @exclusivity(unchecked)
    var output: Output
    /// The second half of the recording, which the same holds for.
    @exclusivity(unchecked)
    var writer: RecordWriter
    /// The packed message that is being written, in storage that serves one after another.
    @exclusivity(unchecked)
    private var unpacked = WholeMessage.withoutStorage
    private let signatures: SignatureReader
    private let isAnonymizing: Bool
    /// What is not handed over yet; always empty without a carrier. Nobody but the recorder looks at it.
    @exclusivity(unchecked)
    private var batch = RecordBatch()
    /// Who has batches written; `nil` where every step is written at once.
    private var carrier: (any BatchCarrier)?

    init(_ output: consuming Output, signatures: SignatureReader, anonymizer: consuming Anonymizer?) {
        self.signatures = signatures
        isAnonymizing = anonymizer != nil
        writer = RecordWriter(signatures: signatures, anonymizer: anonymizer)
        self.output = output
    }

    /// Has everything from here on written by `carrier`.
    func hand(to carrier: any BatchCarrier) {
        settle()
        self.carrier = carrier
    }

    var isCarried: Bool { carrier != nil }

    /// Hands over what is there, and does not wait until it is written.
    func flush() {
        guard let carrier, !batch.isEmpty else { return }
        carrier.carry(&batch)
    }

    /// Waits until everything so far has been written.
    func settle() {
        guard let carrier else { return }
        flush()
        carrier.settle()
    }

    // MARK: What the recorder asks

    var isAccepting: Bool {
        // Only where something stands in the way does it count how much waits already.
        if let carrier, !carrier.isHeldUp { return true }
        settle()
        return output.isAccepting
    }

    var needsBody: Bool { signatures.needsBody }

    func append(_ step: consuming RecordingStep) {
        guard carrier != nil else { return writer.write(step, to: &output) }
        batch.append(step)
        if batch.isFull { flush() }
    }

    func append(whole message: inout WholeMessage) {
        guard carrier != nil else { return writer.write(whole: &message, to: &output) }
        batch.append(whole: &message)
        if batch.isFull { flush() }
    }

    func openBody(of head: borrowing Head) -> OpenBody? {
        guard isAnonymizing else { return nil }
        settle()
        return writer.anonymizer?.openBody(of: head)
    }

    func anonymizePart(
        _ bytes: inout [UInt8],
        of body: OpenBody,
        head: Head?,
        in scope: RuleScope,
        of kind: MessageKind
    ) -> Bool {
        guard isAnonymizing else { return true }
        settle()
        return writer.anonymizer?.anonymizePart(&bytes, of: body, head: head, in: scope, of: kind) ?? true
    }

    // MARK: What the carrier asks

    func write(_ batch: inout RecordBatch) -> Bool {
        var message = 0
        var step = 0
        for place in batch.order {
            switch place {
            case .packed:
                batch.packed.next(into: &unpacked)
                writer.write(whole: &unpacked, to: &output)
            case .message:
                writer.write(whole: &batch.messages[message], to: &output)
                message += 1
            case .step:
                // Taken out, so that an edit finds nobody else who holds the bytes.
                var taken = RecordingStep.masked(.unknownType)
                swap(&taken, &batch.steps[step])
                writer.write(taken, to: &output)
                step += 1
            }
        }
        batch.removeAll()
        return !output.hasFailed
    }
}
