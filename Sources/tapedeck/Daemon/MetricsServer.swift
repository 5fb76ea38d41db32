import Glibc
import Synchronization

/// Answers `GET /metrics` with the text that was published last, one connection after the other on a thread of its own.
///
/// It takes nothing from the recording but a lock for the length of a copy, and a client that is slow costs other
/// clients a second, not the recording.
final class MetricsServer: Sendable {
    /// Where it listens, with the port that the system chose for 0.
    let address: String
    private let descriptor: Int32
    private let text = Mutex<[UInt8]>([])

    /// Bytes of a request that are read before it is given up.
    private static let requestLimit = 8_192
    /// Seconds that a client may take to say something, and to read the answer.
    private static let patience = 1

    /// Listens on `HOST:PORT`; a port alone is on 127.0.0.1.
    init(_ text: String) throws {
        let (host, port) = try Self.split(text)
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, port, &hints, &found) == 0, let first = found?.pointee else {
            throw CommandFailure("--metrics-addr \(text) is no address; give one such as 127.0.0.1:9464")
        }
        defer { freeaddrinfo(found) }
        descriptor = socket(first.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard descriptor >= 0, bind(descriptor, first.ai_addr, first.ai_addrlen) == 0,
            listen(descriptor, 16) == 0
        else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw CommandFailure("cannot listen on \(text) for metrics: \(reason)")
        }
        let shown = host.contains(":") ? "[\(host)]" : host
        address = "\(shown):\(Self.port(of: descriptor))"
    }

    /// Starts to answer; the thread ends with the process.
    func start() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        guard pthread_create(&thread, nil, serveMetrics, context.toOpaque()) == 0 else {
            context.release()
            return
        }
        pthread_detach(thread)
    }

    /// Makes `text` the answer from now on.
    func publish(_ text: String) {
        let bytes = Array(text.utf8)
        self.text.withLock { $0 = bytes }
    }

    fileprivate func serve() {
        while true {
            let client = accept(descriptor, nil, nil)
            guard client >= 0 else {
                // Without descriptors it would spin.
                if errno != EINTR, errno != ECONNABORTED { poll(nil, 0, 1_000) }
                continue
            }
            var limit = timeval(tv_sec: Self.patience, tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
            setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
            answer(client)
            close(client)
        }
    }

    private func answer(_ client: Int32) {
        guard let line = Self.requestLine(client) else { return }
        let words = line.split(separator: " ")
        let isHead = words.first == "HEAD"
        guard words.count == 3, words[0] == "GET" || isHead else {
            return Self.send(client, status: "405 Method Not Allowed", type: "text/plain", [])
        }
        guard words[1] == "/metrics" || words[1].hasPrefix("/metrics?") else {
            return Self.send(
                client,
                status: "404 Not Found",
                type: "text/plain",
                Array("see /metrics\n".utf8)
            )
        }
        let body = text.withLock { $0 }
        Self.send(client, status: "200 OK", type: Self.contentType, body, isHead: isHead)
    }

    /// The first line of a request that has come to its empty line.
    private static func requestLine(_ client: Int32) -> String? {
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1_024)
        // A client that drips bytes is given up after as many looks as seconds.
        for _ in 0..<64 {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0, request.count < requestLimit else { return nil }
            request += buffer[..<count]
            if request.suffix(4).elementsEqual("\r\n\r\n".utf8) {
                return String(decoding: request.prefix { $0 != 0x0D }, as: UTF8.self)
            }
        }
        return nil
    }

    private static func send(
        _ client: Int32,
        status: String,
        type: String,
        _ body: [UInt8],
        isHead: Bool = false
    ) {
        let head =
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        var rest = (Array(head.utf8) + (isHead ? [] : body))[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func split(_ text: String) throws -> (host: String, port: String) {
        let colon = text.lastIndex(of: ":")
        let port = colon.map { String(text[text.index(after: $0)...]) } ?? text
        var host = colon.map { String(text[..<$0]) } ?? ""
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard UInt16(port) != nil else {
            throw CommandFailure("--metrics-addr \(text) has no port; give an address such as 127.0.0.1:9464")
        }
        return (host.isEmpty ? "127.0.0.1" : host, port)
    }

    private static func port(of descriptor: Int32) -> UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        // The port stands in the same place for both families.
        return UInt16(bigEndian: address.sin6_port)
    }

    private static let contentType = "text/plain; version=0.0.4; charset=utf-8"
}

private func serveMetrics(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<MetricsServer>.fromOpaque(context).takeRetainedValue().serve()
    return nil
}
