package import NIOCore
package import NIOHTTP1

/// What answers the requests of connections; confined to their event loop.
package protocol ExchangeService: AnyObject {
    /// The wall clock, for the `Date` of answers.
    var date: MeshTime { get }
    /// Whether connections are closed after the answer that is under way.
    var isLeaving: Bool { get }
    /// How long a connection may stay unable to take more bytes before it is closed.
    var writeStall: TimeAmount { get }

    /// Whether there is room for one more connection; where there is, `closeConnection` follows in the end.
    func openConnection() -> Bool
    func closeConnection()
    /// Answers a whole request: `exchange` is told once, now or later.
    func answer(_ head: HTTPRequestHead, body: [UInt8], _ exchange: HTTPExchange<Self>)
    /// Answers a request whose body is longer than `MeshLimits.body`.
    func refuse(_ head: HTTPRequestHead, _ exchange: HTTPExchange<Self>)
    /// A connection sent what is not HTTP, or a body beyond any use.
    func countBrokenConnection()
    /// A connection was closed because its reader took nothing for too long.
    func countSlowReader()
}

/// An answer of events that goes on; confined to the event loop of its connection.
package protocol ServedStream: AnyObject {
    /// The reader takes more bytes again.
    func resume()
    /// The connection has gone.
    func close()
}
