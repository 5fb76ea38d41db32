import Glibc
import LoopbackSockets
import Synchronization

/// A server of a few lines on a loopback port of the system's choice: it keeps every byte it is sent, and answers each
/// request as a script says.
final class ScriptedServer: Sendable {
    enum Reply: Sendable {
        case bytes(String)
        /// The bytes, and then the end of the connection.
        case last(String)
        /// The end of the connection without an answer.
        case close
        /// Nothing, for as long as the test runs.
        case silence
        /// The bytes, after which the connection is no longer HTTP: what comes then goes to the other script.
        case upgrade([UInt8])
        /// Bytes that are no text.
        case raw([UInt8])
        /// The same, and then the end of the connection.
        case lastRaw([UInt8])
    }

    /// One request as it came: the connection, counted from 0 in order of arrival, and every byte.
    struct Seen: Sendable, Equatable {
        var connection: Int
        var bytes: String
    }

    typealias Script = @Sendable (_ request: Seen, _ number: Int) -> Reply
    /// Answers the bytes that came on a connection that is no longer HTTP.
    typealias RawScript = @Sendable (_ bytes: [UInt8], _ connection: Int) -> Reply

    static let ok = Reply.bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    let port: UInt16
    private let listener: Int32
    private let wake: (read: Int32, write: Int32)
    private let script: Script
    private let rawScript: RawScript
    private let log = Mutex<[Seen]>([])
    private let accepted = Mutex<[String]>([])
    private let thread = Mutex<pthread_t?>(nil)

    /// A server on a socket at `path` where there is one; it has no port.
    init(
        at path: String? = nil,
        _ script: @escaping Script = { _, _ in ScriptedServer.ok },
        upgraded: @escaping RawScript = { _, _ in .silence }
    ) throws {
        self.script = script
        rawScript = upgraded
        let (listener, port) = try path.map { (try Self.listen(at: $0), 0) } ?? Loopback.listen()
        var pipes: [Int32] = [0, 0]
        guard pipe(&pipes) == 0 else { throw Loopback.Failure(operation: "listen") }
        self.listener = listener
        self.port = port
        wake = (pipes[0], pipes[1])
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        pthread_create(&thread, nil, runScript, context)
        self.thread.withLock { $0 = thread }
    }

    private static func listen(at path: String) throws -> Int32 {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
        guard isBound, Glibc.listen(listener, 512) == 0 else { throw Loopback.Failure(operation: "listen") }
        return listener
    }

    /// Every request so far, in order of arrival.
    var seen: [Seen] { log.withLock { $0 } }
    /// Connections accepted so far.
    var connections: Int { accepted.withLock { $0.count } }
    /// The addresses that they came from, in order; empty over a socket in the file system.
    var peers: [String] { accepted.withLock { $0 } }

    /// Ends the server's thread and closes everything.
    func stop() {
        // The thread may be gone, and with it the other end of the pipe.
        signal(SIGPIPE, SIG_IGN)
        var byte: UInt8 = 0
        _ = write(wake.write, &byte, 1)
        guard let thread = self.thread.withLock({ $0.take() }) else { return }
        pthread_join(thread, nil)
        close(wake.write)
    }

