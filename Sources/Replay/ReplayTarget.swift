/// Where a replay sends its requests: scheme, host, port and an optional path that is put before every target.
package struct ReplayTarget: Hashable, Sendable {
    package enum Scheme: String, Sendable {
        case http, https

        package var defaultPort: UInt16 { self == .http ? 80 : 443 }
    }

    package let scheme: Scheme
    /// In lower case, without the brackets of an IPv6 address.
    package let host: String
    package let port: UInt16
    /// Empty, or starts with `/` and does not end with one.
    package let pathPrefix: String

    /// Reads `http[s]://HOST[:PORT][/PREFIX]`; credentials, queries and fragments are refused.
    package init(_ text: String) throws(UnreadableValue) {
        func refuse(_ reason: String) -> UnreadableValue {
            UnreadableValue(text: text, kind: "target", reason: reason)
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw refuse("a URL has neither blanks nor characters beyond ASCII")
        }
        let lowercased = text.lowercased()
        let rest: Substring
        if lowercased.hasPrefix("http://") {
            (scheme, rest) = (.http, text.dropFirst(7))
        } else if lowercased.hasPrefix("https://") {
            (scheme, rest) = (.https, text.dropFirst(8))
        } else {
            throw refuse("give a URL like http://127.0.0.1:8080")
        }
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        guard !rest.contains("?"), !rest.contains("#") else {
            throw refuse("a target has no query and no fragment")
        }
        guard !authority.contains("@") else { throw refuse("a target names no user") }
        let name: Substring
        let portText: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { throw refuse("']' is missing") }
            name = authority[authority.index(after: authority.startIndex)..<end]
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw refuse("only a port may follow ']'") }
            portText = after.isEmpty ? nil : after.dropFirst()
        } else {
            name = authority.prefix { $0 != ":" }
            portText = name.count == authority.count ? nil : authority.dropFirst(name.count + 1)
        }
        guard !name.isEmpty else { throw refuse("the host is missing") }
        guard !name.contains("%"),
            authority.hasPrefix("[") || !name.contains(where: { "[]\\'\"<>".contains($0) })
        else { throw refuse("the host cannot be read") }
        host = name.lowercased()
        if let portText {
            guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(portText),
                port > 0
            else { throw refuse("the port must be 1 to 65535") }
            self.port = port
        } else {
            port = scheme.defaultPort
        }
        var prefix = path
        while prefix.hasSuffix("/") { prefix = prefix.dropLast() }
        pathPrefix = String(prefix)
    }

    /// The host, with the brackets of an IPv6 address.
    package var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// What stands in `Host`: the port only where it is not the scheme's own.
    package var authority: String {
        port == scheme.defaultPort ? bracketedHost : "\(bracketedHost):\(port)"
    }

    /// The URL of the target's root.
    package var url: String { "\(scheme.rawValue)://\(bracketedHost):\(port)/" }
}
