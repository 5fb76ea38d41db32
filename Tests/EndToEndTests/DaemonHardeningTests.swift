import Foundation
import LoopbackSockets
import Testing

/// Giving up privileges, telling a service manager, answering a monitoring system.
@Suite(.serialized, .enabled(if: Privileges.mayCapture, "capturing takes root, or CAP_NET_RAW"))
struct DaemonHardeningTests {
    let scratch: Scratch
    let server: NginxServer

    init() throws {
        scratch = try Scratch()
        server = try NginxServer()
    }

    private func startRecorder(_ options: [String], _ environment: [String: String] = [:]) throws -> Program {
        let recorder = try Program(
            Program.tapedeck,
            ["record", "-i", "lo", "-p", "\(server.port)", "--json"] + options,
            environment: environment
        )
        _ = try recorder.waitForErrors { $0.contains("recording on lo") }
        return recorder
    }

    /// Numbers of a process as the kernel tells them.
    private static func status(of process: Int32) throws -> [String: String] {
        let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        var status: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            status[String(parts[0])] = parts.last.map { $0.trimmingCharacters(in: .whitespaces) }
        }
        return status
    }

    @Test func theUserIsChangedForGood() throws {
        let nobody = try #require(getpwnam("nobody")).pointee
        #expect(chown(scratch.url.path, nobody.pw_uid, nobody.pw_gid) == 0)
        let recorder = try startRecorder([
            "-w", scratch.path("h.trace.gz"), "--rotate-size", "1GB", "--user", "nobody",
        ])
        let client = try LoopbackClient(port: server.port)
        for number in 0..<20 { try client.exchange("GET /n/\(number) HTTP/1.1\r\nHost: a\r\n\r\n") }
        let process = recorder.process.processIdentifier
        for thread in try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task") {
            let status = try Self.status(of: try #require(Int32(thread)))
            let ids = Array(repeating: "\(nobody.pw_uid)", count: 4).joined(separator: "\t")
            #expect(status["Uid"] == ids)
            for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
                #expect(UInt64(status[set] ?? "", radix: 16) == 0, "\(set) of thread \(thread)")
            }
        }
        #expect(try Self.status(of: process)["NoNewPrivs"] == "1")
        #expect(try Self.status(of: process)["Groups"]?.contains("\(nobody.pw_gid)") == true)
        // The next part is made by the user too.
        recorder.signal(SIGHUP)
        let deadline = Date(timeIntervalSinceNow: 20)
        func names() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
        }
        while try names().count < 2, Date() < deadline { usleepUntilNextLook() }
        for number in 0..<20 { try client.exchange("GET /m/\(number) HTTP/1.1\r\nHost: a\r\n\r\n") }
        recorder.signal(SIGTERM)
        let run = recorder.finish()
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.json()["requests"] as? Int == 40)
        #expect(try names().count == 2)
        for name in try names() {
            let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path(name))
            #expect(attributes[.ownerAccountID] as? Int == Int(nobody.pw_uid))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func aFolderThatTheUserMayNotWriteInIsNamed() throws {
        #expect(chmod(scratch.url.path, 0o755) == 0)
        let run = try Program.run([
            "record", "-i", "lo", "-w", scratch.path("h.trace.gz"), "--user", "nobody",
        ])
        #expect(run.status == 2)
        #expect(
            run.errors.contains("nobody may not write in") && run.errors.contains("chown nobody"),
            "\(run.errors)"
        )
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path) == [])
    }

    @Test func aUserThatIsNotThereIsNamed() throws {
        let run = try Program.run([
            "record", "-i", "lo", "-w", scratch.path("h.trace.gz"), "--user", "nosuch",
        ])
        #expect(run.status == 2)
        #expect(run.errors.contains("there is no user nosuch"), "\(run.errors)")
    }

    /// By a path, and by an abstract name, which begins with a zero byte.
    @Test(arguments: [false, true]) func theServiceManagerIsTold(isAbstract: Bool) throws {
        let name = isAbstract ? "@tapedeck-\(UUID().uuidString)" : scratch.path("notify")
        let manager = try NotifySocket(name)
        let recorder = try startRecorder(
            ["-w", scratch.path("n.trace.gz")],
            ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "400000"]
        )
        #expect(manager.receive()?.hasPrefix("READY=1\nSTATUS=recording on lo") == true)
        #expect(manager.receive() == "WATCHDOG=1")
        #expect(manager.receive() == "WATCHDOG=1", "again and again")
        recorder.signal(SIGINT)
        var messages: [String] = []
        while let message = manager.receive(), messages.count < 100 {
            messages.append(message)
            if message == "STOPPING=1" { break }
        }
        #expect(messages.last == "STOPPING=1")
        #expect(recorder.finish().status == 130)
    }

    @Test func metricsAreAnswered() throws {
        let recorder = try startRecorder(["-w", scratch.path("m.trace.gz"), "--metrics-addr", "127.0.0.1:0"])
        let said = try recorder.waitForErrors { $0.contains("/metrics") }
        let match = try #require(said.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/metrics/))
        let port = try #require(UInt16(match.1))
        let client = try LoopbackClient(port: server.port)
        for number in 0..<30 { try client.exchange("GET /n/\(number) HTTP/1.1\r\nHost: a\r\n\r\n") }
        let deadline = Date(timeIntervalSinceNow: 20)
        var text = ""
        while !text.contains("tapedeck_record_requests_stored_total 30\n"), Date() < deadline {
            text = try Loopback.get(port, "/metrics")
            usleepUntilNextLook()
        }
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(text.contains("Content-Type: text/plain; version=0.0.4"))
        #expect(text.contains("tapedeck_record_requests_stored_total 30\n"))
        #expect(text.contains("# TYPE tapedeck_record_ring_occupancy gauge"))
        #expect(text.firstMatch(of: /tapedeck_record_resident_bytes [1-9]\d+\n/) != nil)
        #expect(try Loopback.get(port, "/other").hasPrefix("HTTP/1.1 404"))
        recorder.signal(SIGINT)
        #expect(recorder.finish().status == 130)
    }

    /// Half of the connections, whole: whatever is recorded of one is all of it.
    @Test func aSampleKeepsWholeConnections() throws {
        let recorder = try startRecorder(["-w", scratch.path("s.trace.gz"), "--sample", "50%"])
        for connection in 0..<200 {
            let client = try LoopbackClient(port: server.port)
            for number in 0..<3 {
                try client.exchange("GET /\(connection)/\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
            }
        }
        recorder.signal(SIGINT)
        let run = recorder.finish()
        let report = try run.json()
        #expect(report["balanced"] as? Bool == true)
        let ledger = try #require(report["ledger"] as? [String: Int])
        let recorded = try #require(ledger["connections.recorded"])
        // Six standard deviations of a binomial around half.
        #expect((58...142).contains(recorded))
        #expect(ledger["connections.sampled"] == 200 - recorded)
        #expect(report["requests"] as? Int == 3 * recorded)
        #expect(report["responses"] as? Int == 3 * recorded)
    }

    @Test(
        arguments: [
            (["--sample", "0%"], "--sample"), (["--sample", "200%"], "--sample"),
            (["--sample", "x"], "sample"),
            (["--max-cpu", "0"], "--max-cpu"), (["--max-memory", "1MB"], "--max-memory"),
            (["--metrics-addr", "localhost"], "--metrics-addr"), (["--metrics-addr", "127.0.0.1:x"], "port"),
        ]
    )
    func whatCannotBeMeantIsRefused(_ options: [String], _ word: String) throws {
        let run = try Program.run(["record", "-i", "lo", "-w", scratch.path("x.trace.gz")] + options)
        #expect(run.status == 2)
        #expect(run.errors.contains(word), "\(run.errors)")
    }
}

