/// Looks at the eight bytes of a 64-bit integer at once, each as a lane of its own.
///
/// An answer has the top bit of a lane set where it holds. Only the lowest lane that is set can be relied on: what is
/// borrowed in a lane that holds can set the ones above it. The first byte in memory is the lowest lane of an integer
/// loaded as little-endian, so the first hit is always right.
@usableFromInline
package enum ByteLanes {
    /// 1 in each lane; times a byte it is that byte in each lane.
    @inlinable package static var ones: UInt64 { 0x0101_0101_0101_0101 }
    /// The top bit of each lane.
    @inlinable package static var tops: UInt64 { 0x8080_8080_8080_8080 }

    /// The lanes that are 0.
    @inlinable
    package static func zeros(in lanes: UInt64) -> UInt64 {
        (lanes &- ones) & ~lanes & tops
    }

    /// The lanes below `bound`, which is 1 to 128.
    @inlinable
    package static func lanes(of lanes: UInt64, below bound: UInt8) -> UInt64 {
        (lanes &- UInt64(bound) &* ones) & ~lanes & tops
    }

    /// The lanes that are an ASCII small letter or a blank; of this answer every lane can be relied on.
    @inlinable
    package static func smallLettersAndBlanks(in lanes: UInt64) -> UInt64 {
        // Seven bits in each lane, so that no sum runs over into the next one.
        let low = lanes & ~tops
        let letters = (low &+ 0x1F &* ones) & ~(low &+ 0x05 &* ones)
        let blanks = ~((low ^ 0x20 &* ones) &+ 0x7F &* ones)
        return (letters | blanks) & ~lanes & tops
    }

    /// The lanes with capital ASCII letters made small.
    @inlinable
    package static func lowercased(_ lanes: UInt64) -> UInt64 {
        let low = lanes & ~tops
        let capitals = (low &+ 0x3F &* ones) & ~(low &+ 0x25 &* ones) & ~lanes & tops
        return lanes | capitals >> 2
    }

    /// Whether all lanes are equal when ASCII letters are compared without their case.
    @inlinable
    package static func areEqualIgnoringCase(_ left: UInt64, _ right: UInt64) -> Bool {
        // Only where `right` has a letter may the bit differ that is its case.
        let low = (right & ~tops) | 0x20 &* ones
        let letters = (low &+ 0x1F &* ones) & ~(low &+ 0x05 &* ones) & ~right & tops
        let cases = letters >> 2
        return left | cases == right | cases
    }
}
