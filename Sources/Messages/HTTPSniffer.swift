import Bytes

/// Tells from the first bytes of a connection or a line whether HTTP/1 begins there.
package enum HTTPSniffer {
    package enum Classification: Sendable {
        /// A whole request line, up to its line end.
        case request
        /// `HTTP/1.x`, blanks, three digits and what may follow them.
        case response
        case neither
        /// More bytes can make it either; no buffer longer than a start line is worth keeping for it.
        case needsMore
    }

    /// Classifies what a direction of a connection starts with; empty lines before it are passed over. O(prefix).
    package static func classify(_ prefix: Span<UInt8>) -> Classification {
        var first = 0
        while first < prefix.count, prefix[first] == .carriageReturn || prefix[first] == .lineFeed {
            first &+= 1
        }
        let line = prefix.extracting(first...)
        var request = StartLineSniffer(.request)
        var response = StartLineSniffer(.response)
        switch (request.feed(line), response.feed(line)) {
        case (.whole, _): return .request
        case (_, .whole): return .response
        case (.impossible, .impossible): return .neither
        default: return .needsMore
        }
    }
}

/// Follows a start line byte by byte without keeping it, so that no byte is looked at twice.
///
/// It says `impossible` only where ``StartLine/parse(_:as:)`` would refuse the line whatever follows.
struct StartLineSniffer {
    enum Verdict {
        case possible
        /// Everything up to the line end, or to the reason of a response, is there and right.
        case whole
        case impossible
    }

    private enum Phase {
        /// → target
        case method
        /// → version
        case target
        /// The next character of `HTTP/1.`; → minor
        case version(Int)
        /// → versionEnd (request), statusSpace (response)
        case minor
        /// → carriageReturn, whole
        case versionEnd
        /// → moreStatusSpace
        case statusSpace
        /// → status
        case moreStatusSpace
        /// How many digits have been seen; → statusEnd
        case status(Int)
        /// → carriageReturn, whole
        case statusEnd
        /// → whole
        case carriageReturn
        case whole
        case impossible
    }

    private let kind: MessageKind
    private var phase: Phase
    /// Of the method or target so far, in bytes.
    private var length = 0

    init(_ kind: MessageKind) {
        self.kind = kind
        phase = kind == .request ? .method : .version(0)
    }

    /// Whether a start line can begin with this byte.
    static func canStart(_ kind: MessageKind, with byte: UInt8) -> Bool {
        kind == .request ? byte.isTokenCharacter : byte == 0x48
    }

    /// Looks at the bytes after those seen so far.
    mutating func feed(_ bytes: Span<UInt8>) -> Verdict {
        for index in bytes.indices {
            switch phase {
            case .whole: return .whole
            case .impossible: return .impossible
            default: phase = next(bytes[index])
            }
        }
        switch phase {
        case .whole: return .whole
        case .impossible: return .impossible
        default: return .possible
        }
    }

    private mutating func next(_ byte: UInt8) -> Phase {
        switch phase {
        case .method:
            if byte.isTokenCharacter {
                length &+= 1
                return length <= StartLine.methodBytes ? .method : .impossible
            }
            defer { length = 0 }
            return byte == .space && length > 0 ? .target : .impossible
        case .target:
            if byte > .space, byte != .delete {
                length = 1
                return .target
            }
            return byte == .space && length > 0 ? .version(0) : .impossible
        case .version(let index):
            guard byte == Self.versionCharacter(index) else { return .impossible }
            return index == 6 ? .minor : .version(index &+ 1)
        case .minor:
            guard byte.isASCIIDigit else { return .impossible }
            return kind == .request ? .versionEnd : .statusSpace
        case .versionEnd:
            return Self.endOfLine(byte)
        case .statusSpace:
            return byte.isBlank ? .moreStatusSpace : .impossible
        case .moreStatusSpace where byte.isBlank:
            return .moreStatusSpace
        case .moreStatusSpace:
            return byte.isASCIIDigit ? .status(1) : .impossible
        case .status(let count):
            guard byte.isASCIIDigit else { return .impossible }
            return count == 2 ? .statusEnd : .status(count &+ 1)
        case .statusEnd:
            return byte.isBlank ? .whole : Self.endOfLine(byte)
        case .carriageReturn:
            return byte == .lineFeed ? .whole : .impossible
        case .whole, .impossible:
            return phase
        }
    }

    private static func endOfLine(_ byte: UInt8) -> Phase {
        switch byte {
        case .carriageReturn: .carriageReturn
        case .lineFeed: .whole
        default: .impossible
        }
    }

    private static func versionCharacter(_ index: Int) -> UInt8 {
        switch index {
        case 0: 0x48
        case 1, 2: 0x54
        case 3: 0x50
        case 4: 0x2F
        case 5: 0x31
        default: 0x2E
        }
    }
}
