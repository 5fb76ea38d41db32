import Bytes

/// Finds where server-sent events end: after an empty line (HTML standard, section 9.2.6).
///
/// Lines end with CR LF, LF or CR. Each byte is looked at once.
struct EventBoundary: Sendable {
    private var lineIsEmpty = true
    private var followsCarriageReturn = false
    /// The CR just seen ended an event, which takes the LF with it that may follow.
    private var endIsDue = false
    /// How many bytes have been looked at.
    private(set) var searched = 0

    /// Looks at bytes of `buffer` not seen yet, and answers where the next whole event in it ends.
    ///
    /// A CR at the very end is not believed before it is clear that no LF follows.
    mutating func nextEnd(in buffer: Span<UInt8>) -> Int? {
        while searched < buffer.count {
            let byte = buffer[searched]
            var end: Int?
            let isSecondHalf = byte == 0x0A && followsCarriageReturn
            if endIsDue { end = isSecondHalf ? searched + 1 : searched }
            endIsDue = false
            followsCarriageReturn = byte == 0x0D
            switch byte {
            case 0x0A where isSecondHalf: break
            case 0x0A:
                if lineIsEmpty { end = searched + 1 }
                lineIsEmpty = true
            case 0x0D:
                endIsDue = lineIsEmpty
                lineIsEmpty = true
            default:
                lineIsEmpty = false
            }
            searched += 1
            if let end { return end }
        }
        return nil
    }

    /// Says that the first `count` bytes of the buffer have been taken away.
    mutating func removeFirst(_ count: Int) {
        searched -= count
    }
}