    fileprivate func run() {
        var open: [Connection] = []
        defer {
            for connection in open { close(connection.descriptor) }
            close(listener)
            close(wake.read)
        }
        while true {
            var polls = [pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0)]
            polls.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
            polls += open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            guard poll(&polls, nfds_t(polls.count), 60_000) > 0, polls[0].revents == 0 else { return }
            var closed: Set<Int32> = []
            for (index, entry) in polls.dropFirst(2).enumerated() where entry.revents != 0 {
                if !serve(&open[index]) { closed.insert(entry.fd) }
            }
            for descriptor in closed { close(descriptor) }
            open.removeAll { closed.contains($0.descriptor) }
            if polls[1].revents != 0 {
                var peer = sockaddr_in()
                var size = socklen_t(MemoryLayout<sockaddr_in>.size)
                let descriptor = withUnsafeMutablePointer(to: &peer) { pointer in
                    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { accept(listener, $0, &size) }
                }
                let number = accepted.withLock { peers in
                    peers.append(Self.text(of: peer))
                    return peers.count - 1
                }
                open.append(Connection(descriptor: descriptor, number: number))
            }
        }
    }

    private static func text(of peer: sockaddr_in) -> String {
        guard peer.sin_family == sa_family_t(AF_INET) else { return "" }
        return withUnsafeBytes(of: peer.sin_addr.s_addr) { $0.map(String.init).joined(separator: ".") }
    }

    private struct Connection {
        var descriptor: Int32
        var number: Int
        var buffer: [UInt8] = []
        var isUpgraded = false
    }

    /// Reads what is there and answers every whole request; `false` at the end of the connection.
    private func serve(_ connection: inout Connection) -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = read(connection.descriptor, &piece, piece.count)
        guard count > 0 else { return false }
        connection.buffer += piece[..<count]
        if connection.isUpgraded {
            let bytes = connection.buffer
            connection.buffer = []
            return act(rawScript(bytes, connection.number), on: &connection)
        }
        while let length = Self.requestLength(connection.buffer) {
            let text = String(decoding: connection.buffer[..<length], as: UTF8.self)
            connection.buffer.removeFirst(length)
            let seen = Seen(connection: connection.number, bytes: text)
            let number = log.withLock { log in
                log.append(seen)
                return log.count - 1
            }
            if !act(script(seen, number), on: &connection) { return false }
        }
        return true
    }

    /// Does what a script says; `false` where that is the end of the connection.
    private func act(_ reply: Reply, on connection: inout Connection) -> Bool {
        switch reply {
        case .bytes(let text): send(Array(text.utf8), to: connection.descriptor)
        case .raw(let bytes): send(bytes, to: connection.descriptor)
        case .upgrade(let bytes):
            connection.isUpgraded = true
            send(bytes, to: connection.descriptor)
        case .last(let text):
            send(Array(text.utf8), to: connection.descriptor)
            return false
        case .lastRaw(let bytes):
            send(bytes, to: connection.descriptor)
            return false
        case .close: return false
        case .silence: break
        }
        return true
    }

    private func send(_ bytes: [UInt8], to descriptor: Int32) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// The length of the first request in the buffer, or `nil` when it is not there as a whole.
    private static func requestLength(_ buffer: [UInt8]) -> Int? {
        guard let headEnd = find("\r\n\r\n", in: buffer, from: 0) else { return nil }
        let head = String(decoding: buffer[..<headEnd], as: UTF8.self).lowercased()
        if head.contains("transfer-encoding: chunked") {
            guard let last = find("\r\n0\r\n", in: buffer, from: headEnd + 2),
                let end = find("\r\n\r\n", in: buffer, from: last + 3)
            else { return nil }
            return end + 4
        }
        var length = 0
        if let start = head.end(of: "content-length: ") {
            length = Int(head[start...].prefix { $0.isNumber }) ?? 0
        }
        return buffer.count >= headEnd + 4 + length ? headEnd + 4 + length : nil
    }

    private static func find(_ text: String, in buffer: [UInt8], from start: Int) -> Int? {
        let needle = Array(text.utf8)
        return buffer.withUnsafeBytes { bytes in
            var index = start
            while index + needle.count <= bytes.count {
                guard let base = bytes.baseAddress,
                    let hit = memchr(base + index, Int32(needle[0]), bytes.count - index)
                else { return nil }
                index = UnsafeRawPointer(hit) - base
                if bytes[index...].starts(with: needle) { return index }
                index += 1
            }
            return nil
        }
    }
}

private func runScript(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<ScriptedServer>.fromOpaque(context).takeRetainedValue().run()
    return nil
}

extension String {
    /// The place just past the first occurrence of `text`.
    fileprivate func end(of text: String) -> String.Index? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
