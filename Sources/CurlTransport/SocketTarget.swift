import Replay

/// Where connections without requests of libcurl's lead to.
struct SocketTarget {
    /// Scheme, host and port; what else there is counts for nothing.
    var url: String
    var connection: TargetConnection
    /// `:PORT:ADDRESS,ADDRESS`, what the host stands for; `nil` where that is what the connection says of it, or libcurl finds out.
    var route: [UInt8]?
    /// How long opening may take; `nil` leaves that to who asks.
    var connectSeconds: Int?
    /// How fast what comes is read at most, with so little room in the kernel that the sender notices; `nil` for no bound.
    var bytesPerSecond: Int?
}
