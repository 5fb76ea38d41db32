/// A proxy that connections to a target go through, in a tunnel: `SCHEME://HOST[:PORT]`.
package struct ProxyAddress: Hashable, Sendable {
    package enum Scheme: String, Sendable, CaseIterable {
        /// A tunnel is asked for with CONNECT (RFC 9110, section 9.3.6), and the proxy looks the target's name up.
        case http
        /// SOCKS 5 (RFC 1928) to an address that is looked up here.
        case socks5
        /// SOCKS 5 to a name that the proxy looks up.
        case socks5h
    }

    package let scheme: Scheme
    /// In lower case, without the brackets of an IPv6 address.
    package let host: String
    /// 1080 where nothing is said.
    package let port: UInt16

    /// What is wrong is told without the text: a user and a password may stand in it.
    package init(_ text: String) throws(UnusableConnection) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasPrefix("//") else {
            throw UnusableConnection(
                "--proxy: give a URL like http://proxy.example:3128 or socks5h://127.0.0.1:1080"
            )
        }
        guard !text.contains("@") else {
            throw UnusableConnection(
                "--proxy: a user and a password do not stand in the URL, where a list of processes shows them;"
                    + " --proxy-credentials env:VARIABLE or file:PATH names where they are"
            )
        }
        guard let scheme = Scheme(rawValue: parts[0].lowercased()) else {
            throw UnusableConnection(
                "--proxy: the URL of a proxy begins with http://, socks5:// or socks5h://"
            )
        }
        self.scheme = scheme
        let place: ReplayTarget
        do {
            place = try ReplayTarget("http:" + parts[1])
        } catch {
            throw UnusableConnection("--proxy: \(error.reason)")
        }
        guard place.pathPrefix.isEmpty else {
            throw UnusableConnection("--proxy: a proxy has a host and a port, and no path")
        }
        host = place.host
        // What the scheme of the place would have without one is not what a proxy has.
        let rest = parts[1].dropFirst(2).prefix { $0 != "/" }
        let isNamed = rest.hasSuffix("]") ? false : rest.split(separator: "]").last?.contains(":") == true
        port = isNamed ? place.port : 1_080
    }

    /// Whether the target's name is looked up by the proxy, and not here.
    package var looksNamesUp: Bool { scheme != .socks5 }

    /// The URL with another name of the proxy's.
    package func url(named name: String) -> String { "\(scheme.rawValue)://\(name):\(port)" }

    package var url: String { url(named: host.contains(":") ? "[\(host)]" : host) }
}
