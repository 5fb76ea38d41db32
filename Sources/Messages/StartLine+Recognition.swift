import Bytes

extension StartLine {
    /// Whether a line that stands where perhaps no message starts is a start line beyond doubt.
    ///
    /// Behind a hole the first bytes may be the end of a body or of a method, `xGET /` or `ST /`: there only methods
    /// that are registered (RFC 9110, section 16.1.1), or well known, count.
    static func isRecognised(_ line: Span<UInt8>, as kind: MessageKind) -> Bool {
        switch parse(line, as: kind)?.start {
        case .none: return false
        case .response: return true
        case .request(let method, _):
            let token = line.extracting(method.bounds)
            for known in knownMethods where token.equals(known) { return true }
            return false
        }
    }

    private static let knownMethods: [StaticString] = [
        "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE", "QUERY",
        "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK", "MERGE",
        "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH", "PROPFIND",
        "PROPPATCH", "REBIND", "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLINK", "UNLOCK", "UPDATE",
        "UPDATEREDIRECTREF", "VERSION-CONTROL",
        // Caches and UPnP.
        "PURGE", "BAN", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "M-SEARCH",
    ]
}
