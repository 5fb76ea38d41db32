import Bytes
import Messages

/// What a conversation said, direction by direction; runs of body and of skipped bytes are joined, so that logs of the
/// same bytes in different cuts are equal.
struct MessageLog: MessageSink, Equatable {
    enum Entry: Equatable {
        case began(ExchangeOrdinal)
        case head(ExchangeOrdinal, [UInt8], MessageFlags)
        /// Bytes that follow each other, as their number and a sum that depends on their order (FNV-1a).
        case body(ExchangeOrdinal, count: Int, sum: UInt64)
        case gap(ExchangeOrdinal, UInt64)
        case trailers(ExchangeOrdinal, [UInt8])
        case end(ExchangeOrdinal, UInt64, MessageFlags)
        case abandoned(ExchangeOrdinal)
    }

    private struct Open: Hashable {
        var kind: MessageKind
        var ordinal: ExchangeOrdinal
    }

    private var entries: [MessageKind: [Entry]] = [:]
    private var skipped: [MessageKind: [SkippedBytes: UInt64]] = [:]
    private var open: Set<Open> = []
    private var isBroken = false
    /// A server agreed to go on in another protocol.
    private(set) var switchedProtocols = false
    /// Bytes were passed over that no reader understood.
    var skippedUnparsable: Bool { skipped.values.contains { $0[.unparsable] != nil } }

    var isWellFormed: Bool { open.isEmpty && !isBroken }

    mutating func head(_ head: inout Head, of ordinal: ExchangeOrdinal) {
        let kind = head.kind
        if !open.contains(Open(kind: kind, ordinal: ordinal)) { isBroken = true }
        if kind == .response, head.status == 101 { switchedProtocols = true }
        let count = head.bytes.count
        for field in head.fields where field.name.end > count || field.value.end > count { isBroken = true }
        entries[kind, default: []].append(.head(ordinal, head.bytes, head.flags))
    }

    mutating func receive(_ event: MessageEvent, bytes: Span<UInt8>) {
        switch event {
        case .began(let kind, let ordinal):
            if !open.insert(Open(kind: kind, ordinal: ordinal)).inserted { isBroken = true }
            entries[kind, default: []].append(.began(ordinal))
        case .body(let kind, let ordinal): body(bytes, kind, ordinal)
        case .bodyGap(let kind, let ordinal, let count): gap(count, kind, ordinal)
        case .trailers(let kind, let ordinal):
            entries[kind, default: []].append(.trailers(ordinal, Array(bytes)))
        case .end(let kind, let ordinal, let end):
            if open.remove(Open(kind: kind, ordinal: ordinal)) == nil { isBroken = true }
            entries[kind, default: []].append(.end(ordinal, end.bodyLength, end.flags))
        case .abandoned(let kind, let ordinal):
            if open.remove(Open(kind: kind, ordinal: ordinal)) == nil { isBroken = true }
            entries[kind, default: []].append(.abandoned(ordinal))
        case .skipped(let kind, let count, let reason):
            skipped[kind, default: [:]][reason, default: 0] += count
        }
    }

    private mutating func body(_ bytes: Span<UInt8>, _ kind: MessageKind, _ ordinal: ExchangeOrdinal) {
        if !open.contains(Open(kind: kind, ordinal: ordinal)) { isBroken = true }
        var entries = self.entries.removeValue(forKey: kind) ?? []
        var count = 0
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        if case .body(ordinal, let knownCount, let knownSum)? = entries.last {
            (count, sum) = (knownCount, knownSum)
            entries.removeLast()
        }
        for index in bytes.indices { sum = (sum ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
        entries.append(.body(ordinal, count: count + bytes.count, sum: sum))
        self.entries[kind] = entries
    }

    private mutating func gap(_ count: UInt64, _ kind: MessageKind, _ ordinal: ExchangeOrdinal) {
        var entries = self.entries.removeValue(forKey: kind) ?? []
        var total = count
        if case .gap(ordinal, let known)? = entries.last {
            total += known
            entries.removeLast()
        }
        entries.append(.gap(ordinal, total))
        self.entries[kind] = entries
    }

    /// Whether the messages are the same, whatever was skipped.
    func hasSameMessages(as other: MessageLog) -> Bool { entries == other.entries }

    static func == (left: MessageLog, right: MessageLog) -> Bool {
        left.entries == right.entries && left.skipped == right.skipped
    }
}
