import Bytes
import Foundation
import LoopbackSockets
import Messages
import Synchronization

/// A request as a server read it.
struct ReceivedRequest: Sendable {
    var method: String
    /// As on the wire.
    var target: String
    /// By name in small letters.
    var headers: [String: String]
    var body: String

    var path: String { String(target.prefix { $0 != "?" }) }

    /// The parameters of the query, decoded.
    var query: [String: String] {
        guard let mark = target.firstIndex(of: "?") else { return [:] }
        var query: [String: String] = [:]
        for pair in target[target.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            query[String(parts[0])] = parts.count > 1 ? parts[1].removingPercentEncoding : ""
        }
        return query
    }
}

/// A server on a loopback port of the system's choice that answers every request as a function says.
final class AnsweringServer: Sendable {
    typealias Answer = @Sendable (ReceivedRequest) -> String
    /// Answers a message of a WebSocket client, and `nil` when the session has begun; what it answers goes out as frames.
    typealias Speech = @Sendable (_ request: ReceivedRequest, _ message: String?) -> [SpokenMessage]

    let port: UInt16
    private let listener: Int32
    private let wake: (read: Int32, write: Int32)
    private let answer: Answer
    private let speech: Speech?
    private let log = Mutex<[ReceivedRequest]>([])
    private let ended = DispatchSemaphore(value: 0)

    /// A request that is answered with status 101 begins a session of `speech`.
    init(speech: Speech? = nil, _ answer: @escaping Answer) throws {
        self.answer = answer
        self.speech = speech
        let (listener, port) = try Loopback.listen(backlog: 1_024)
        var pipes: [Int32] = [0, 0]
        guard pipe(&pipes) == 0 else { throw Loopback.Failure(operation: "pipe") }
        self.listener = listener
        self.port = port
        wake = (pipes[0], pipes[1])
        Thread.detachNewThread { [self] in
            serve()
            ended.signal()
        }
    }

    /// Every request so far, in order of arrival.
    var received: [ReceivedRequest] { log.withLock { $0 } }

    /// Ends the server's thread and closes everything.
    func stop() {
        close(wake.write)
        ended.wait()
    }

    private func serve() {
        var open: [Int32: [UInt8]] = [:]
        var sessions: [Int32: SpokenSession] = [:]
        defer {
            for descriptor in open.keys { close(descriptor) }
            close(listener)
            close(wake.read)
        }
        while true {
            var polls = [pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0)]
            polls.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
            polls += open.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&polls, nfds_t(polls.count), 60_000) > 0, polls[0].revents == 0 else { return }
            for entry in polls.dropFirst(2) where entry.revents != 0 {
                if !take(entry.fd, &open[entry.fd, default: []], &sessions[entry.fd]) {
                    close(entry.fd)
                    open[entry.fd] = nil
                    sessions[entry.fd] = nil
                }
            }
            if polls[1].revents != 0 { open[accept(listener, nil, nil)] = [] }
        }
    }

    /// Reads what is there and answers every whole request; `false` at the end of the connection.
    private func take(_ descriptor: Int32, _ buffer: inout [UInt8], _ session: inout SpokenSession?) -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        let count = read(descriptor, &piece, piece.count)
        guard count > 0 else { return false }
        buffer += piece[..<count]
        if session != nil { return session?.take(&buffer, descriptor) ?? false }
        while let request = Self.request(&buffer) {
            log.withLock { $0.append(request) }
            let text = answer(request)
            var bytes = Array(text.utf8)
            if let speech, text.hasPrefix("HTTP/1.1 101 ") {
                session = SpokenSession(request: request, speech: speech)
                for message in speech(request, nil) { bytes += message.frame }
            }
            guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
                return false
            }
        }
        return true
    }

    /// Takes the first request out of the buffer, or answers `nil` when it is not there as a whole.
    private static func request(_ buffer: inout [UInt8]) -> ReceivedRequest? {
        guard let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces
            )
        }
        let length = headers["content-length"].flatMap(Int.init) ?? 0
        guard buffer.count >= end.upperBound + length else { return nil }
        let body = String(decoding: buffer[end.upperBound..<end.upperBound + length], as: UTF8.self)
        buffer.removeFirst(end.upperBound + length)
        let start = lines[0].split(separator: " ")
        guard start.count == 3 else { return nil }
        return ReceivedRequest(
            method: String(start[0]),
            target: String(start[1]),
            headers: headers,
            body: body
        )
    }
}
