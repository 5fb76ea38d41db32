import Replay
import TraceFiles
import Traces

/// What one pass over the traces shows of event streams and WebSocket sessions.
///
/// Of a pipe nothing is known beforehand: its streams are replayed for as long as the target keeps them.
enum StreamSurvey {
    /// Reads the traces that may hold events, and goes back to their starts.
    static func streams(of readers: [TraceReader]) throws -> RecordedStreams {
        var streams = RecordedStreams()
        for chain in OrderedMessages.chains(readers) {
            let parts = chain.map { readers[$0] }.filter { $0.fileSize != nil }
            guard let first = chain.min(), parts.contains(where: mayHoldEvents) else { continue }
            var collector = RecordedStreamCollector(offset: TraceRequests.offset(ofTrace: first))
            for reader in parts {
                while let record = try reader.nextRecord(.withoutBodies) { collector.receive(record) }
                try reader.rewind()
            }
            streams.formUnion(collector.finish())
        }
        return streams
    }

    /// Whether a trace may hold events; the ledger of one that was recorded says so without reading it.
    private static func mayHoldEvents(_ reader: TraceReader) -> Bool {
        guard let ledger = reader.index?.ledger,
            let stored = ledger.first(where: { $0.name == "events.stored" })
        else { return true }
        return stored.value > 0
    }
}
