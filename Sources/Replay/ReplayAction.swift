/// A place in the table of requests in flight, used again after the request has ended.
package typealias TransferID = Int

/// A connection of the replay: requests with the same number go over the same connection.
package typealias ConnectionID = UInt32

/// What the machine wants from its transport.
package enum ReplayAction: Hashable, Sendable {
    /// Send the request of this transfer; opens the connection where it is not open.
    case start(TransferID, on: ConnectionID)
    /// Give up the transfer; the machine expects `finish(_:outcome:at:)` with `.aborted` at once.
    case abort(TransferID)
}
