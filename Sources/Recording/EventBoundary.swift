import Bytes

/// Finds where server-sent events end: after an empty line (HTML standard, section 9.2.6).
///
/// Lines end with CR LF, LF or CR. Each byte is looked at once.
struct EventBoundary: Sendable {
    private var lineIsEmpty = true
    private var followsCarriageReturn = false
    /// How many bytes have been looked at.
    private(set) var searched = 0

    /// Looks at the bytes of `buffer` not seen yet, and answers where the last whole event in it ends.
    ///
    /// A CR at the very end is not believed before it is clear that no LF follows.
    mutating func lastEnd(in buffer: Span<UInt8>) -> Int? {
        var end: Int?
        while searched < buffer.count {
            switch buffer[searched] {
            case 0x0A where followsCarriageReturn:
                followsCarriageReturn = false
                if end == searched { end = searched + 1 }
            case 0x0A:
                if lineIsEmpty { end = searched + 1 }
                lineIsEmpty = true
            case 0x0D:
                if lineIsEmpty, searched + 1 < buffer.count { end = searched + 1 }
                lineIsEmpty = true
                followsCarriageReturn = true
                searched += 1
                continue
            default:
                lineIsEmpty = false
            }
            followsCarriageReturn = false
            searched += 1
        }
        return end
    }

    /// Says that the first `count` bytes of the buffer have been taken away.
    mutating func removeFirst(_ count: Int) {
        searched -= count
    }
}
