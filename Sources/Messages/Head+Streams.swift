import Bytes

extension Head {
    /// Whether the body is server-sent events: an answer of success with `text/event-stream`.
    package var isEventStream: Bool {
        guard let status, (200...299).contains(status), let type = value(of: "content-type" as StaticString),
            case .eventStream = MediaType(type)
        else { return false }
        return true
    }

    /// Whether the connection goes over to WebSocket with this answer (RFC 6455, section 4.2.2).
    package var opensWebSocket: Bool {
        guard status == 101, let token = value(of: "upgrade" as StaticString) else { return false }
        return token.equalsIgnoringCase("websocket")
    }

    /// Whether a request asks to go over to WebSocket with HTTP/1.1 (RFC 6455, section 4.1).
    package var asksForWebSocket: Bool {
        guard version != .http2, let token = value(of: "upgrade" as StaticString) else { return false }
        return token.equalsIgnoringCase("websocket")
    }

    /// Whether the body stands there as it is meant, without a content coding.
    package var hasNoContentCoding: Bool {
        guard let coding = value(of: "content-encoding" as StaticString) else { return true }
        return coding.isEmpty || coding.equalsIgnoringCase("identity")
    }
}
