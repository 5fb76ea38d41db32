import Bytes

extension Head {
    /// Reads a head that is at hand as a whole, such as one from a trace.
    ///
    /// `method` is that of the request which a response answers. A head whose body has no end that could be told
    /// gets the framing `none`.
    package init(
        parsing bytes: [UInt8],
        kind: MessageKind,
        requestMethod method: RequestMethod = .other,
        limits: HTTPLimits = .default
    ) throws(HeadError) {
        var fields: [HeaderField] = []
        let parts = try HeadSplitter(bytes.span, as: kind, fieldLimit: limits.fieldCount, into: &fields)
        let decision = BodyFraming.decide(
            for: parts.start,
            version: parts.version,
            fields: parts.framing,
            answering: method
        )
        self.init(
            bytes: bytes,
            start: parts.start,
            version: parts.version,
            fields: fields,
            framing: decision.framing,
            flags: parts.flags.union(decision.flags)
        )
    }

    /// Reads a head that is at hand as a whole in the place of this one, whose storage serves again.
    ///
    /// The same as ``init(parsing:kind:requestMethod:limits:)``; where it throws, what is here is of no use. `lines` are
    /// those of heads read before.
    package mutating func read(
        _ bytes: [UInt8],
        kind: MessageKind,
        requestMethod method: RequestMethod = .other,
        limits: HTTPLimits = .default,
        repeating lines: inout RepeatedLines
    ) throws(HeadError) {
        // A span of one part of `self` keeps all of it from being changed.
        var fields: [HeaderField] = []
        swap(&fields, &self.fields)
        defer { swap(&fields, &self.fields) }
        let parts = try HeadSplitter(
            bytes.span,
            as: kind,
            fieldLimit: limits.fieldCount,
            into: &fields,
            repeating: &lines
        )
        let decision = BodyFraming.decide(
            for: parts.start,
            version: parts.version,
            fields: parts.framing,
            answering: method
        )
        self.bytes = bytes
        start = parts.start
        version = parts.version
        framing = decision.framing
        flags = parts.flags.union(decision.flags)
        compressedCount = nil
    }

    /// A head without content, to be filled by a parser.
    package static func empty(_ kind: MessageKind) -> Head {
        let nothing = ByteRange(offset: 0, count: 0)
        return Head(
            bytes: [],
            start: kind == .request
                ? .request(method: nothing, target: nothing) : .response(status: 0, reason: nothing),
            version: .http11,
            fields: [],
            framing: .none,
            flags: []
        )
    }
}

extension HeaderField {
    /// The fields of a trailer section as ``MessageEvent/trailers(_:_:)`` delivers it.
    ///
    /// Throws where a line is no field; the lines before it are lost with it.
    package static func fields(
        ofTrailers trailers: Span<UInt8>,
        limits: HTTPLimits = .default
    ) throws(HeadError) -> [HeaderField] {
        var fields: [HeaderField] = []
        _ = try HeadSplitter(trailers: trailers, fieldLimit: limits.fieldCount, into: &fields)
        return fields
    }
}
