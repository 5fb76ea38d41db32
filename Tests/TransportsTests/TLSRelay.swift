import Foundation
import LoopbackSockets

/// Speaks TLS on a loopback port, with a certificate made for it, and hands the bytes on to a server in clear text.
final class TLSRelay {
    enum Version: String, Sendable {
        case v1_2 = "1.2"
        case v1_3 = "1.3"
    }

    private let server: PythonServer

    var port: UInt16 { server.port }
    /// PEM files: the server's certificate, and one of a client with its key, which ``password`` opens.
    var certificate: String { server.folder.appending(path: "certificate.pem").path }
    var clientCertificate: String { server.folder.appending(path: "client.pem").path }
    var clientKey: String { server.folder.appending(path: "client.key").path }
    static let password = "opens it"

    /// `asksForCertificate` lets in nobody but the client whose certificate lies beside the server's.
    init(to server: UInt16, _ version: Version, asksForCertificate: Bool = false) throws {
        let arguments = ["\(server)", version.rawValue] + (asksForCertificate ? [Self.password] : [])
        self.server = try PythonServer(Self.script, arguments) { _ = try LoopbackCertificate(in: $0) }
    }

    func stop() { server.stop() }

    private static let script = #"""
        import asyncio, ssl, subprocess, sys
        folder, server, version = sys.argv[1], int(sys.argv[2]), sys.argv[3]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/certificate.pem", folder + "/key.pem")
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
