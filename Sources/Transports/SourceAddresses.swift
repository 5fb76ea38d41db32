import Glibc
package import Replay

/// The addresses of this machine that connections are made from, in turn.
///
/// Each address has some 28,000 ports of its own towards one port of a target. Only one thread touches it.
package final class SourceAddresses {
    private var ipv4: [SocketAddress] = []
    private var ipv6: [SocketAddress] = []
    private var nextIPv4 = 0
    private var nextIPv6 = 0
    private let isAny: Bool

    /// Throws ``TransportError`` where one of the addresses is not this machine's; without any, the kernel chooses.
    package init(_ connection: TargetConnection) throws {
        let addresses = connection.settings.sourceAddresses
        isAny = addresses.isEmpty
        for address in addresses {
            guard let socket = SocketAddress("\(address)", port: 0) else { continue }
            try Self.require(socket, named: "\(address)")
            if socket.family == AF_INET { ipv4.append(socket) } else { ipv6.append(socket) }
        }
    }

    /// Gives a socket that is not connected yet the next address of its family; `false` with `errno` where none can be had.
    package func bind(_ descriptor: Int32, family: Int32) -> Bool {
        guard !isAny else { return true }
        switch family {
        case AF_INET: return Self.bind(descriptor, toNextOf: ipv4, &nextIPv4)
        case AF_INET6: return Self.bind(descriptor, toNextOf: ipv6, &nextIPv6)
        default: return true
        }
    }

    private static func bind(_ descriptor: Int32, toNextOf addresses: [SocketAddress], _ next: inout Int)
        -> Bool
    {
        guard !addresses.isEmpty else {
            errno = EAFNOSUPPORT
            return false
        }
        // The port is chosen when the socket is connected: one that is taken now would be taken from all targets.
        var yes: Int32 = 1
        setsockopt(
            descriptor,
            Int32(IPPROTO_IP),
            IP_BIND_ADDRESS_NO_PORT,
            &yes,
            socklen_t(MemoryLayout<Int32>.size)
        )
        defer { next = (next + 1) % addresses.count }
        return addresses[next].bind(descriptor) == 0
    }

    private static func require(_ address: SocketAddress, named name: String) throws {
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw TransportError.system("socket") }
        defer { close(descriptor) }
        guard address.bind(descriptor) == 0 else {
            throw TransportError(
                .system,
                "--source-address \(name) cannot be used: \(String(cString: strerror(errno)))"
            )
        }
    }
}
