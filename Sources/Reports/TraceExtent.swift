package import Packets
package import Traces

/// What numbers and times a trace has, and on which connection an exchange is: the first look before a history.
package struct TraceExtent: Sendable {
    package private(set) var exchanges: ClosedRange<UInt64>?
    package private(set) var connections: ClosedRange<UInt64>?
    /// Start of the earliest message, and the latest time of one.
    package private(set) var first = PacketTime.distantFuture
    package private(set) var last = PacketTime.distantPast
    /// When the first connection without a message was seen.
    private var firstOther = PacketTime.distantFuture
    private let wanted: UInt64?
    /// The connection of the exchange that was looked for.
    package private(set) var connectionOfExchange: UInt64?

    package init(lookingFor exchange: UInt64? = nil) {
        wanted = exchange
    }

    /// The start of the first message, or else what there is; times are counted from here.
    package var origin: PacketTime {
        if first < .distantFuture { return first }
        return firstOther < .distantFuture ? firstOther : PacketTime(nanoseconds: 0)
    }

    package mutating func receive(_ record: TraceRecord) {
        switch record {
        case .connectionOpen(let open): connections = Self.extend(connections, to: open.connection)
        case .head(let head): take(head)
        case .whole(let head, _, let end):
            take(head)
            last = max(last, end.time)
        case .connectionSummary(let summary): firstOther = min(firstOther, summary.opened)
        case .end(let end): last = max(last, end.time)
        default: break
        }
    }

    private mutating func take(_ head: HeadRecord) {
        first = min(first, head.start)
        last = max(last, head.start)
        exchanges = Self.extend(exchanges, to: head.exchange)
        if head.exchange == wanted { connectionOfExchange = head.connection }
    }

    private static func extend(_ range: ClosedRange<UInt64>?, to number: UInt64) -> ClosedRange<UInt64> {
        guard let range else { return number...number }
        return min(range.lowerBound, number)...max(range.upperBound, number)
    }
}
