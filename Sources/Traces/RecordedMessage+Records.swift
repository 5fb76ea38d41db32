import Messages
import Packets

extension RecordedMessage {
    /// The most body bytes that go into one record with their head and end.
    package static let maximumWholeBody = BodyRecord.maximumCount

    /// Calls `body` with the records of the message, in order: one when it is small, else head, bodies and end.
    ///
    /// Pieces of the body carry the time of the end, since nothing better is known of a message in one piece.
    package func forEachRecord<Failure: Error>(
        _ body: (TraceRecord) throws(Failure) -> Void
    ) throws(Failure) {
        if self.body.count <= Self.maximumWholeBody {
            try body(.whole(head, body: self.body, end))
            return
        }
        try body(.head(head))
        var start = 0
        while start < self.body.count {
            let next = min(self.body.count, start + BodyRecord.maximumCount)
            try body(
                .body(
                    BodyRecord(
                        kind: kind,
                        exchange: exchange,
                        connection: connection,
                        time: end.time,
                        bytes: Array(self.body[start..<next])
                    )
                )
            )
            start = next
        }
        try body(.end(end))
    }

    /// Appends the records of the message to `records`.
    package func appendRecords(to records: inout [TraceRecord]) {
        forEachRecord { records.append($0) }
    }
}
