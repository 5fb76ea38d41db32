/// The bounds of everything the browser keeps or takes; hitting one is told on the page.
package struct BrowserLimits: Sendable {
    /// Exchanges that are listed; further ones are counted. 64 bytes each.
    package var exchanges = 20_000_000
    /// Connections whose addresses are kept.
    package var connections = 1_000_000
    /// Kinds of requests that are told apart, 65,534 at most; further ones share one.
    package var routes = 16_384
    /// Notes of the recorder that are kept.
    package var notes = 65_536
    /// Bytes of inflated blocks that are kept for the next look.
    package var keptBlocks = 16 << 20
    /// Bytes of heads and bodies of one exchange that are put together.
    package var exchangeBytes = 16 << 20
    /// Blocks that are looked into for the end of one message.
    package var blocksPerMessage = 4_096
    /// Bytes of a body that stand in an answer; the rest can be downloaded.
    package var shownBody = 1 << 20
    /// Bytes that a body may have without its content coding.
    package var decodedBody = 16 << 20
    /// WebSocket messages that are shown of one exchange.
    package var shownEvents = 500
    /// Exchanges in one page of the list.
    package var page = 200
    /// Columns of the time line.
    package var columns = 500
    /// Routes that are listed beside the exchanges.
    package var shownRoutes = 200
    /// Searches that are kept; a further one ends the oldest.
    package var searches = 3
    /// Bytes of a target of a request to the browser itself.
    package var target = 8_192
    /// Bytes of a body of a request to the browser itself.
    package var body = 4_096
    /// Connections to the browser itself; a further one is closed at once.
    package var clients = 64
    /// Seconds within which a request to the browser itself has to be whole.
    package var requestSeconds: Int64 = 10
    /// Seconds that a connection to the browser itself may be silent or not take its answer.
    package var idleSeconds: Int64 = 60

    package init() {}
}
