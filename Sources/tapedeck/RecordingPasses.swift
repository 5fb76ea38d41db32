import TraceFiles
import Traces

/// Reads a recording, and once more for each loop of a replay that asks for it.
///
/// A pipe is read once. So is a trace that is itself a replay, of which every loop is in it.
final class RecordingPasses {
    let reader: TraceReader
    private var messages: MessagesAhead
    /// The loop for which it is being read.
    private(set) var pass: UInt32 = 0
    private var isReplay = false
    private var firstCounts: MessageAssembler.Counts?
    private var firstDamage: [String]?

    var canReadAgain: Bool { reader.fileSize != nil }

    init(_ reader: TraceReader) throws {
        self.reader = reader
        messages = try MessagesAhead(reader, selection: .withoutRequestBodies)
    }

    /// What damage did to messages, in the first pass.
    var counts: MessageAssembler.Counts { firstCounts ?? messages.counts }

    /// What could not be read in the first pass, a sentence each.
    var damage: [String] { firstDamage ?? TraceOpening.damage(of: reader) }

    func next() throws -> RecordedMessage? {
        guard let message = try messages.next() else { return nil }
        if message.head.of != nil { isReplay = true }
        return message
    }

    /// Begins anew for a later loop; false where there is nothing to be had by that.
    func beginPass(for loop: UInt32) throws -> Bool {
        guard canReadAgain, !isReplay, loop > pass else { return false }
        messages.stop()
        firstCounts = counts
        firstDamage = damage
        try reader.rewind()
        messages = try MessagesAhead(reader, selection: .withoutRequestBodies)
        pass = loop
        return true
    }

    func stop() { messages.stop() }
}
