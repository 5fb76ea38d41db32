import Bytes

/// Heads that came as a list of fields: no start line, pseudo-fields instead (RFC 9113, section 8.3).
extension Head {
    /// Puts the fields that a block held in the place of what was there.
    ///
    /// Method and target, or status, are where the pseudo-fields have them; a request by CONNECT has its authority for a
    /// target. What is not there, or not known, is an empty range; such a status is 0.
    mutating func take(_ list: inout FieldListBuilder, as kind: MessageKind, endsStream: Bool) {
        list.close()
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: list.bytes)
        fields.removeAll(keepingCapacity: true)
        fields.append(contentsOf: list.fields)
        version = .http2
        flags = list.flags
        let nothing = ByteRange(offset: 0, count: 0)
        switch kind {
        case .request:
            let method = list.method ?? nothing
            start = .request(method: method, target: list.path ?? nothing)
            if list.path == nil, requestMethod == .connect {
                start = .request(method: method, target: list.authority ?? nothing)
            }
        case .response:
            start = .response(status: list.status.map { Self.status(bytes.span, $0) } ?? 0, reason: nothing)
        }
        framing = .none
        if list.framing.length == .invalid || list.framing.hasRepeatedLength { flags.insert(.smuggling) }
        if !endsStream {
            framing = if case .value(let count) = list.framing.length { .length(count) } else { .untilClose }
        }
        if !bytes.span.isUTF8 { flags.insert(.latin1) }
    }

    /// Three digits, or 0.
    private static func status(_ bytes: Span<UInt8>, _ range: ByteRange) -> UInt16 {
        guard range.count == 3 else { return 0 }
        var status: UInt16 = 0
        for index in range.bounds {
            guard bytes[index].isASCIIDigit else { return 0 }
            status = status &* 10 &+ UInt16(bytes[index] &- 0x30)
        }
        return status
    }

    /// Reads a list of fields that is at hand as a whole, such as one from a trace.
    ///
    /// Each line is `name: value` CR LF, an empty line ends the list. Whether a body follows is not in it: `framing` is
    /// what Content-Length says, or the end of the stream.
    package init(
        parsingFieldList list: [UInt8],
        kind: MessageKind,
        limits: HTTPLimits = .default
    ) throws(HeadError) {
        var builder = FieldListBuilder(limits: limits)
        var offset = 0
        while true {
            guard let end = list.span.firstIndex(of: .lineFeed, from: offset), end > offset,
                list[end &- 1] == .carriageReturn
            else { throw HeadError(.unterminated, at: offset) }
            if end == offset &+ 1 { break }
            guard builder.fields.count < limits.fieldCount else {
                throw HeadError(.tooManyFields, at: offset)
            }
            let line = list.span.extracting(offset..<end &- 1)
            // The first byte may be the colon of a pseudo-field.
            guard let colon = line.firstIndex(of: .colon, from: 1), colon &+ 1 < line.count,
                line[colon &+ 1] == .space
            else { throw HeadError(.field, at: offset) }
            builder.field(name: line.extracting(0..<colon), value: line.extracting((colon &+ 2)...))
            offset = end &+ 1
        }
        self = .empty(kind)
        take(&builder, as: kind, endsStream: false)
        if builder.fields.contains(where: {
            $0.name.count == 8 && bytes[$0.name].elementsEqual(":unknown".utf8)
        }) {
            flags.insert(.unknownFields)
        }
    }

    /// Whether a field takes the place of a part of a start line.
    package func isPseudo(_ field: HeaderField) -> Bool { bytes[field.name.offset] == .colon }
}

extension HTTPVersion {
    package static let http2 = HTTPVersion(major: 2, minor: 0)
}
