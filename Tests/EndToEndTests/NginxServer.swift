import Foundation
import Glibc
import LoopbackSockets
import Testing

/// An nginx of the test's own on a free port of the loopback, which answers `ok`, or as the server behind it does, and logs
/// each request.
final class NginxServer {
    let port: UInt16
    /// What it shows over TLS.
    let certificate: LoopbackCertificate?
    private let scratch: Scratch
    private let program: Program
    /// Those that are stopped.
    private var workers: [Int32] = []

    static let executable = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// With TLS it has HTTP/2 besides HTTP/1.1, and a certificate that nobody knows; `behind` is the port of a server that it
    /// passes requests and WebSocket sessions on to.
    init(overTLS: Bool = false, behind: UInt16? = nil) throws {
        scratch = try Scratch()
        certificate = overTLS ? try LoopbackCertificate(in: scratch.url) : nil
        let tls = certificate.map { "ssl_certificate \($0.path); ssl_certificate_key \($0.keyPath);" } ?? ""
        let answer =
            behind.map {
                "proxy_pass http://127.0.0.1:\($0); proxy_http_version 1.1; proxy_read_timeout 60s;"
                    + "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection;"
            } ?? "default_type text/plain; return 200 ok;"
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
                location / { \(answer) }
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
