import Bytes

/// Cuts a head into its start line and fields; the one place that knows the syntax of a head.
///
/// It reads what RFC 9112 lets a recipient read and flags as `smuggling` what parsers are known to disagree about:
/// a bare LF as line end (section 2.2), a bare CR or NUL (section 2.2; RFC 9110, section 5.5), blanks
/// in a status line other than single spaces (section 4), white space before the first field (section 2.2; such lines are no fields), white space
/// before the colon (section 5.1), obsolete line folding (section 5.2; it stays inside the value).
struct HeadSplitter {
    private(set) var start = StartLine.response(status: 0, reason: ByteRange(offset: 0, count: 0))
    private(set) var version = HTTPVersion.http11
    private(set) var flags: MessageFlags = []
    private(set) var framing = FramingFields()
    /// Bytes of the head, its empty line included.
    private(set) var count = 0
    /// The bits of all bytes looked at, and perhaps of some behind the head.
    private var seen: UInt8 = 0
    /// Lines that were those of a head before.
    private var repeated = 0

    /// Reads a head from its first byte to the end of its empty line, in one pass; what follows is not looked at.
    ///
    /// `lines` are those of a head before, and then perhaps of this one. O(n), no allocation but for `fields` and `lines`.
    init(
        _ bytes: Span<UInt8>,
        as kind: MessageKind,
        fieldLimit: Int,
        into fields: inout [HeaderField],
        repeating lines: inout RepeatedLines
    ) throws(HeadError) {
        fields.removeAll(keepingCapacity: true)
        guard let first = line(of: bytes, from: 0) else { throw HeadError(.startLine, at: 0) }
        guard let (start, version, isOdd) = StartLine.parse(bytes.extracting(0..<first.end), as: kind) else {
            throw HeadError(.startLine, at: 0)
        }
        if isOdd { flags.insert(.smuggling) }
        self.start = start
        self.version = version
        count = try split(bytes, from: first.next, fieldLimit: fieldLimit, into: &fields, lines)
        note(fields, of: bytes)
        if seen >= 0x80 {
            if !bytes.extracting(first: count).isUTF8 { flags.insert(.latin1) }
        } else if flags.isEmpty {
            lines.note(bytes.extracting(first: count), fields, repeated: repeated)
        }
    }

    /// Reads a head as if it were the first one.
    init(
        _ bytes: Span<UInt8>,
        as kind: MessageKind,
        fieldLimit: Int,
        into fields: inout [HeaderField]
    ) throws(HeadError) {
        var lines = RepeatedLines()
        try self.init(bytes, as: kind, fieldLimit: fieldLimit, into: &fields, repeating: &lines)
    }

    /// Reads the lines of a trailer section, which has no empty line of its own.
    init(trailers: Span<UInt8>, fieldLimit: Int, into fields: inout [HeaderField]) throws(HeadError) {
        fields.removeAll(keepingCapacity: true)
        var offset = 0
        while offset < trailers.count {
            guard let line = line(of: trailers, from: offset) else {
                throw HeadError(.unterminated, at: trailers.count)
            }
            try add(line, at: offset, of: trailers, fieldLimit: fieldLimit, into: &fields)
            offset = line.next
        }
        count = offset
    }

    /// Reads the lines from `first` on and answers where the empty one ends.
    private mutating func split(
        _ head: Span<UInt8>,
        from first: Int,
        fieldLimit: Int,
        into fields: inout [HeaderField],
        _ lines: borrowing RepeatedLines
    ) throws(HeadError) -> Int {
        var offset = first
        while offset < head.count {
            if let (field, next) = lines.field(fields.count, in: head, at: offset) {
                guard fields.count < fieldLimit else { throw HeadError(.tooManyFields, at: offset) }
                fields.append(field)
                repeated &+= 1
                offset = next
                continue
            }
            let nameEnd = head.endOfToken(from: offset)
            // The usual line, without a second look at its name.
            if nameEnd > offset, nameEnd < head.count, head[nameEnd] == .colon {
                guard let line = line(of: head, from: nameEnd &+ 1) else { break }
                try append(offset..<nameEnd, line.end, of: head, fieldLimit: fieldLimit, into: &fields)
                offset = line.next
                continue
            }
            guard let line = line(of: head, from: offset) else { break }
            if line.end == offset { return line.next }
            try add(line, at: offset, of: head, fieldLimit: fieldLimit, into: &fields)
            offset = line.next
        }
        throw HeadError(.unterminated, at: head.count)
    }

    private mutating func add(
        _ line: (end: Int, next: Int),
        at offset: Int,
        of head: Span<UInt8>,
        fieldLimit: Int,
        into fields: inout [HeaderField]
    ) throws(HeadError) {
        if head[offset].isBlank {
            flags.insert(.smuggling)
            guard let folded = fields.indices.last else { return }
            // An empty value stands at the end of its line, so trimming passes over the line end to what is folded.
            fields[folded].value = ByteRange(head.trimmed(fields[folded].value.offset..<line.end))
            return
        }
        let nameEnd = min(head.endOfToken(from: offset), line.end)
        var colon = nameEnd
        while colon < line.end, head[colon].isBlank { colon &+= 1 }
        guard nameEnd > offset, colon < line.end, head[colon] == .colon else {
            throw HeadError(.field, at: offset)
        }
        if colon > nameEnd { flags.insert(.smuggling) }
        try append(
            offset..<nameEnd,
            after: colon,
            line.end,
            of: head,
            fieldLimit: fieldLimit,
            into: &fields
        )
    }

    /// Appends the field of which the name stands at `name` and the value ends with the line at `end`.
    private func append(
        _ name: Range<Int>,
        after colon: Int? = nil,
        _ end: Int,
        of head: Span<UInt8>,
        fieldLimit: Int,
        into fields: inout [HeaderField]
    ) throws(HeadError) {
        guard fields.count < fieldLimit else { throw HeadError(.tooManyFields, at: name.lowerBound) }
        var lower = (colon ?? name.upperBound) &+ 1
        var upper = end
        while lower < upper, head[lower].isBlank { lower &+= 1 }
        while lower < upper, head[upper &- 1].isBlank { upper &-= 1 }
        fields.append(HeaderField(name: ByteRange(name), value: ByteRange(lower..<upper)))
    }

    /// Where the content of the line at `start` ends and where the next one starts; `nil` when it is not terminated.
    private mutating func line(of head: Span<UInt8>, from start: Int) -> (end: Int, next: Int)? {
        var cursor = start
        while let index = head.firstControl(from: cursor, seen: &seen) {
            switch head[index] {
            case .lineFeed:
                flags.insert(.smuggling)
                return (index, index &+ 1)
            case .carriageReturn where index &+ 1 < head.count && head[index &+ 1] == .lineFeed:
                return (index, index &+ 2)
            case .carriageReturn, 0:
                flags.insert(.smuggling)
            default:
                break
            }
            cursor = index &+ 1
        }
        return nil
    }

    /// Names of other lengths have nothing to say about the framing.
    private mutating func note(_ fields: borrowing [HeaderField], of head: Span<UInt8>) {
        let fields = fields.span
        for index in fields.indices {
            switch fields[index].name.count {
            case 6, 14, 17:
                framing.note(
                    name: head.extracting(fields[index].name.bounds),
                    value: head.extracting(fields[index].value.bounds)
                )
            default: break
            }
        }
    }
}
