package import Packets

/// Decides whether a replay may be sent to its target.
///
/// Loopback always may. A target that was recorded, by server address or by Host, or that has a public address,
/// may only when it is allowed by name: production must not be hit by accident.
package struct TargetGuard: Sendable {
    package var allowed: [String]
    package var recordedServers: Set<IPAddress>
    /// Hosts of recorded requests in lower case, with and without their ports.
    package var recordedHosts: Set<String>

    package init(allowed: [String], recordedServers: Set<IPAddress>, recordedHosts: Set<String> = []) {
        self.allowed = allowed
        self.recordedServers = recordedServers
        self.recordedHosts = recordedHosts
    }

    /// Whether the verdict could still depend on which hosts were recorded.
    package func needsRecordedHosts(target: ReplayTarget, addresses: [String]) -> Bool {
        verdict(target: target, addresses: addresses) == nil
            && !isExempt(target: target, addresses: addresses)
    }

    /// Why the target may not be sent to, or `nil` when it may.
    ///
    /// `addresses` is what the target's host resolved to, in textual form; one bad address is enough.
    package func verdict(target: ReplayTarget, addresses: [String]) -> TargetRefusal? {
        if isExempt(target: target, addresses: addresses) { return nil }
        let names = [target.host, target.bracketedHost, "\(target.bracketedHost):\(target.port)"]
        if names.contains(where: recordedHosts.contains) {
            return TargetRefusal(host: target.host, reason: .recordedHost)
        }
        for text in addresses {
            // An address that cannot be read is treated as public.
            guard let address = IPAddress(text) else {
                return TargetRefusal(host: target.host, reason: .publicAddress(text))
            }
            if recordedServers.contains(address) {
                return TargetRefusal(host: target.host, reason: .recordedServer(text))
            }
            if address.isPublic { return TargetRefusal(host: target.host, reason: .publicAddress(text)) }
        }
        return nil
    }

    /// Whether the target may be sent to whatever was recorded: it is allowed by name, or is on this machine.
    package func isExempt(target: ReplayTarget, addresses: [String]) -> Bool {
        let names = [target.host, target.bracketedHost, "\(target.bracketedHost):\(target.port)"]
        if allowed.contains(where: { names.contains($0.lowercased()) }) { return true }
        return !addresses.isEmpty && addresses.allSatisfy(Self.isLoopback)
    }

    /// Whether an address in textual form is this machine's own.
    package static func isLoopback(_ address: String) -> Bool { IPAddress(address)?.isLoopback ?? false }
}

/// Why a target is refused, and what to do about it.
package struct TargetRefusal: Error, Equatable, CustomStringConvertible {
    package enum Reason: Equatable, Sendable {
        case recordedHost
        case recordedServer(String)
        case publicAddress(String)
    }

    package var host: String
    package var reason: Reason

    package init(host: String, reason: Reason) {
        self.host = host
        self.reason = reason
    }

    package var description: String {
        let why =
            switch reason {
            case .recordedHost: "the trace was recorded from it"
            case .recordedServer(let address): "the trace was recorded from its address \(address)"
            case .publicAddress(let address): "its address \(address) is public"
            }
        return "the target \(host) is refused because \(why); if it is meant, add --allow-target \(host)"
    }
}

extension IPAddress {
    /// 127.0.0.0/8 and ::1, the latter also with an IPv4 address inside (RFC 1122, RFC 4291).
    package var isLoopback: Bool {
        if isIPv4 { return low >> 24 == 127 }
        return embeddedIPv4?.isLoopback ?? (high == 0 && low == 1)
    }

    /// Whether the address may be routed on the public Internet: none of the private, link-local, shared, and
    /// reserved ranges (RFC 1918, 3927, 6598, 4193, 4291).
    package var isPublic: Bool {
        if isIPv4 {
            let isReserved =
                low >> 24 == 10 || low >> 24 == 127 || low >> 24 == 0 || low >> 20 == 0xAC1
                || low >> 16 == 0xC0A8 || low >> 16 == 0xA9FE || low >> 22 == 0x6440 >> 6
            return !isReserved
        }
        if let embeddedIPv4 { return embeddedIPv4.isPublic }
        let isReserved = high == 0 && low <= 1 || high >> 57 == 0x7E || high >> 54 == 0x3FA
        return !isReserved
    }

    /// The IPv4 address in ::ffff:0:0/96.
    private var embeddedIPv4: IPAddress? {
        guard !isIPv4, high == 0, low >> 32 == 0xFFFF else { return nil }
        return IPAddress(ipv4: UInt32(truncatingIfNeeded: low))
    }
}