private enum SystemdAnalyze {
    static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze")
}

/// The unit that is in the project, held against what systemd thinks of it.
@Suite(.enabled(if: SystemdAnalyze.isThere, "systemd-analyze is not installed"))
struct ServiceUnitTests {
    private static let unit = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appending(path: "../../Packaging/tapedeck-record.service").standardized
        .path

    /// systemd calls up to 2 "OK"; a plain service has 9.6.
    @Test func theUnitIsHardened() throws {
        let run = try Program(
            "/usr/bin/systemd-analyze",
            ["security", "--offline=yes", "--threshold=20", "--no-pager", Self.unit]
        ).finish()
        #expect(run.status == 0, "\(run.text.suffix(200)) \(run.errors)")
    }

    /// Misspelled settings are warnings, and the service runs without them.
    @Test func theUnitHasNoMistakes() throws {
        let scratch = try Scratch()
        let copy = scratch.path("tapedeck-record.service")
        let text = try String(contentsOfFile: Self.unit, encoding: .utf8)
        try text.replacing("/usr/local/bin/tapedeck", with: Program.tapedeck)
            .write(toFile: copy, atomically: true, encoding: .utf8)
        let run = try Program("/usr/bin/systemd-analyze", ["verify", "--man=no", copy]).finish()
        let mistakes = (run.errors + run.text).split(separator: "\n").filter {
            $0.contains("tapedeck-record.service")
        }
        #expect(mistakes == [])
    }

    /// What the unit starts is a command line that the program takes.
    @Test func theCommandLineIsOneOfTheProgram() throws {
        let text = try String(contentsOfFile: Self.unit, encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
        var arguments = line.dropFirst(10).split(separator: " ").dropFirst().map(String.init)
        arguments = arguments.filter { $0 != "$OPTIONS" }.map { $0.replacing("%%", with: "%") }
        // An interface that is not there: all else has been understood by then.
        arguments = arguments.map { $0 == "${INTERFACE}" ? "nosuch0" : $0 }
        let run = try Program.run(arguments)
        #expect(run.status == 2)
        #expect(run.errors.contains("nosuch0") && !run.errors.contains("Usage"), "\(run.errors)")
    }
}

/// The socket of a service manager.
final class NotifySocket {
    private let descriptor: Int32

    init(_ name: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard bound == 0 else { throw POSIXError(.EADDRINUSE) }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    /// The next message; `nil` when none comes.
    func receive() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
}

extension Loopback {
    /// The whole answer to a GET on a connection of its own.
    static func get(_ port: UInt16, _ target: String) throws -> String {
        let descriptor = try connect(port)
        defer { close(descriptor) }
        let request = Array("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        _ = send(descriptor, request, request.count, Int32(MSG_NOSIGNAL))
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
        }
    }
}
