import Foundation
import Glibc
import Testing

/// Speaks TLS on a loopback port, with a certificate made for it, and hands the bytes on to a server in clear text.
///
/// A program of its own: the TLS is not that which is tested.
final class TLSRelay {
    enum Version: String, Sendable {
        case v1_2 = "1.2"
        case v1_3 = "1.3"
    }

    let port: UInt16
    private let process = Process()
    private let folder: URL

    /// PEM files: the server's certificate, and one of a client with its key, which ``password`` opens.
    var certificate: String { folder.appending(path: "certificate.pem").path }
    var clientCertificate: String { folder.appending(path: "client.pem").path }
    var clientKey: String { folder.appending(path: "client.key").path }
    static let password = "opens it"

    /// `asksForCertificate` lets in nobody but the client whose certificate lies beside the server's.
    init(to server: UInt16, _ version: Version, asksForCertificate: Bool = false) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "relay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.folder = folder
        let script = folder.appending(path: "relay.py")
        try Data(Self.script.utf8).write(to: script)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", script.path, folder.path, "\(server)", version.rawValue]
            + (asksForCertificate ? [Self.password] : [])
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        // The first line is the port, once it listens.
        let line = output.fileHandleForReading.availableData
        let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        port = try #require(
            UInt16(text),
            "the relay says its port: python3 and openssl are installed by .ci/setup test"
        )
    }

    func stop() {
        // A thread of the test's keeps every other signal from what it starts.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static let script = #"""
        import asyncio, ssl, subprocess, sys
        folder, server, version = sys.argv[1], int(sys.argv[2]), sys.argv[3]
        key, certificate = folder + "/key.pem", folder + "/certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1"], check=True, stderr=subprocess.DEVNULL)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        if len(sys.argv) > 4:
            client = folder + "/client.pem"
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                "-passout", "pass:" + sys.argv[4], "-keyout", folder + "/client.key", "-out", client, "-days", "2",
                "-subj", "/CN=client"], check=True, stderr=subprocess.DEVNULL)
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(client)
        # A session needs HTTP/1.1, whatever else there is; who speaks HTTP/2 is not asked for a certificate.
        context.set_alpn_protocols(["http/1.1"] if len(sys.argv) > 4 else ["h2", "http/1.1"])
        context.minimum_version = context.maximum_version = \
            ssl.TLSVersion.TLSv1_2 if version == "1.2" else ssl.TLSVersion.TLSv1_3

        async def copy(reader, writer):
            try:
                while data := await reader.read(65536):
                    writer.write(data)
                    await writer.drain()
            except OSError:
                pass
            writer.close()

        async def relay(reader, writer):
            if writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
                writer.close()
                return
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", server)
            await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer))

        async def serve():
            listener = await asyncio.start_server(relay, "127.0.0.1", 0, ssl=context, backlog=512)
            print(listener.sockets[0].getsockname()[1], flush=True)
            await listener.serve_forever()

        asyncio.run(serve())
        """#
}
