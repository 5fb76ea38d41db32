import Foundation
import LoopbackSockets
import Synchronization
import Testing

/// One kept-alive connection to a server on the loopback whose every answer ends in a body of `ok`.
final class LoopbackClient: Sendable {
    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = try Loopback.connect(port)
    }

    deinit { close(descriptor) }

    /// Sends the request and waits for the end of its answer.
    func exchange(_ request: String) throws {
        var rest = Array(request.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw POSIXError(.EPIPE) }
            rest = rest.dropFirst(count)
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !answer.suffix(6).elementsEqual(Array("\r\n\r\nok".utf8)) {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw POSIXError(.ECONNRESET) }
            answer += buffer[..<count]
        }
    }
}

/// Numbered requests, one after the other on one connection, until it is told to stop.
final class SteadyLoad: Sendable {
    /// When each answer was complete, in nanoseconds since 1970; the index is the number of the request.
    private let finished = Mutex<[Int]>([])
    private let isOver = Atomic<Bool>(false)
    private let ended = DispatchSemaphore(value: 0)

    static func target(_ number: Int) -> String { "/load?n=\(number)" }

    init(port: UInt16) throws {
        let client = try LoopbackClient(port: port)
        Thread.detachNewThread { [self] in
            defer { ended.signal() }
            while !isOver.load(ordering: .relaxed) {
                let number = finished.withLock { $0.count }
                let request = "GET \(Self.target(number)) HTTP/1.1\r\nHost: load\r\n\r\n"
                guard (try? client.exchange(request)) != nil else { return }
                let now = Int(Date().timeIntervalSince1970 * 1e9)
                finished.withLock { $0.append(now) }
                // Some hundreds a second: under way all the time, and light beside other tests.
                poll(nil, 0, 2)
            }
        }
    }

    /// The completion times so far.
    var completions: [Int] { finished.withLock { $0 } }

    /// Returns when the last answer has come.
    func stop() {
        isOver.store(true, ordering: .relaxed)
        ended.wait()
    }
}
