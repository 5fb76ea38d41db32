import Glibc
import LoopbackSockets

/// A TCP exchange on 127.0.0.1 between two sockets of this process.
struct LoopbackTraffic {
    let port: UInt16
    private let listener: Int32

    init() throws {
        (listener, port) = try Loopback.listen()
    }

    /// Opens a connection, sends `text` from the client to the server, and closes both ends.
    func send(_ text: String) -> Bool {
        guard let client = try? Loopback.connect(port) else { return false }
        defer { close(client) }
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
