import Glibc

/// A TCP exchange on 127.0.0.1 between two sockets of this process.
struct LoopbackTraffic {
    let port: UInt16
    private let listener: Int32

    init?() {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listener >= 0 else { return nil }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 8) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard bound else {
            close(listener)
            return nil
        }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Opens a connection, sends `text` from the client to the server, and closes both ends.
    func send(_ text: String) -> Bool {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        defer { close(client) }
        guard connected else { return false }
        let server = accept(listener, nil, nil)
        guard server >= 0 else { return false }
        defer { close(server) }
        let bytes = Array(text.utf8)
        guard write(client, bytes, bytes.count) == bytes.count else { return false }
        var received = [UInt8](repeating: 0, count: bytes.count)
        return recv(server, &received, received.count, Int32(MSG_WAITALL)) == bytes.count && received == bytes
    }

    func end() {
        close(listener)
    }
}
