/// Why no more bytes of a direction will come.
package enum DirectionEnd: Sendable {
    /// The sender closed in order.
    case closed
    /// The connection was reset.
    case reset
    /// The capture ended or the connection expired: the sender may have gone on.
    case cut
}
