package import Messages

/// In which version of HTTP requests go out.
package enum HTTPVersionChoice: String, Sendable, CaseIterable {
    /// HTTP/2 is offered over TLS for requests that were recorded in it; everything else goes out as HTTP/1.
    case recorded
    /// HTTP/2 is never offered.
    case http1 = "1.1"
    /// HTTP/2 is offered over TLS for every request, and taken for granted in clear text (RFC 9113, section 3.3).
    case http2 = "2"

    /// Whether HTTP/2 is offered for a request that was recorded in `version`, to a target of this scheme.
    ///
    /// What the target makes of the offer is negotiated with the connection. A client that speaks HTTP/1.0 stays one.
    package func offersHTTP2(recordedIn version: HTTPVersion, over scheme: ReplayTarget.Scheme) -> Bool {
        switch self {
        case .recorded: version == .http2 && scheme == .https
        case .http1: false
        case .http2: version != .http10
        }
    }
}
