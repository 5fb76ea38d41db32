import NIOHTTP1

/// One request of a connection, to be answered once; confined to the event loop.
package final class HTTPExchange<Service: ExchangeService> {
    /// Who asks, as an address.
    package let peer: String?
    /// Whether the connection stays open after the answer.
    package var keepAlive: Bool
    let isHead: Bool
    /// The version of an answer of events: HTTP/1.0 has no chunks, there the end of the connection is their end.
    let version: HTTPVersion
    private weak var handler: ExchangeHandler<Service>?

    init(_ head: HTTPRequestHead, keepAlive: Bool, peer: String?, handler: ExchangeHandler<Service>) {
        isHead = head.method == .HEAD
        version = head.version
        self.keepAlive = keepAlive
        self.peer = peer
        self.handler = handler
    }

    /// Gives the whole answer; of no effect where the connection has gone or an answer was given.
    package func reply(_ reply: MeshReply) {
        handler?.complete(reply, of: self)
    }

    /// Begins to answer with the events of the stream that `make` gives; `nil` where the reader has gone.
    package func openStream<Stream: ServedStream>(
        _ make: (ExchangeHandler<Service>) -> Stream
    ) -> Stream? {
        handler?.openStream(for: self, make)
    }
}
