package import Traces

/// Takes the records of a recording, in the order in which a trace holds them.
///
/// A writer that fails keeps its error for whoever drives the pipeline: the pipeline has no use for it.
package protocol RecordOutput: ~Copyable {
    mutating func append(_ record: TraceRecord)
    /// Appends a message as one record; its body has ``BodyRecord/maximumCount`` bytes at most.
    ///
    /// Nearly all messages come this way. What is borrowed is used again for others, so what is kept of it is copied.
    mutating func append(
        whole head: borrowing HeadRecord,
        body: borrowing [UInt8],
        _ end: borrowing EndRecord
    )

    /// Notes that a batch of packets is over, at a time of a clock that only goes forward; `ledger` says where everything
    /// went so far, and is asked only where that is written.
    mutating func mark(at now: UInt64, ledger: () -> LedgerRecord)

    /// Whether the output has stopped for good.
    var hasFailed: Bool { get }

    /// False while nothing can be written and there is no room for what waits: whoever records then leaves out whole
    /// messages and counts them. A record that is appended all the same is kept.
    var isAccepting: Bool { get }
}

extension RecordOutput where Self: ~Copyable {
    package var isAccepting: Bool { true }

    package var hasFailed: Bool { false }

    package mutating func mark(at now: UInt64, ledger: () -> LedgerRecord) {}

    package mutating func append(
        whole head: borrowing HeadRecord,
        body: borrowing [UInt8],
        _ end: borrowing EndRecord
    ) {
        append(.whole(copy head, body: copy body, copy end))
    }
}
