import Glibc

/// TCP sockets and ports of this machine's loopback interface.
///
/// Descriptors belong to the caller.
package enum Loopback {
    /// What the system refused, with its `errno`.
    package struct Failure: Error {
        package var operation: String
        package var code: Int32

        package init(operation: String, code: Int32 = errno) {
            self.operation = operation
            self.code = code
        }
    }

    /// A socket that takes connections on a port of the system's choice.
    package static func listen(backlog: Int32 = 512) throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = try makeSocket()
        do {
            let port = try bind(descriptor)
            guard Glibc.listen(descriptor, backlog) == 0 else { throw Failure(operation: "listen") }
            return (descriptor, port)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// A port that nobody listened on a moment ago.
    package static func freePort() throws -> UInt16 {
        let descriptor = try makeSocket()
        defer { close(descriptor) }
        return try bind(descriptor)
    }

    /// A connected socket; reading from it gives up after 20 s, so that a server that never answers fails a test rather than
    /// hold it for ever.
    package static func connect(_ port: UInt16) throws -> Int32 {
        let descriptor = try makeSocket()
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        var address = address(port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            let failure = Failure(operation: "connect")
            close(descriptor)
            throw failure
        }
        return descriptor
    }

    /// Returns once somebody listens on a port; looks every 10 ms, for so many seconds at most.
    package static func waitUntilOpen(_ port: UInt16, within seconds: Int = 10) throws {
        for _ in 0..<seconds * 100 {
            if let descriptor = try? connect(port) {
                close(descriptor)
                return
            }
            poll(nil, 0, 10)
        }
        throw Failure(operation: "connect: nobody listens on port \(port)", code: ETIMEDOUT)
    }

    private static func makeSocket() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(operation: "socket") }
        return descriptor
    }

    /// Binds to a port of the system's choice, and answers it.
    private static func bind(_ descriptor: Int32) throws -> UInt16 {
        var address = address(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw Failure(operation: "bind") }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
