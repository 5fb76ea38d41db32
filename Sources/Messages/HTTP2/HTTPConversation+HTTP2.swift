import Bytes

/// The ways in which a connection comes to HTTP/2 in clear text: by prior knowledge, by upgrade, in a tunnel.
extension HTTPConversation {
    /// A connection that is HTTP/2 from the first byte that is read of it (RFC 9113, section 3.3).
    package init(http2 limits: HTTPLimits, joined: Bool) {
        self.init(limits: limits, joined: joined)
        http2 = HTTP2Connection(HTTP2Conversation(limits: limits, joined: joined))
    }

    /// After 101 to `Upgrade: h2c`: the request just answered is stream 1 (RFC 7540, section 3.2).
    mutating func continueAsHTTP2() {
        let entry = takeEntry()
        http2 = HTTP2Connection(
            HTTP2Conversation(
                limits: requests.limits,
                upgradedBy: answer.ordinal,
                method: entry?.method ?? .other,
                requestWasSeen: entry?.isAbandoned == false,
                first: nextOrdinal
            )
        )
    }

    /// Looks at the first bytes in a tunnel: HTTP/2 shows itself at once, and is read; nothing else is.
    mutating func receiveInTunnel(
        _ bytes: Span<UInt8>,
        from kind: MessageKind,
        into sink: inout some MessageSink & ~Copyable
    ) {
        guard var start = tunnelStart else { return }
        let verdict: HTTP2Sniffer.Classification
        switch kind {
        case .request:
            start.append(contentsOf: bytes)
            verdict = HTTP2Sniffer.classify(start.span, isJoined: false)
        case .response: verdict = HTTP2Sniffer.classify(bytes, isJoined: false)
        }
        switch (kind, verdict) {
        case (.request, .client), (.response, .server):
            tunnelStart = nil
            let http2 = HTTP2Connection(
                HTTP2Conversation(limits: requests.limits, joined: false, first: nextOrdinal)
            )
            self.http2 = http2
            http2.conversation.receive(start.span, from: .request, into: &sink)
            if kind == .response { http2.conversation.receive(bytes, from: .response, into: &sink) }
        case (.request, .needsMore): tunnelStart = start
        default:
            tunnelStart = nil
            if kind == .request {
                readRequests(start.span, into: &sink)
            } else {
                readRequests(start.span, into: &sink)
                readResponses(bytes, into: &sink)
            }
        }
    }

    /// What was held of a tunnel is no HTTP/2.
    mutating func leaveTunnelAlone(into sink: inout some MessageSink & ~Copyable) {
        guard let start = tunnelStart else { return }
        tunnelStart = nil
        if !start.isEmpty { readRequests(start.span, into: &sink) }
    }
}
