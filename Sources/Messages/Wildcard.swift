import Bytes

/// Patterns in which `*` stands for any run of bytes.
package enum Wildcard {
    /// O(pattern × subject) at worst, without recursion: only the last `*` is ever reconsidered.
    ///
    /// Where the case is ignored, that of the letters of the subject: the pattern has small ones.
    package static func matches(
        _ pattern: Span<UInt8>,
        _ subject: Span<UInt8>,
        ignoringCase: Bool = false
    ) -> Bool {
        var place = 0
        var index = 0
        var star: (place: Int, index: Int)?
        while index < subject.count {
            let byte = ignoringCase ? subject[index].asciiLowercased : subject[index]
            if place < pattern.count, pattern[place] == 0x2A {
                star = (place, index)
                place &+= 1
            } else if place < pattern.count, pattern[place] == byte {
                place &+= 1
                index &+= 1
            } else if let last = star {
                star = (last.place, last.index &+ 1)
                place = last.place &+ 1
                index = last.index &+ 1
            } else {
                return false
            }
        }
        while place < pattern.count, pattern[place] == 0x2A { place &+= 1 }
        return place == pattern.count
    }
}
