/// What was counted of the live logs of a stage, by tenant.
package struct LogCounts: Hashable, Sendable {
    package struct Tenant: Hashable, Sendable {
        /// Streams that were there, each time they were.
        package var opened: UInt64 = 0
        /// Answers that were no stream, and connections that gave none.
        package var refused: UInt64 = 0
        /// Connections that the target, or something on the way, gave up before the end.
        package var cut: UInt64 = 0
        /// Connections that were given up here on purpose, and how many streams went on after either.
        package var reconnects: UInt64 = 0
        package var resumed: UInt64 = 0
        package var lines: UInt64 = 0
        /// Lines written before their stream was there, of which no lag is told.
        package var backlog: UInt64 = 0
        /// Lines that say they were written after they came, of which no lag is told.
        package var ahead: UInt64 = 0
        /// Events without the name of a line.
        package var unreadable: UInt64 = 0
    }

    package private(set) var tenants: [String: Tenant] = [:]
    /// The most streams that were open at once.
    package var peak = 0
    /// Runs that nobody here may read.
    package var unread: UInt64 = 0
    /// Runs for which there was no stream left.
    package var beyond: UInt64 = 0

    mutating func note(_ tenant: String, _ change: (inout Tenant) -> Void) {
        change(&tenants[tenant, default: Tenant()])
    }

    func all(_ part: (Tenant) -> UInt64) -> UInt64 { tenants.values.reduce(0) { $0 + part($1) } }
}
