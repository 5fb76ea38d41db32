import Glibc
package import Replay

/// The addresses of a target, asked for once before the run, so that no lookup disturbs the schedule.
package enum TargetResolver {
    /// The addresses that a replay's connections lead to: those that its plan gives, or the target's.
    ///
    /// A socket in the file system is this machine.
    package static func addresses(of plan: ReplayPlan) throws -> [String] {
        let settings = plan.connection.settings
        guard settings.unixSocket == nil else { return ["127.0.0.1"] }
        guard settings.proxy?.looksNamesUp != true else { return seenFromHere(plan.target) }
        return try settings.addresses(of: plan.target) ?? addresses(of: plan.target)
    }

    /// What a name stands for here where a proxy looks it up: nothing is known for sure, least of all that it is this
    /// machine.
    private static func seenFromHere(_ target: ReplayTarget) -> [String] {
        let found = (try? addresses(of: target)) ?? []
        guard target.host != "localhost", !TargetGuard.isLoopback(target.host) else { return found }
        return found.filter { !TargetGuard.isLoopback($0) }
    }

    /// The addresses of a proxy.
    package static func addresses(of proxy: ProxyAddress) throws -> [String] {
        try addresses(of: proxy.host, proxy.port, "the proxy \(proxy.host)", option: "--proxy")
    }

    /// In textual form, as the resolver ordered them, each once.
    package static func addresses(of target: ReplayTarget) throws -> [String] {
        try addresses(of: target.host, target.port, "the target \(target.host)", option: "--target")
    }

    private static func addresses(
        of host: String,
        _ port: UInt16,
        _ whom: String,
        option: String
    ) throws -> [String] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        var status = getaddrinfo(host, String(port), &hints, &list)
        if status != 0 {
            // A loopback literal counts even where no interface has an address of its family.
            hints.ai_flags = 0
            status = getaddrinfo(host, String(port), &hints, &list)
        }
        guard status == 0 else {
            throw TransportError(
                .resolution,
                "cannot resolve \(whom): \(String(cString: gai_strerror(status)));"
                    + " check the name in \(option), or give an address"
            )
        }
        defer { freeaddrinfo(list) }
        var addresses: [String] = []
        var next = list
        while let info = next?.pointee {
            if let text = text(of: info), !addresses.contains(text) { addresses.append(text) }
            next = info.ai_next
        }
        return addresses
    }

    private static func text(of info: addrinfo) -> String? {
        guard let address = info.ai_addr else { return nil }
        let size = Int(NI_MAXHOST)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: size) { buffer -> String? in
            guard let base = buffer.baseAddress,
                getnameinfo(address, info.ai_addrlen, base, socklen_t(size), nil, 0, NI_NUMERICHOST) == 0
            else { return nil }
            return String(cString: base)
        }
    }
}
