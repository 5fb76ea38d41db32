import Bytes

extension JSONScanner {
    /// What of a known member the text went on with.
    package enum PassedMember: Sendable {
        case nothing
        /// Everything up to its colon.
        case name
        case nameAndValue
    }

    /// Passes over a member where the text goes on with the bytes of one that is known from another text; up to its colon,
    /// or with its value where that is the same too.
    ///
    /// `known` are the bytes of a member from where the other text was ``isAtMember`` on, and ``isAtFirstMember`` as this one
    /// is: `nameLength` of them lead up to and over the colon, and the others, if there are any, are blanks and the whole of
    /// a string, a number, a truth value or `null`. All this a scanner took there, so that the same bytes are the same
    /// here. O(n), eight at a time.
    @_lifetime(self: copy self)
    package mutating func passMember(_ known: Span<UInt8>, nameLength: Int) -> PassedMember {
        guard isAtMember, nameLength > 0 else { return .nothing }
        let common = bytes.commonPrefix(with: known, from: offset)
        guard common >= nameLength else { return .nothing }
        hasEscapes = false
        isAtFirstMember = false
        guard common == known.count, common > nameLength, !goesOnInNumber(behind: known) else {
            offset &+= nameLength
            expectation = .value
            isAtMember = false
            return .name
        }
        offset &+= common
        expectation = .commaOrEnd
        return .nameAndValue
    }

    /// Whether a number at the end of what is known has more digits here.
    @inline(__always)
    private func goesOnInNumber(behind known: Span<UInt8>) -> Bool {
        let end = offset &+ known.count
        guard end < bytes.count, known[known.count &- 1].isASCIIDigit else { return false }
        switch bytes[end] {
        case 0x30...0x39, 0x2E, 0x65, 0x45: return true
        default: return false
        }
    }
}
