import Foundation
import LoopbackSockets
import Testing

/// An nginx of the test's own before a server in clear text: over TLS with HTTP/2 and without it, and HTTP/2 in clear text.
///
/// It tells the server what a request came in and with: `X-Protocol`, `X-Connection` and `X-Fields`.
final class TLSProxy {
    enum Entrance: String, Sendable, CaseIterable {
        /// What is negotiated, HTTP/2 where it is offered.
        case http2
        case http1
        /// HTTP/2 that closes a connection with GOAWAY after three requests.
        case threeRequests
        /// HTTP/2 without TLS, by prior knowledge.
        case clearHTTP2
        case clearHTTP1

        var scheme: String { self == .clearHTTP2 || self == .clearHTTP1 ? "http" : "https" }
    }

    static let executable = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    private let ports: [Entrance: UInt16]
    private let process = Process()
    private let folder: URL

    init(to server: UInt16) throws {
        let executable = try #require(Self.executable, "nginx is not installed: .ci/setup build test")
        folder = FileManager.default.temporaryDirectory.appending(path: "proxy-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        ports = try Dictionary(uniqueKeysWithValues: Entrance.allCases.map { ($0, try Loopback.freePort()) })
        let certificate = try LoopbackCertificate(in: folder)
        let text = Self.configuration(folder.path, certificate, ports: ports, server: server)
        try Data(text.utf8).write(to: folder.appending(path: "nginx.conf"))
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = [
            "-p", folder.path, "-c", folder.path + "/nginx.conf", "-e", folder.path + "/error.log",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        for port in ports.values { try Loopback.waitUntilOpen(port) }
    }

    subscript(entrance: Entrance) -> UInt16 { ports[entrance] ?? 0 }

    /// Ends it by the signal that makes it end its worker too, which a kill would leave behind.
    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func configuration(
        _ folder: String,
        _ certificate: LoopbackCertificate,
        ports: [Entrance: UInt16],
        server: UInt16
    ) -> String {
        func listen(_ entrance: Entrance, _ how: String, _ more: String = "") -> String {
            """
              server {
                listen 127.0.0.1:\(ports[entrance] ?? 0) \(how);
                \(more)
                location / {
                  proxy_pass http://127.0.0.1:\(server);
                  proxy_http_version 1.1;
                  proxy_buffering off;
                  proxy_set_header Connection "";
                  proxy_set_header Host $host;
                  proxy_set_header X-Protocol $server_protocol;
                  proxy_set_header X-Connection $connection;
                  proxy_set_header X-Fields "$http_connection|$http_upgrade|$http_te|$http_http2_settings|$http_transfer_encoding";
                }
              }
            """
        }
        let servers = [
            listen(.http2, "ssl http2"),
            listen(.http1, "ssl"),
            listen(.threeRequests, "ssl http2", "keepalive_requests 3;"),
            listen(.clearHTTP2, "http2"),
            listen(.clearHTTP1, ""),
        ]
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(folder)/\($0);"
        }
        return """
            daemon off;
            worker_processes 1;
            pid \(folder)/nginx.pid;
            events { worker_connections 1024; }
            http {
              access_log off;
              ssl_certificate \(certificate.path);
              ssl_certificate_key \(certificate.keyPath);
              client_max_body_size 64m;
              client_body_buffer_size 1m;
              keepalive_requests 100000;
              add_trailer X-End done;
              \(temporary.joined(separator: "\n  "))
            \(servers.joined(separator: "\n"))
            }
            """
    }
}
