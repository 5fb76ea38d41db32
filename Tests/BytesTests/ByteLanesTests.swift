import Bytes
import Testing

/// The lanes above a hit may be wrong, so what counts is the first hit: it is held against a look at each byte.
struct ByteLanesTests {
    /// Eight bytes each; the neighbours differ by one, which is what a borrow between lanes would mix up.
    static let rows: [[UInt8]] = [
        [0x22, 0x23, 0x22, 0x21, 0x22, 0x23, 0x00, 0x01],
        [0x23, 0x22, 0x23, 0x22, 0x21, 0x20, 0x1F, 0x20],
        [0x20, 0x1F, 0x20, 0x1F, 0x00, 0x01, 0x80, 0x7F],
        [0x80, 0x81, 0x9F, 0xA0, 0xFF, 0x7F, 0x00, 0x22],
        [0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68],
        [0xA2, 0xA3, 0xFF, 0xFE, 0x80, 0x81, 0xDC, 0x5C],
    ]

    @Test(arguments: rows)
    func theFirstHitIsRight(bytes: [UInt8]) {
        for start in bytes.indices {
            // What stands before the hit decides what is borrowed, so that each ending is looked at too.
            let part = Array(bytes[start...] + bytes[..<start])
            let lanes = part.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            #expect(first(ByteLanes.zeros(in: lanes)) == part.firstIndex(of: 0))
            for byte: UInt8 in [0x22, 0x5C, 0x01, 0xFF] {
                let found = ByteLanes.zeros(in: lanes ^ (UInt64(byte) &* ByteLanes.ones))
                #expect(first(found) == part.firstIndex(of: byte))
            }
            for bound: UInt8 in [1, 0x20, 0x80] {
                #expect(first(ByteLanes.lanes(of: lanes, below: bound)) == part.firstIndex { $0 < bound })
            }
        }
    }

    @Test func everyLaneOfSmallLettersAndBlanksIsRight() {
        for byte in UInt8.min...UInt8.max {
            // Neighbours that hold and neighbours that do not, at both ends of what holds.
            for other: UInt8 in [0x61, 0x7A, 0x20, 0x60, 0x7B, 0x00, 0xFF, 0xE1] {
                for place in 0..<8 {
                    var bytes = [UInt8](repeating: other, count: 8)
                    bytes[place] = byte
                    let lanes = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                    let expected = bytes.reversed().reduce(UInt64(0)) {
                        $0 << 8 | ((0x61...0x7A).contains($1) || $1 == 0x20 ? 0x80 : 0)
                    }
                    #expect(ByteLanes.smallLettersAndBlanks(in: lanes) == expected)
                }
            }
        }
    }

    /// Every byte between neighbours of which some are capitals: no lane may say anything of another.
    @Test func everyLaneIsMadeSmallAsAByteIs() {
        for byte in UInt8.min...UInt8.max {
            for other: UInt8 in [0x41, 0x5A, 0x40, 0x5B, 0x61, 0x00, 0xFF, 0xC1] {
                for place in 0..<8 {
                    var bytes = [UInt8](repeating: other, count: 8)
                    bytes[place] = byte
                    let lanes = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                    let expected = bytes.reversed().reduce(UInt64(0)) {
                        $0 << 8 | UInt64($1.asciiLowercased)
                    }
                    #expect(ByteLanes.lowercased(lanes) == expected)
                }
            }
        }
    }

    /// Every pair of bytes, between neighbours that are equal: a lane must say neither more nor less than a byte does.
    @Test func lanesAreComparedWithoutCaseAsBytesAre() {
        for left in UInt8.min...UInt8.max {
            for right in UInt8.min...UInt8.max {
                let isEqual = left.asciiLowercased == right.asciiLowercased
                for place: UInt64 in [0, 3, 7] {
                    let neighbours: UInt64 = 0x7A5B_FF80_417F_2D61 & ~(0xFF << (place * 8))
                    let found = ByteLanes.areEqualIgnoringCase(
                        neighbours | UInt64(left) << (place * 8),
                        neighbours | UInt64(right) << (place * 8)
                    )
                    if found != isEqual { Issue.record("\(left) and \(right) in lane \(place)") }
                }
            }
        }
    }

    private func first(_ found: UInt64) -> Int? { found == 0 ? nil : found.trailingZeroBitCount >> 3 }
}
