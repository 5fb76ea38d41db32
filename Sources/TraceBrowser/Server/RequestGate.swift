/// Lets through what the page of this browser asks for, and nothing that other pages or hosts could make a browser ask.
///
/// Every request needs the token in its path. `Host` has to name this machine, so that a name that was made to point here
/// (DNS rebinding) does not help. What changes something has to come from this very origin.
package struct RequestGate: Sendable {
    private let token: [UInt8]
    private let hosts: Set<String>
    private let limits: BrowserLimits

    /// What of a request the gate looks at.
    package struct Asked: Sendable {
        package var method: String
        package var target: String
        /// The values of all `Host` fields.
        package var hosts: [String]
        package var origin: String?
        package var fetchSite: String?
        package var contentType: String?

        package init(
            method: String = "GET",
            target: String,
            hosts: [String],
            origin: String? = nil,
            fetchSite: String? = nil,
            contentType: String? = nil
        ) {
            self.method = method
            self.target = target
            self.hosts = hosts
            self.origin = origin
            self.fetchSite = fetchSite
            self.contentType = contentType
        }
    }

    package struct Refusal: Error, Equatable {
        package var status: Int
        package var sentence: String
    }

    /// `port` is where it listens.
    package init(token: String, port: Int, limits: BrowserLimits = BrowserLimits()) {
        self.token = Array(token.utf8)
        self.limits = limits
        var hosts: Set<String> = []
        for name in ["127.0.0.1", "localhost", "[::1]"] {
            hosts.insert("\(name):\(port)")
            if port == 80 { hosts.insert(name) }
        }
        self.hosts = hosts
    }

    /// A token of 128 random bits.
    package static func makeToken() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    package func admit(_ asked: Asked) throws(Refusal) -> BrowserRequest {
        guard asked.target.utf8.count <= limits.target else {
            throw Refusal(status: 414, sentence: "too long")
        }
        guard asked.hosts.count == 1, let host = asked.hosts.first?.lowercased(), hosts.contains(host) else {
            throw Refusal(status: 421, sentence: "this is not the host that was asked")
        }
        let method: BrowserRequest.Method
        switch asked.method {
        case "GET", "HEAD": method = .get
        case "POST": method = .post
        default: throw Refusal(status: 405, sentence: "GET and POST only")
        }
        // Pages of other sites have no business here, whatever they know; a typed address has no site.
        if let site = asked.fetchSite, site != "same-origin", site != "none" {
            throw Refusal(status: 403, sentence: "asked for by another site")
        }
        if method == .post {
            guard asked.origin?.lowercased() == "http://" + host else {
                throw Refusal(status: 403, sentence: "asked for by another origin")
            }
            guard asked.contentType == "application/json" else {
                throw Refusal(status: 415, sentence: "application/json only")
            }
        }
        guard let rest = rest(of: asked.target) else {
            throw Refusal(
                status: 403,
                sentence: "the token is missing or wrong; open the address that tapedeck ui printed"
            )
        }
        return BrowserRequest(method: method, target: rest)
    }

    /// What follows `/TOKEN/`; `nil` where the token is another. Takes as long whatever the token is.
    private func rest(of target: String) -> Substring? {
        let bytes = Array(target.utf8.prefix(token.count + 2))
        guard bytes.count == token.count + 2 else { return nil }
        var difference = (bytes[0] ^ 0x2F) | (bytes[token.count + 1] ^ 0x2F)
        for (index, byte) in token.enumerated() { difference |= byte ^ bytes[index + 1] }
        guard difference == 0 else { return nil }
        return Substring(target.utf8.dropFirst(token.count + 2))
    }
}
