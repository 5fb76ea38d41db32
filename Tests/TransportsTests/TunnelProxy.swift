import Foundation

/// A proxy on a loopback port that opens tunnels by CONNECT or SOCKS 5 to one port of this machine, whatever name it is asked
/// for, and writes down what it was asked.
final class TunnelProxy {
    private let server: PythonServer

    var port: UInt16 { server.port }

    /// `credentials` are asked for where there are any.
    init(to server: UInt16, credentials: String = "") throws {
        self.server = try PythonServer(Self.script, ["\(server)", credentials])
    }

    /// What tunnels were asked for, in order.
    var asked: [String] {
        let text = (try? String(contentsOf: server.folder.appending(path: "asked"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    func stop() { server.stop() }

    private static let script = #"""
        import asyncio, base64, sys
        folder, server, credentials = sys.argv[1], int(sys.argv[2]), sys.argv[3]

        def note(text):
            with open(folder + "/asked", "a") as file: file.write(text + "\n")

        async def copy(reader, writer):
            try:
                while data := await reader.read(65536):
                    writer.write(data)
                    await writer.drain()
            except OSError:
                pass
            writer.close()

        async def http(first, reader, writer):
            head = (first + await reader.readuntil(b"\r\n\r\n")).decode()
            lines = head.split("\r\n")
            extra = [line for line in lines[1:] if line.split(":")[0].lower() not in
                ("", "host", "proxy-connection", "proxy-authorization", "user-agent")]
            note(" ".join(lines[0].split()[:2] + extra))
            wanted = "Proxy-Authorization: Basic " + base64.b64encode(credentials.encode()).decode()
            if credentials and wanted not in lines:
                writer.write(b"HTTP/1.1 407 Who?\r\nContent-Length: 0\r\nX-Of: proxy\r\nConnection: close\r\n\r\n")
                return False
            writer.write(b"HTTP/1.1 200 Open\r\nX-Of: proxy\r\n\r\n")
            return True

        async def socks(reader, writer):
            methods = await reader.readexactly((await reader.readexactly(1))[0])
            if credentials:
                writer.write(b"\5\2" if 2 in methods else b"\5\xff")
                if 2 not in methods: return False
                await reader.readexactly(1)
                user = await reader.readexactly((await reader.readexactly(1))[0])
                password = await reader.readexactly((await reader.readexactly(1))[0])
                isRight = (user + b":" + password).decode() == credentials
                writer.write(b"\1\0" if isRight else b"\1\1")
                if not isRight: return False
            else:
                writer.write(b"\5\0")
            _, _, _, kind = await reader.readexactly(4)
            if kind == 3: name = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
            else: name = ".".join(str(byte) for byte in await reader.readexactly(4))
            port = int.from_bytes(await reader.readexactly(2), "big")
            note(f"SOCKS {name}:{port}")
            writer.write(b"\5\0\0\1" + bytes(6))
            return True

        async def serve(reader, writer):
            try:
                first = await reader.readexactly(1)
                isOpen = await socks(reader, writer) if first == b"\5" else await http(first, reader, writer)
                if not isOpen: return writer.close()
                inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", server)
                await asyncio.gather(copy(reader, inner_writer), copy(inner_reader, writer))
            except (OSError, asyncio.IncompleteReadError):
                writer.close()

        async def main():
            listener = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=512)
            print(listener.sockets[0].getsockname()[1], flush=True)
            await listener.serve_forever()

        asyncio.run(main())
        """#
}
