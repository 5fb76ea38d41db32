import Bytes

/// Reads a chunk-size line byte by byte (RFC 9112, section 7.1).
///
/// Extensions are passed over unread. White space after the size, a bare LF and controls in an extension are
/// read and make the line suspicious; everything else out of order is junk.
struct ChunkLine {
    enum Verdict {
        case more
        case whole
        /// No chunk-size line, a size of 2⁶⁴ or more, or a line over the limit.
        case junk
    }

    private enum Phase {
        /// → blank, extensions, lineEnd, whole
        case size
        /// → extensions, lineEnd, whole
        case blank
        /// → lineEnd, whole
        case extensions
        /// After CR → whole
        case lineEnd
    }

    private(set) var size: UInt64 = 0
    /// Bytes of the line so far.
    private(set) var count = 0
    /// Parsers are known to read the line differently.
    private(set) var isSuspicious = false
    private var phase = Phase.size
    private var hasDigit = false

    mutating func feed(_ byte: UInt8, limit: Int) -> Verdict {
        guard count < limit else { return .junk }
        let verdict = step(byte)
        if verdict != .junk { count &+= 1 }
        return verdict
    }

    private mutating func step(_ byte: UInt8) -> Verdict {
        switch (phase, byte) {
        case (.lineEnd, .lineFeed):
            return .whole
        case (.lineEnd, _):
            return .junk
        case (.size, _) where !hasDigit && byte.hexDigitValue == nil:
            return .junk
        case (_, .carriageReturn):
            phase = .lineEnd
            return .more
        case (_, .lineFeed):
            isSuspicious = true
            return .whole
        case (.size, .semicolon), (.blank, .semicolon):
            phase = .extensions
            return .more
        case (.size, .space), (.size, .tab), (.blank, .space), (.blank, .tab):
            isSuspicious = true
            phase = .blank
            return .more
        case (.size, _):
            guard let digit = byte.hexDigitValue, size >> 60 == 0 else { return .junk }
            size = size << 4 | UInt64(digit)
            hasDigit = true
            return .more
        case (.blank, _):
            return .junk
        case (.extensions, _):
            if byte < .space, byte != .tab { isSuspicious = true }
            return .more
        }
    }
}
