import Foundation
import Glibc
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
        ports = try Dictionary(uniqueKeysWithValues: Entrance.allCases.map { ($0, try Self.freePort()) })
        try makeCertificate()
        let text = Self.configuration(folder: folder.path, ports: ports, server: server)
        try Data(text.utf8).write(to: folder.appending(path: "nginx.conf"))
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = [
            "-p", folder.path, "-c", folder.path + "/nginx.conf", "-e", folder.path + "/error.log",
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        for port in ports.values { try Self.waitUntilOpen(port) }
    }

    subscript(entrance: Entrance) -> UInt16 { ports[entrance] ?? 0 }

    /// Ends it by the signal that makes it end its worker too, which a kill would leave behind.
    func stop() {
        process.terminate()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private func makeCertificate() throws {
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", folder.path + "/key.pem", "-out", folder.path + "/certificate.pem", "-days", "2",
            "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0, "openssl is installed by .ci/setup test")
    }

    private static func configuration(folder: String, ports: [Entrance: UInt16], server: UInt16) -> String {
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
              ssl_certificate \(folder)/certificate.pem;
              ssl_certificate_key \(folder)/key.pem;
              client_max_body_size 64m;
              client_body_buffer_size 1m;
              keepalive_requests 100000;
              add_trailer X-End done;
              \(temporary.joined(separator: "\n  "))
            \(servers.joined(separator: "\n"))
            }
            """
    }

    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func waitUntilOpen(_ port: UInt16) throws {
        for _ in 0..<1_000 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = loopback(port)
            let isOpen = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if isOpen { return }
            usleep(10_000)
        }
        throw POSIXError(.ETIMEDOUT)
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
