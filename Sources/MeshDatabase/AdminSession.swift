private import CPostgres

/// A session that waits for every answer: for setting up and for questions asked once, never for traffic.
package final class AdminSession {
    private let handle: OpaquePointer

    /// Connects, or says why not.
    package init(conninfo: String) throws(DatabaseError) {
        guard let handle = PQconnectdb(conninfo) else { throw .connectionLost("out of memory") }
        self.handle = handle
        guard PQstatus(handle) == CONNECTION_OK else {
            throw .connectionLost((PQerrorMessage(handle).map { String(cString: $0) } ?? "").oneLine)
        }
    }

    deinit { PQfinish(handle) }

    /// Runs a script of several commands as one transaction; answers the rows of the last.
    @discardableResult
    package func run(_ script: String) throws(DatabaseError) -> ResultTable {
        guard let result = PQexec(handle, script) else { throw .connectionLost("out of memory") }
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: return ResultTable(copying: result)
        default:
            let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) }
            let message = PQresultErrorMessage(result).map { String(cString: $0) } ?? ""
            guard let state else { throw .connectionLost(message.oneLine) }
            throw .refused(state: SQLState(rawValue: state), message: message.oneLine)
        }
    }

    /// `text` as a string of SQL.
    package static func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
