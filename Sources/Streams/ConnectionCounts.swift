package import Packets

/// What became of the packets and payload bytes of one connection.
///
/// Every captured byte has been handed on, is in one of the buckets here, or is still ``held``: so
/// `received = handed on + setAside + held`.
package struct ConnectionCounts: Hashable, Sendable {
    /// Packets, those that brought nothing included.
    package var packets: UInt64 = 0
    /// Captured payload bytes of both sides.
    package var received: UInt64 = 0

    package var duplicate: UInt64 = 0
    package var conflicting: UInt64 = 0
    package var outsideWindow: UInt64 = 0
    package var beforeJoin: UInt64 = 0
    package var late: UInt64 = 0
    package var afterClose: UInt64 = 0
    package var resetPayload: UInt64 = 0
    /// Out-of-order bytes that wait; 0 once the connection is over.
    package var held: UInt64 = 0

    /// Bytes of both streams that were never captured.
    package var missing: UInt64 = 0
    /// Holes that were given up because a limit for out-of-order bytes was hit.
    package var gapsByLimit: UInt64 = 0
    /// Directions that went on elsewhere, with a gap in between.
    package var resynchronised: UInt64 = 0
    /// Closed because the table of connections was full.
    package var isEvicted = false

    package init() {}

    /// The bytes that were not handed on and do not wait.
    package var setAside: UInt64 {
        duplicate &+ conflicting &+ outsideWindow &+ beforeJoin &+ late &+ afterClose &+ resetPayload
    }

    /// Adds what the counts of all connections grew by since `before`, which is the doing of this one.
    mutating func add(_ counts: SharedCounts, since before: SharedCounts) {
        duplicate &+= counts.duplicate &- before.duplicate
        conflicting &+= counts.conflicting &- before.conflicting
        outsideWindow &+= counts.outsideWindow &- before.outsideWindow
        beforeJoin &+= counts.beforeJoin &- before.beforeJoin
        late &+= counts.late &- before.late
        afterClose &+= counts.afterClose &- before.afterClose
        missing &+= counts.missing &- before.missing
        gapsByLimit &+= counts.gapsByLimit &- before.gapsByLimit
        resynchronised &+= counts.resynchronised &- before.resynchronised
    }
}

/// Those of the counts of all connections that are kept of each one too.
struct SharedCounts: Equatable {
    let duplicate: UInt64
    let conflicting: UInt64
    let outsideWindow: UInt64
    let beforeJoin: UInt64
    let late: UInt64
    let afterClose: UInt64
    let missing: UInt64
    let gapsByLimit: UInt64
    let resynchronised: UInt64

    init(_ counts: borrowing StreamCounts) {
        duplicate = counts.duplicate
        conflicting = counts.conflicting
        outsideWindow = counts.outsideWindow
        beforeJoin = counts.beforeJoin
        late = counts.late
        afterClose = counts.afterClose
        missing = counts.missing
        gapsByLimit = counts.gapsByLimit
        resynchronised = counts.resynchronised
    }
}

/// A segment of a connection that was over already: it belongs to that connection's server and to nothing else.
package struct LateSegment: Hashable, Sendable {
    package var client: Endpoint
    package var server: Endpoint
    package var packets: UInt64
    /// Captured payload bytes.
    package var bytes: Int
    package var isReset: Bool
}
