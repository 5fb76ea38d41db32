/// Where the bytes of one direction of a connection went; every byte is in exactly one bucket.
///
/// At any time `bytes fed + gap bytes = total + HTTPParser.pendingBytes`; after `finish`, nothing is pending.
package struct ByteCounts: Hashable, Sendable {
    /// Start lines and fields of complete heads, empty lines included.
    package var heads: UInt64 = 0
    /// Body bytes without transfer coding, delivered or past the limit.
    package var bodies: UInt64 = 0
    /// Chunk-size lines, line ends after chunks, trailer sections, empty lines between messages.
    package var framing: UInt64 = 0
    /// Bytes that were never captured, inside bodies and elsewhere.
    package var gaps: UInt64 = 0
    package var upgraded: UInt64 = 0
    package var unparsable: UInt64 = 0
    package var oversize: UInt64 = 0
    package var beforeJoin: UInt64 = 0
    package var aborted: UInt64 = 0

    package init() {}

    /// The bytes of no message, by reason.
    package subscript(_ reason: SkippedBytes) -> UInt64 {
        get {
            switch reason {
            case .upgraded: upgraded
            case .unparsable: unparsable
            case .oversize: oversize
            case .beforeJoin: beforeJoin
            case .aborted: aborted
            }
        }
        set {
            switch reason {
            case .upgraded: upgraded = newValue
            case .unparsable: unparsable = newValue
            case .oversize: oversize = newValue
            case .beforeJoin: beforeJoin = newValue
            case .aborted: aborted = newValue
            }
        }
    }

    /// The sum of all buckets.
    package var total: UInt64 {
        heads &+ bodies &+ framing &+ gaps &+ upgraded &+ unparsable &+ oversize &+ beforeJoin &+ aborted
    }

    package static func + (left: ByteCounts, right: ByteCounts) -> ByteCounts {
        var sum = left
        sum.heads &+= right.heads
        sum.bodies &+= right.bodies
        sum.framing &+= right.framing
        sum.gaps &+= right.gaps
        sum.upgraded &+= right.upgraded
        sum.unparsable &+= right.unparsable
        sum.oversize &+= right.oversize
        sum.beforeJoin &+= right.beforeJoin
        sum.aborted &+= right.aborted
        return sum
    }

    package static func += (left: inout ByteCounts, right: ByteCounts) {
        left = left + right
    }
}
