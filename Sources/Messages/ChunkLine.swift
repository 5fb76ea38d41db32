import Bytes

/// Reads a chunk-size line byte by byte (RFC 9112, section 7.1).
///
/// Extensions are passed over. White space after the size, a bare LF, an extension without a name, an open quote and
/// controls are read and make the line suspicious; everything else out of order is junk.
struct ChunkLine {
    enum Verdict {
        case more
        case whole
        /// No chunk-size line, a size of 2⁶⁴ or more, or a line over the limit.
        case junk
    }

    fileprivate enum Phase {
        /// → blank, extensionStart, lineEnd, whole
        case size
        /// → extensionStart, lineEnd, whole
        case blank
        /// Before the first character of an extension → inExtension, lineEnd, whole
        case extensionStart
        /// → extensionStart, quoted, lineEnd, whole
        case inExtension
        /// → escaped, inExtension, lineEnd, whole
        case quoted
        /// After a backslash → quoted, lineEnd, whole
        case escaped
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
            if phase.isOpen { isSuspicious = true }
            phase = .lineEnd
            return .more
        case (_, .lineFeed):
            isSuspicious = true
            return .whole
        case (.size, .semicolon), (.blank, .semicolon):
            phase = .extensionStart
            return .more
        case (.size, _) where byte.isWhiteSpace, (.blank, _) where byte.isWhiteSpace:
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
        case (.extensionStart, _), (.inExtension, _), (.quoted, _), (.escaped, _):
            passExtension(byte)
            return .more
        }
    }

    private mutating func passExtension(_ byte: UInt8) {
        if byte < .space, byte != .tab { isSuspicious = true }
        switch (phase, byte) {
        case (.extensionStart, .space), (.extensionStart, .tab):
            break
        case (.extensionStart, _):
            if !byte.isTokenCharacter { isSuspicious = true }
            phase = .inExtension
        case (.inExtension, .semicolon): phase = .extensionStart
        case (.inExtension, .quote): phase = .quoted
        case (.quoted, .quote): phase = .inExtension
        case (.quoted, .backslash): phase = .escaped
        case (.escaped, _): phase = .quoted
        default: break
        }
    }
}

extension ChunkLine.Phase {
    /// Whether something begun is not over.
    fileprivate var isOpen: Bool {
        switch self {
        case .extensionStart, .quoted, .escaped: true
        case .size, .blank, .inExtension, .lineEnd: false
        }
    }
}
