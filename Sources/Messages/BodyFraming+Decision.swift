/// How the body of a message ends, and what is suspicious about the way it says so.
package struct FramingDecision: Hashable, Sendable {
    package var framing: BodyFraming
    /// `chunked` and `smuggling`, as they apply.
    package var flags: MessageFlags
    /// Nobody can say where the body ends: a recipient must not go on with the connection, so what follows the head
    /// is not a message (RFC 9112, section 6.3, items 4 and 5). `framing` is then `none`.
    package var isLost: Bool
}

extension BodyFraming {
    /// Weighs the fields of a head in the order of RFC 9112, section 6.3.
    ///
    /// - `method` is that of the request which a response answers; it is not used for requests.
    /// - Transfer-Encoding overrides Content-Length; having both is flagged.
    /// - A request whose codings do not end in `chunked`, and any message with an invalid Content-Length or with
    ///   several that differ, has no framing; a response whose codings do not end in `chunked` lasts until close.
    /// - Transfer-Encoding in HTTP/1.0 is read, and flagged (section 6.1).
    package static func decide(
        for start: StartLine,
        version: HTTPVersion,
        fields: FramingFields,
        answering method: RequestMethod = .other
    ) -> FramingDecision {
        var decision = FramingDecision(framing: .none, flags: [], isLost: false)
        if fields.isSuspicious || (fields.hasTransferEncoding && version == .http10) {
            decision.flags.insert(.smuggling)
        }
        let isRequest: Bool
        switch start {
        case .request:
            isRequest = true
        case .response(let status, _):
            isRequest = false
            if bodyIsForbidden(status: status, answering: method) { return decision }
        }
        if fields.hasTransferEncoding {
            if fields.endsInChunked {
                decision.framing = .chunked
                decision.flags.insert(.chunked)
            } else if isRequest {
                decision.isLost = true
            } else {
                decision.framing = .untilClose
            }
            return decision
        }
        switch fields.length {
        case .value(let count): decision.framing = .length(count)
        case .absent: decision.framing = isRequest ? .none : .untilClose
        case .invalid: decision.isLost = true
        }
        return decision
    }

    private static func bodyIsForbidden(status: UInt16, answering method: RequestMethod) -> Bool {
        switch method {
        case .head: true
        case .connect where (200...299).contains(status): true
        case .connect, .other: (100...199).contains(status) || status == 204 || status == 304
        }
    }
}

extension FramingFields {
    /// Whether different parsers may read the length of the body differently.
    var isSuspicious: Bool {
        if hasTransferEncoding {
            return length != .absent || !endsInChunked || chunkedCount > 1
        }
        return length == .invalid || hasRepeatedLength
    }
}
