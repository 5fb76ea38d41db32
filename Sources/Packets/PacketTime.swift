/// A moment of the recorded traffic, in nanoseconds since 1970-01-01 00:00 UTC.
///
/// The range is ±292 years around 1970; arithmetic saturates, since times come from strangers' files.
@usableFromInline
package struct PacketTime: Hashable, Comparable, Sendable {
    @usableFromInline package var nanoseconds: Int64

    @inlinable
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    @inlinable package static var distantPast: PacketTime { PacketTime(nanoseconds: .min) }
    @inlinable package static var distantFuture: PacketTime { PacketTime(nanoseconds: .max) }

    @inlinable
    package static func < (left: PacketTime, right: PacketTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The moment `nanoseconds` later, or the end of the range.
    @inlinable
    package func advanced(by nanoseconds: Int64) -> PacketTime {
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return PacketTime(nanoseconds: overflow ? (nanoseconds < 0 ? .min : .max) : sum)
    }

    /// How many nanoseconds lie between `other` and this moment; negative when `other` is later.
    @inlinable
    package func nanoseconds(since other: PacketTime) -> Int64 {
        let (difference, overflow) = nanoseconds.subtractingReportingOverflow(other.nanoseconds)
        return overflow ? (nanoseconds < other.nanoseconds ? .min : .max) : difference
    }
}
