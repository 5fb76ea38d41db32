import Bytes

extension Anonymizer {
    /// How deep messages in messages of Protocol Buffers are looked into; what lies deeper is filler.
    static let maximumMessageDepth = 32

    /// Replaces values in a message of Protocol Buffers of which no schema is known, and answers whether it has changed;
    /// bytes that are no such message are replaced whole.
    ///
    /// Names of fields are not in it, so that nobody can tell a name from a word: every text becomes another one of its
    /// form, as what detectors find in it and word by word elsewhere. What is neither a text nor a message is filler of
    /// the same length. Numbers stay, and so does the order of fields; lengths follow what stands in them.
    mutating func anonymizeProtobuf(
        _ bytes: inout [UInt8],
        otherwise reason: WholeReplacement = .malformed
    ) -> Bool {
        var output: [UInt8] = []
        guard let isChanged = rewriteMessage(bytes.span, depth: 0, to: &output) else {
            replaceWhole(&bytes, reason)
            return true
        }
        guard isChanged, !isInspecting else { return false }
        bytes = output
        return true
    }

    /// Appends a message with values replaced; `nil`, with anything appended, if the bytes are none.
    private mutating func rewriteMessage(_ source: Span<UInt8>, depth: Int, to output: inout [UInt8]) -> Bool?
    {
        guard depth < Self.maximumMessageDepth, source.isMessage else { return nil }
        var edit = ByteEdit()
        var offset = 0
        while let field = ProtobufField(in: source, at: offset) {
            offset = field.end
            guard let length = field.lengthStart, !field.value.isEmpty else { continue }
            let value = source.extracting(field.value)
            var made: [UInt8] = []
            guard rewriteBytes(value, depth: depth, to: &made), !isInspecting else { continue }
            var replacement: [UInt8] = []
            Varint.append(UInt64(made.count), to: &replacement)
            replacement.append(contentsOf: made)
            edit.replace(length..<field.end, of: source, with: replacement.span)
        }
        guard edit.isChanged else { return false }
        edit.finish(source)
        output.append(contentsOf: edit.output)
        return true
    }

    /// Appends what takes the place of a field of bytes, which may be a text, a message or neither.
    private mutating func rewriteBytes(_ value: Span<UInt8>, depth: Int, to output: inout [UInt8]) -> Bool {
        let isText = value.isPrintable
        // A short message can be printable by chance, and hardly ever is with a text in it that begins with its first byte.
        if !isText || value.isMessageWithText {
            if let isChanged = rewriteMessage(value, depth: depth &+ 1, to: &output) { return isChanged }
        }
        guard isText else {
            if isInspecting {
                if !value.isFiller { note(.opaque(.unknownType)) }
                return false
            }
            output.append(contentsOf: repeatElement(Self.filler, count: value.count))
            audit.count(.unknownType)
            return true
        }
        return rewriteUnnamed(value, to: &output)
    }

    /// Appends what takes the place of a text of which nothing says what it is.
    private mutating func rewriteUnnamed(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        if let treatment = rules.otherStrings { return treat(value, treatment, to: &output) }
        if value.isUUID { return false }
        if isInspecting { return rewrite(value, nil, to: &output) }
        if openTexts < Self.maximumNesting {
            openTexts &+= 1
            defer { openTexts &-= 1 }
            if let isChanged = rewriteStructure(value, to: &output) { return isChanged }
        }
        let name = Treatment(.pseudonymize, as: .name)
        var copied = 0
        while let found = text.next(in: value, from: copied) {
            _ = treat(value.extracting(copied..<found.range.lowerBound), name, to: &output)
            replaceFinding(found.kind, value.extracting(found.range), to: &output)
            copied = found.range.upperBound
        }
        _ = treat(value.extracting(copied..<value.count), name, to: &output)
        return true
    }
}

/// One field on the wire (Protocol Buffers, "Encoding").
private struct ProtobufField {
    /// Where the length begins, of a field of bytes.
    var lengthStart: Int?
    var value: Range<Int>
    var end: Int
    /// The number of a group that begins or ends here.
    var group: (number: UInt64, begins: Bool)?

    init?(in source: Span<UInt8>, at offset: Int) {
        guard offset < source.count, let (tag, start) = Varint.read(source, at: offset) else { return nil }
        let number = tag >> 3
        guard (1..<1 << 29).contains(number) else { return nil }
        value = start..<start
        switch tag & 7 {
        case 0:
            guard let (_, next) = Varint.read(source, at: start) else { return nil }
            end = next
        case 1: end = start &+ 8
        case 5: end = start &+ 4
        case 2:
            guard let (length, first) = Varint.read(source, at: start),
                length <= UInt64(source.count &- first)
            else { return nil }
            lengthStart = start
            end = first &+ Int(length)
            value = first..<end
        case 3, 4:
            end = start
            group = (number, tag & 7 == 3)
        default: return nil
        }
        guard end <= source.count else { return nil }
    }
}

private enum Varint {
    /// A number of 64 bits and where it ends; `nil` where it does not end or is longer.
    static func read(_ source: Span<UInt8>, at offset: Int) -> (value: UInt64, end: Int)? {
        var value: UInt64 = 0
        var index = offset
        while index < source.count, index &- offset < 10 {
            value |= UInt64(source[index] & 0x7F) << UInt64(7 &* (index &- offset))
            index &+= 1
            if source[index &- 1] < 0x80 { return (value, index) }
        }
        return nil
    }

    static func append(_ value: UInt64, to output: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(truncatingIfNeeded: rest))
    }
}

extension Span where Element == UInt8 {
    /// How many groups may be open in a message; they have been out of use for long.
    private static var maximumGroups: Int { 16 }

    /// Whether the bytes are fields to the last one, with every group closed.
    fileprivate var isMessage: Bool {
        var groups: [UInt64] = []
        var offset = 0
        while offset < count {
            guard let field = ProtobufField(in: self, at: offset) else { return false }
            if let group = field.group {
                if group.begins {
                    guard groups.count < Self.maximumGroups else { return false }
                    groups.append(group.number)
                } else if groups.popLast() != group.number {
                    return false
                }
            }
            offset = field.end
        }
        return groups.isEmpty
    }

    /// Whether the bytes are a message with a text of some length in it.
    fileprivate var isMessageWithText: Bool {
        guard isMessage else { return false }
        var offset = 0
        while let field = ProtobufField(in: self, at: offset) {
            if field.value.count >= 4, extracting(field.value).isPrintable { return true }
            offset = field.end
        }
        return false
    }

    /// Whether the text is a UUID (RFC 9562, section 4).
    var isUUID: Bool {
        guard count == 36 else { return false }
        for index in indices {
            let isDash = index == 8 || index == 13 || index == 18 || index == 23
            guard isDash ? self[index] == 0x2D : self[index].hexDigitValue != nil else { return false }
        }
        return true
    }
}
