import Bytes

/// Finds the next member after damage.
package enum MemberSearch {
    package enum Result: Hashable, Sendable {
        /// A member whose header is right starts at `offset`.
        case found(offset: Int, MemberHeader)
        /// None starts before `offset`; one may start there, and more bytes are needed to tell.
        case none(before: Int)
    }

    /// The first member of the trace `tag` that starts at or after `start` in `window`.
    ///
    /// Only a header that matches its checksum counts, so compressed bytes that look like a beginning lead nowhere.
    /// O(n) for all but crafted input, which costs a checksum of 64 KiB for each false beginning.
    package static func next(in window: Span<UInt8>, from start: Int, tag: UInt64) -> Result {
        var offset = start
        while let candidate = window.firstIndex(of: MemberHeader.fixedBytes[0], from: offset) {
            let rest = window.extracting(candidate..<window.count)
            do throws(MemberFault) {
                guard let header = try MemberHeader.parse(rest) else { return .none(before: candidate) }
                if header.tag == tag { return .found(offset: candidate, header) }
            } catch {
                // Not a beginning; the search goes on behind it.
            }
            offset = candidate + 1
        }
        return .none(before: window.count)
    }
}
