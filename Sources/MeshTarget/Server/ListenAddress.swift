/// Where a server listens: `127.0.0.1:8080`, `localhost:0`, `[::1]:8080`.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name or an address, without the brackets of an IPv6 address.
    package var host: String
    /// 0 takes a free port.
    package var port: Int

    /// A host and a port from 0 to 65,535.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port`; `nil` where the port is missing or an IPv6 address has no brackets.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[colon...].dropFirst())
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: Int(port))
    }

    /// As it was spelled, with brackets around an IPv6 address.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Whether other machines cannot reach it; a name is never taken for one of this machine.
    package var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }
}
