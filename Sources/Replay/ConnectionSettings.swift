package import Packets

/// What the command line or a plan says of connections to a target; secrets stand in it by their places.
package struct ConnectionSettings: Hashable, Sendable {
    /// What names stand for, in place of what a resolver says (`--resolve`).
    package var resolved: [ResolvedName] = []
    /// The path of the socket over which the target is spoken to (`--unix-socket`).
    package var unixSocket: String?
    /// Addresses of this machine that connections are made from, in turn (`--source-address`).
    package var sourceAddresses: [IPAddress] = []
    /// A PEM file of the certificates that a target's certificate is to come from (`--cacert`).
    package var authorities: String?
    /// A PEM file of the client's certificate (`--cert`).
    package var certificate: String?
    /// A PEM file of its key; the certificate's file holds it where there is none (`--key`).
    package var key: String?
    /// `env:VARIABLE` or `file:PATH`, where the key is locked (`--key-password`).
    package var keyPassword: String?

    /// What connections go through (`--proxy`).
    package var proxy: ProxyAddress?
    /// `env:VARIABLE` or `file:PATH`, where `USER:PASSWORD` for it is (`--proxy-credentials`).
    package var proxyCredentials: String?

    /// Bytes of a socket's path (`sun_path` of unix(7), with its end).
    package static let longestSocketPath = 107

    package init() {}

    /// Reads addresses with commas between them, each once.
    package static func sources(_ text: String) throws(UnreadableValue) -> [IPAddress] {
        var addresses: [IPAddress] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let address = IPAddress(part) else {
                throw UnreadableValue(
                    text: text,
                    kind: "list of source addresses",
                    reason: "give addresses of this machine like 127.0.0.2,127.0.0.3"
                )
            }
            if !addresses.contains(address) { addresses.append(address) }
        }
        return addresses
    }

    /// Puts what `other` says in the place of what is said here; a certificate comes with its key, and a proxy with its
    /// credentials.
    package mutating func override(with other: ConnectionSettings) {
        if !other.resolved.isEmpty { resolved = other.resolved }
        if let socket = other.unixSocket { unixSocket = socket }
        if !other.sourceAddresses.isEmpty { sourceAddresses = other.sourceAddresses }
        if let address = other.proxy { (proxy, proxyCredentials) = (address, nil) }
        if let place = other.proxyCredentials { proxyCredentials = place }
        if let file = other.authorities { authorities = file }
        if let file = other.certificate { (certificate, key, keyPassword) = (file, nil, nil) }
        if let file = other.key { key = file }
        if let place = other.keyPassword { keyPassword = place }
    }

    /// The first option for which there has to be libcurl; the wire transport has the others.
    package var libcurlOption: String? {
        if proxy != nil { return "--proxy" }
        if authorities != nil { return "--cacert" }
        if certificate != nil { return "--cert" }
        return nil
    }

    /// The addresses that the target's name stands for, in textual form; `nil` where nothing is said of it.
    package func addresses(of target: ReplayTarget) -> [String]? {
        let given = resolved.filter { $0.isName(of: target) }.flatMap(\.addresses)
        return given.isEmpty ? nil : given.map(\.description)
    }

    /// Throws ``UnusableConnection`` where the settings contradict each other, the target or the transport.
    package func check(for target: ReplayTarget, over transport: TransportChoice) throws(UnusableConnection) {
        if let other = resolved.first(where: { !$0.isName(of: target) }) {
            throw UnusableConnection(
                "--resolve \(other) is not of the target, which is \(target.bracketedHost):\(target.port)"
            )
        }
        if let unixSocket {
            let pairs = [(!resolved.isEmpty, "--resolve"), (!sourceAddresses.isEmpty, "--source-address")]
            if let pair = pairs.first(where: \.0) {
                throw UnusableConnection(
                    "--unix-socket and \(pair.1) exclude each other: a socket has no addresses"
                )
            }
            guard (1...Self.longestSocketPath).contains(unixSocket.utf8.count) else {
                throw UnusableConnection(
                    "--unix-socket: the path of a socket has 1 to \(Self.longestSocketPath) bytes"
                )
            }
        }
        if let proxy {
            guard unixSocket == nil else {
                throw UnusableConnection(
                    "--unix-socket and --proxy exclude each other: a socket leads to one place"
                )
            }
            guard !proxy.looksNamesUp || resolved.isEmpty else {
                throw UnusableConnection(
                    "--resolve says nothing to a proxy that looks names up itself; it goes with a socks5:// proxy"
                )
            }
        } else if proxyCredentials != nil {
            throw UnusableConnection("--proxy-credentials are for a proxy; add --proxy URL")
        }
        if certificate == nil {
            if key != nil { throw UnusableConnection("--key is the key of a certificate; add --cert FILE") }
            if keyPassword != nil {
                throw UnusableConnection("--key-password is of a certificate's key; add --cert FILE")
            }
        }
        if transport == .wire, let option = libcurlOption {
            throw UnusableConnection("\(option) takes libcurl; leave --transport wire out, or say curl")
        }
    }
}

/// Why connections cannot be made as they are asked for.
package struct UnusableConnection: Error, Equatable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
