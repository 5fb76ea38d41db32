/// Why a transaction came to nothing.
package enum DatabaseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// As many transactions wait for a connection as may wait.
    case queueFull
    /// No connection became free in time.
    case waitedTooLong
    /// The connection broke; whether the transaction was committed is not known.
    case connectionLost(String)
    /// The server refused a statement; nothing was written.
    case refused(state: SQLState, message: String)
    /// The database was closed meanwhile.
    case closed

    package var description: String {
        switch self {
        case .queueFull: "too many transactions wait for a connection"
        case .waitedTooLong: "no connection became free in time"
        case .connectionLost(let reason): "the connection to the database broke: \(reason)"
        case .refused(let state, let message): "the database refused (\(state.rawValue)): \(message)"
        case .closed: "the database is closed"
        }
    }
}

/// The five letters that say what is wrong with a statement (PostgreSQL manual, appendix A).
package struct SQLState: RawRepresentable, Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) { self.rawValue = rawValue }

    /// Whether it is the server's state, and not the statement: it lacks something (class 53), or stops (57P).
    package var isPassing: Bool { rawValue.hasPrefix("53") || rawValue.hasPrefix("57P") }

    package static let duplicateObject = SQLState(rawValue: "42710")
    package static let duplicateDatabase = SQLState(rawValue: "42P04")
    package static let uniqueViolation = SQLState(rawValue: "23505")
    package static let insufficientPrivilege = SQLState(rawValue: "42501")
    package static let unknown = SQLState(rawValue: "XX000")
}
