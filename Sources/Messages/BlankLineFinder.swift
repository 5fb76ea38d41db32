import Bytes

/// Finds the empty line that ends a head or a trailer section, across any cut of the bytes.
///
/// It keeps no bytes and looks at none twice.
struct BlankLineFinder {
    /// Bytes seen so far.
    private(set) var position = 0
    /// Bytes up to and including the first line feed; 0 while none was seen.
    private(set) var firstLineEnd = 0
    /// Whether some line ended without a CR.
    private(set) var hasBareLineFeed = false
    private var lineStart = 0
    private var endsInCarriageReturn = false

    /// Whether the bytes so far end in a whole line, or are none.
    var isAtLineStart: Bool { lineStart == position }

    /// Looks at the next bytes and answers how many of them there are up to the end of the empty line, or `nil`
    /// when it is not among them.
    mutating func feed(_ bytes: Span<UInt8>) -> Int? {
        var cursor = 0
        while let index = bytes.firstIndex(of: .lineFeed, from: cursor) {
            let lineEnd = position &+ index
            let length = lineEnd &- lineStart
            let followsCR = index > 0 ? bytes[index &- 1] == .carriageReturn : endsInCarriageReturn
            if length == 0 || !followsCR { hasBareLineFeed = true }
            if firstLineEnd == 0 { firstLineEnd = lineEnd &+ 1 }
            lineStart = lineEnd &+ 1
            cursor = index &+ 1
            if length == 0 || (length == 1 && followsCR) {
                position = lineStart
                return cursor
            }
        }
        if !bytes.isEmpty { endsInCarriageReturn = bytes[bytes.count &- 1] == .carriageReturn }
        position &+= bytes.count
        return nil
    }
}
