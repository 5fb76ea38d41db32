import Foundation
import Glibc
import Testing

/// An nginx of the test's own on a free port of the loopback, which answers `ok` and logs each request.
final class NginxServer {
    let port: UInt16
    private let scratch: Scratch
    private let program: Program
    /// Those that are stopped.
    private var workers: [Int32] = []

    static let executable = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// With TLS it has HTTP/2 besides HTTP/1.1, and a certificate that nobody knows.
    init(overTLS: Bool = false) throws {
        scratch = try Scratch()
        var tls = ""
        if overTLS {
            let (key, certificate) = (scratch.path("key.pem"), scratch.path("certificate.pem"))
            let openssl = try Program(
                "/usr/bin/env",
                [
                    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=127.0.0.1",
                ]
            )
            let made = openssl.finish(within: 20)
            try #require(made.status == 0, "openssl is installed by .ci/setup test: \(made.errors)")
            tls = "ssl_certificate \(certificate); ssl_certificate_key \(key);"
        }
        port = try Loopback.freePort()
        let configuration = """
            daemon off;
            worker_processes 1;
            pid \(scratch.path("nginx.pid"));
            error_log stderr warn;
            events { worker_connections 4096; }
            http {
              log_format one '$msec $connection $request_method $request_uri $status';
              access_log \(scratch.path("access.log")) one;
              keepalive_requests 1000000;
              client_body_temp_path \(scratch.path("body"));
              proxy_temp_path \(scratch.path("proxy"));
              fastcgi_temp_path \(scratch.path("fastcgi"));
              uwsgi_temp_path \(scratch.path("uwsgi"));
              scgi_temp_path \(scratch.path("scgi"));
              server {
                listen 127.0.0.1:\(port)\(overTLS ? " ssl http2" : "");
                \(tls)
                location / { default_type text/plain; return 200 ok; }
              }
            }
            """
        try Data(configuration.utf8).write(to: scratch.url.appending(path: "nginx.conf"))
        let executable = try #require(Self.executable, "nginx is not installed: .ci/setup build test")
        program = try Program(
            executable,
            ["-p", scratch.url.path, "-c", scratch.path("nginx.conf"), "-e", scratch.path("error.log")]
        )
        try Loopback.waitUntilOpen(port)
    }

    /// Ends it by the signal that makes it end its worker too, which a kill would leave behind.
    deinit {
        resume()
        program.signal(SIGTERM)
        _ = program.finish(within: 20)
    }

    /// Stops its worker: the kernel still takes connections, and nobody answers.
    func pause() throws {
        let master = program.process.processIdentifier
        let children = try String(contentsOfFile: "/proc/\(master)/task/\(master)/children", encoding: .utf8)
        workers = children.split(separator: " ").compactMap { Int32($0) }
        for worker in workers { kill(worker, SIGSTOP) }
    }

    func resume() {
        for worker in workers { kill(worker, SIGCONT) }
        workers = []
    }

    /// One line a request: time, connection number, method, target, status.
    func requests() throws -> [[Substring]] {
        program.signal(SIGUSR1)
        let text = try String(contentsOfFile: scratch.path("access.log"), encoding: .utf8)
        return text.split(separator: "\n").map { $0.split(separator: " ") }
    }
}

/// Ports of this machine's loopback interface.
enum Loopback {
    /// A port that nobody listened on a moment ago.
    static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRINUSE) }
        return UInt16(bigEndian: address.sin_port)
    }

    static func waitUntilOpen(_ port: UInt16, within seconds: Double = 10) throws {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            if let descriptor = try? connect(port) {
                close(descriptor)
                return
            }
            usleepUntilNextLook()
        }
        throw POSIXError(.ETIMEDOUT)
    }

    /// A connected socket, which belongs to the caller; reading from it gives up after 20 s.
    static func connect(_ port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        var address = loopback(port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            let fault = POSIXErrorCode(rawValue: errno) ?? .ECONNREFUSED
            close(descriptor)
            throw POSIXError(fault)
        }
        return descriptor
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
