import Replay
import Transports

/// WebSocket connections among the streams: of each, its head and its text messages are told.
extension CurlStreams {
    /// Opens a WebSocket connection at a URL of `ws`, `wss`, `http` or `https`; `bytesPerSecond` is how fast it is read at
    /// most. Streams and sockets have numbers of one kind.
    ///
    /// Told of it are ``Event/field(_:)`` and ``Event/head(status:isEventStream:date:)``, with 101 where it is open, then
    /// ``Event/message(_:)`` for each text message, and ``Event/end(failure:)``. The key of the handshake and the masks
    /// follow from `seed`.
    package func openSocket(
        _ id: Int,
        url: String,
        headers: [String],
        bytesPerSecond: Int? = nil,
        seed: UInt64
    ) throws {
        precondition(!has(id), "stream \(id) is open already")
        guard let address = SocketURL(url), headers.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 } }) else {
            throw TransportError(
                .protocol,
                "a WebSocket cannot be opened there: the URL or a header cannot be sent"
            )
        }
        let sockets = socketsMade()
        let key = WebSocketHandshake(seed: seed).key(for: UInt64(bitPattern: Int64(id)))
        let client = SocketClient(
            id,
            address.request(key: key, headers: headers),
            seed: seed ^ UInt64(bitPattern: Int64(id)) &* 0x9E37_79B9_7F4A_7C15,
            owner: self,
            sockets: sockets
        )
        clients[id] = client
        try client.open(
            SocketTarget(
                url: address.origin,
                connection: connection,
                connectSeconds: CurlStream.connectSeconds,
                bytesPerSecond: bytesPerSecond
            )
        )
    }

    /// Sends a text message over a socket that is open; it goes out with the next turn at the latest. Without effect for
    /// any other.
    package func send(_ id: Int, text: String) {
        guard let client = clients[id] else { return }
        client.say(text.utf8)
        unsent.append(id)
    }

    /// Hands over what was said since the last turn.
    func sendUnsent() {
        guard !unsent.isEmpty else { return }
        let waiting = unsent
        unsent.removeAll(keepingCapacity: true)
        for id in waiting { clients[id]?.send() }
    }
}

/// A URL at which a WebSocket is opened.
struct SocketURL {
    /// What libcurl connects to.
    var origin: String
    private var authority: Substring
    /// Path and query.
    private var target: String

    /// `nil` for other schemes, and where there is what no line of a request may hold.
    init?(_ url: String) {
        let schemes = [
            ("ws://", "http://"), ("wss://", "https://"), ("http://", "http://"), ("https://", "https://"),
        ]
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !url.contains("#"),
            let (given, scheme) = schemes.first(where: { url.lowercased().hasPrefix($0.0) })
        else { return nil }
        let rest = url.dropFirst(given.count)
        authority = rest.prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.contains("@") else { return nil }
        let path = rest.dropFirst(authority.count)
        target = path.hasPrefix("/") ? String(path) : "/" + path
        origin = scheme + authority + "/"
    }

    /// The request to go over to WebSocket (RFC 6455, section 4.1).
    func request(key: [UInt8], headers: [String]) -> [UInt8] {
        var lines = [
            "GET \(target) HTTP/1.1", "Host: \(authority)", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: \(String(decoding: key, as: UTF8.self))",
        ]
        lines += headers
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
