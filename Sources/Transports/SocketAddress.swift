import Glibc

/// An address of a socket as the kernel takes it.
package struct SocketAddress {
    package let family: Int32
    private var storage = sockaddr_storage()
    private let length: socklen_t

    /// Reads an IPv4 or IPv6 address in textual form, the latter with its zone where it has one; `nil` where it is none.
    package init?(_ text: String, port: UInt16) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(text, String(port), &hints, &list) == 0, let info = list?.pointee,
            let address = info.ai_addr
        else { return nil }
        defer { freeaddrinfo(list) }
        family = info.ai_family
        length = info.ai_addrlen
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen)))
        }
    }

    /// The address of a socket in the file system (unix(7)); `nil` where the path is empty, or longer than one may be.
    package init?(path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isWhole = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard (1..<room.count).contains(path.utf8.count) else { return false }
            room.copyBytes(from: path.utf8)
            return true
        }
        guard isWhole else { return nil }
        family = AF_UNIX
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
        withUnsafeMutableBytes(of: &storage) { room in
            withUnsafeBytes(of: &address) { room.copyMemory(from: $0) }
        }
    }

    /// Gives a socket this address; answers what `bind` does.
    package func bind(_ descriptor: Int32) -> Int32 {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, length)
            }
        }
    }

    /// Connects a socket; answers what `connect` does.
    package func connect(_ descriptor: Int32) -> Int32 {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, length)
            }
        }
    }
}
