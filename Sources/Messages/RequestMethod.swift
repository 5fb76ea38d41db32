import Bytes

/// What a method says about the response to it; most methods say nothing.
package enum RequestMethod: UInt8, Sendable {
    case other
    /// Its response has no body, whatever the fields say (RFC 9112, section 6.3).
    case head
    /// Its 2xx response turns the connection into a tunnel (RFC 9110, section 9.3.6).
    case connect

    /// Methods are case-sensitive: `head` is some other method.
    package init(_ token: Span<UInt8>) {
        if token.equals("HEAD") {
            self = .head
        } else if token.equals("CONNECT") {
            self = .connect
        } else {
            self = .other
        }
    }
}
