package import Packets

/// The part of a trace that is replayed: from a moment, inclusive, to a moment, exclusive.
package struct TraceWindow: Hashable, Sendable {
    package var from: TraceMoment?
    package var to: TraceMoment?

    package init(from: TraceMoment? = nil, to: TraceMoment? = nil) {
        self.from = from
        self.to = to
    }

    package static let whole = TraceWindow()

    /// Where a message that began at `time` stands, in a trace whose first message began at `origin`.
    package func placement(of time: PacketTime, origin: PacketTime) -> Placement {
        if let to, time >= to.time(origin: origin) { return .after }
        if let from, time < from.time(origin: origin) { return .before }
        return .inside
    }

    package enum Placement: Sendable {
        case before, inside, after
    }
}
