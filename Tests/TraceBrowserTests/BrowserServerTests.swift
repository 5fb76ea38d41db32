import Foundation
import LoopbackSockets
import Testing
import TraceBrowser

/// The server over real sockets.
@Suite struct BrowserServerTests {
    let scratch: Scratch
    let server: BrowserServer

    init() throws {
        scratch = try Scratch()
        var script = TraceScript()
        script.exchange(0, at: 0)
        let path = scratch.path("x.trace.gz")
        try script.write(to: path)
        var options = BrowserSession.Options()
        options.limits.clients = 4
        let session = try BrowserSession(paths: [path], options: options)
        server = try BrowserServer.start(session)
        session.readAll()
    }

    private func ask(_ text: String) throws -> String {
        defer { server.stop() }
        let connection = try BrowserConnection(port: server.port)
        connection.send(text.replacing("\n", with: "\r\n"))
        return connection.readToEnd()
    }

    @Test func thePageIsServedWithWhatKeepsItApart() throws {
        let answer = try ask(
            "GET /\(server.token)/ HTTP/1.1\nHost: 127.0.0.1:\(server.port)\nConnection: close\n\n"
        )
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
        for field in [
            "default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer", "Cache-Control: no-store",
            "Cross-Origin-Resource-Policy: same-origin",
        ] { #expect(answer.contains(field), "\(field)") }
        #expect(!answer.contains("Access-Control-Allow"), "no other origin may read it")
        #expect(!answer.contains("unsafe-inline"))
    }

    @Test func withoutTheTokenNothingIsTold() throws {
        let answer = try ask("GET /api/state HTTP/1.1\nHost: 127.0.0.1:\(server.port)\n\n")
        #expect(answer.hasPrefix("HTTP/1.1 403 "))
        #expect(!answer.contains(server.token))
        #expect(answer.contains("Connection: close"))
    }

    @Test func anotherHostIsTurnedAway() throws {
        let answer = try ask("GET /\(server.token)/ HTTP/1.1\nHost: evil.example\n\n")
        #expect(answer.hasPrefix("HTTP/1.1 421 "))
    }

    @Test func aBodyThatIsTooLongEndsTheConnection() throws {
        let body = String(repeating: "x", count: 100_000)
        let answer = try ask(
            "POST /\(server.token)/api/send?n=0 HTTP/1.1\nHost: 127.0.0.1:\(server.port)\nContent-Length: 100000\n\n"
                + body
        )
        #expect(answer == "")
    }

    @Test(arguments: ["\u{0}\u{1}\u{2}\n\n", "GET\n\n", "GET / HTTP/9.9\n\n", "GET / HTTP/1.1\nHost: \n\n"])
    func whatIsNoRequestGetsNoPage(text: String) throws {
        #expect(!(try ask(text).contains("200 OK")))
    }

    @Test func headerFieldsAreBounded() throws {
        let answer = try ask(
            "GET /\(server.token)/ HTTP/1.1\nX: \(String(repeating: "y", count: 200_000))\n\n"
        )
        #expect(!answer.contains("200 OK"))
    }

    /// A further one is closed without a word, and those that are there go on.
    @Test func connectionsAreBounded() throws {
        defer { server.stop() }
        let request = "GET /\(server.token)/api/state HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\r\n"
        let open = try (0..<4).map { _ in try BrowserConnection(port: server.port) }
        for connection in open {
            connection.send(request)
            #expect(connection.readSome().hasPrefix("HTTP/1.1 200 "))
        }
        let further = try BrowserConnection(port: server.port)
        #expect(further.readToEnd() == "")
        open[0].send(request)
        #expect(open[0].readSome().hasPrefix("HTTP/1.1 200 "))
    }

    @Test(arguments: ["0.0.0.0", "192.168.1.1", "::", "example.com", "127.0.0.2"])
    func onlyThisMachineIsListenedOn(host: String) throws {
        defer { server.stop() }
        let session = try BrowserSession(paths: [scratch.path("x.trace.gz")])
        #expect(throws: BrowserError.notLoopback(host)) { try BrowserServer.start(session, host: host) }
    }
}

/// A connection over which anything can be said.
final class BrowserConnection {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = try Loopback.connect(UInt16(port))
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor,
                    $0.baseAddress?.advanced(by: sent),
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    func readSome() -> String {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : ""
    }

    func readToEnd() -> String {
        var text = ""
        while true {
            let more = readSome()
            if more.isEmpty { return text }
            text += more
        }
    }
}
