package import Traces

/// The messages of one or several traces in the order of their starts, in bounded memory.
///
/// Parts of one recording are read as one trace, one after the other, so that a message that begins in one and ends in
/// the next comes out whole; ``OrderedMessage/trace`` is then the first of them as they were given.
///
/// A file says of each block what the earliest start in it is, so a message is given out as soon as no unread block
/// can hold an earlier one. A pipe says it only block by block: there a message waits for a few blocks more, and what
/// comes too late is given out at once and counted in ``late``. The same happens where a message stays unfinished for
/// so long that what started after it fills the window.
package final class OrderedMessages {
    package struct Limits: Hashable, Sendable {
        /// Messages that wait for their turn, of each trace.
        package var order: MessageOrder.Limits
        /// Messages that wait for their end, of each trace.
        package var assembly: MessageAssembler.Limits
        /// Blocks of a pipe that are read before a message of the first is given out.
        package var pipeBlocks: Int

        package init(
            order: MessageOrder.Limits = MessageOrder.Limits(),
            assembly: MessageAssembler.Limits = MessageAssembler.Limits(),
            pipeBlocks: Int = 4
        ) {
            self.order = order
            self.assembly = assembly
            self.pipeBlocks = pipeBlocks
        }
    }

    // Not watched for overlapping accesses, at every message: one thread reads, and nothing calls back.
    @exclusivity(unchecked)
    private var traces: [OrderedTrace] = []
    private var waiting: [OrderedEntry?] = []

    /// Takes over the reading of `readers`; nothing else may read from them meanwhile.
    ///
    /// `selection` leaves out what is not wanted before it takes memory. Events come one by one only where
    /// `includesEvents` says so; server-sent events are in the bodies of their messages in any case.
    package init(
        _ readers: [TraceReader],
        selection: RecordSelection = .everything,
        includesEvents: Bool = false,
        limits: Limits = Limits()
    ) throws(TraceReadError) {
        for chain in Self.chains(readers) {
            traces.append(
                try OrderedTrace(
                    chain.map { readers[$0] },
                    number: chain.min() ?? 0,
                    selection: selection,
                    includesEvents: includesEvents,
                    limits: limits
                )
            )
        }
        waiting = Array(repeating: nil, count: traces.count)
    }

    /// The indices of `readers` by recording, each in the order of its parts; one file given twice is two recordings.
    package static func chains(_ readers: [TraceReader]) -> [[Int]] {
        let order = readers.indices.sorted { (readers[$0].header.part, $0) < (readers[$1].header.part, $1) }
        var chains: [[Int]] = []
        for index in order {
            let header = readers[index].header
            let chain = chains.firstIndex { chain in
                guard let last = chain.last.map({ readers[$0].header }) else { return false }
                return last.traceID == header.traceID && last.part < header.part
            }
            if let chain { chains[chain].append(index) } else { chains.append([index]) }
        }
        return chains.sorted { ($0.min() ?? 0) < ($1.min() ?? 0) }
    }

    /// The next message; `nil` at the end of all traces. O(log n) and the reading of blocks.
    package func next() throws(TraceReadError) -> OrderedMessage? {
        var message = OrderedMessage.blank
        return try next(exchanging: &message) ? message : nil
    }

    /// The next message, in the place of one that is done with; false at the end of all traces. O(log n) and the reading of
    /// blocks.
    package func next(exchanging message: inout OrderedMessage) throws(TraceReadError) -> Bool {
        if traces.count == 1 { return try traces[0].next(exchanging: &message) }
        while let entry = try nextEntry() {
            guard case .message(let next) = consume entry else { continue }
            message = next
            return true
        }
        return false
    }

    /// The next message or event; `nil` at the end of all traces. O(log n) and the reading of blocks.
    package func nextEntry() throws(TraceReadError) -> OrderedEntry? {
        if traces.count == 1 { return try traces[0].next() }
        var earliest: Int?
        for index in traces.indices {
            if waiting[index] == nil { waiting[index] = try traces[index].next() }
            guard let time = waiting[index]?.time else { continue }
            if let other = earliest, let least = waiting[other]?.time, least <= time { continue }
            earliest = index
        }
        guard let earliest else { return nil }
        return waiting[earliest].take()
    }

    /// Takes memory of a message that is done with; it serves for those that are read next, of the first trace.
    package func reuse(_ bytes: consuming [UInt8]) {
        if !traces.isEmpty { traces[0].reuse(bytes) }
    }

    /// Messages that came after one of the same trace that started later.
    package var late: UInt64 { traces.reduce(0) { $0 + $1.late } }

    /// What damage did to messages, of all traces.
    package var assemblyCounts: [MessageAssembler.Counts] { traces.map(\.counts) }
}
