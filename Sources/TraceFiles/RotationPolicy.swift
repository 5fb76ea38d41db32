package import Packets

/// Says when the next part of a recording begins: after so many bytes, or at times aligned to the clock.
package struct RotationPolicy: Hashable, Sendable {
    /// Bytes of a part after which the next begins; `nil` where size does not matter.
    package var size: UInt64?
    /// Nanoseconds between two parts, counted from 1970 in UTC, so that `1h` begins a part at each full hour.
    package var interval: Int64?
    private var boundary: PacketTime?
    private var latest = PacketTime.distantPast

    package init(size: UInt64? = nil, interval: Int64? = nil) {
        precondition(size ?? 1 > 0 && interval ?? 1 > 0, "a part has a size and a length")
        self.size = size
        self.interval = interval
    }

    /// Notes that a part begins at `time`.
    package mutating func begin(at time: PacketTime) {
        latest = time
        boundary = interval.map { time.nextMultiple(of: $0) }
    }

    /// Whether the next part is to begin, when the one at hand has `size` bytes at `time`.
    ///
    /// A clock that was set back moves the next boundary back with it.
    package mutating func isDue(size: UInt64, at time: PacketTime) -> Bool {
        if time < latest { begin(at: time) }
        latest = time
        if let limit = self.size, size >= limit { return true }
        if let boundary, time >= boundary { return true }
        return false
    }
}

extension PacketTime {
    /// The first multiple of `interval` since 1970 that is later.
    fileprivate func nextMultiple(of interval: Int64) -> PacketTime {
        let remainder = nanoseconds % interval
        let below = nanoseconds - (remainder < 0 ? remainder + interval : remainder)
        let (next, overflow) = below.addingReportingOverflow(interval)
        return overflow ? .distantFuture : PacketTime(nanoseconds: next)
    }
}
