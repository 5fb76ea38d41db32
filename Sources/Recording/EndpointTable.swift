import Packets
import Streams

/// What was counted of each server, in rows; a bounded number of servers has one of its own.
struct EndpointTable: Sendable {
    /// Where a connection stands before it is known whose it is; nothing is counted there.
    static let unassigned = 0
    /// The servers for which there was no row left.
    static let other = 1

    private(set) var servers: [Endpoint?] = [nil, nil]
    var rows = [EndpointCounts](repeating: EndpointCounts(), count: 2)
    private var indices: [Endpoint: Int] = [:]
    private var last: (server: Endpoint, row: Int)?
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// The row of a server, which is made if there is room.
    mutating func row(of server: Endpoint, isHTTP: Bool) -> Int {
        if let last, last.server == server { return last.row }
        if let known = indices[server] {
            last = (server, known)
            return known
        }
        guard indices.count < (isHTTP ? limit : limit / 2) else { return Self.other }
        let row = rows.count
        rows.append(EndpointCounts())
        servers.append(server)
        indices[server] = row
        last = (server, row)
        return row
    }

    /// The row of a connection: the one it has, or that of the end taken for its server.
    mutating func row(of connection: ConnectionStanding, isHTTP: Bool) -> Int {
        guard connection.endpoint == Self.unassigned else { return connection.endpoint }
        return row(of: connection.server, isHTTP: isHTTP)
    }

    /// The row of a connection that is over and forgotten; its ends may have been told apart otherwise by its content.
    func row(late server: Endpoint, client: Endpoint) -> Int {
        indices[server] ?? indices[client] ?? Self.other
    }
}
