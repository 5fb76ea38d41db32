/// What a host says about itself and the interface on which a recording is to listen.
package struct HostFacts: Hashable, Sendable {
    /// Where a server on one of the ports listens.
    package enum Listening: Hashable, Sendable {
        case nobody
        /// On addresses of the loopback interface alone.
        case onLoopbackOnly
        case elsewhere
        /// The host does not tell.
        case unknown
    }

    package var interface: String
    package var ports: [UInt16] = []
    /// The system's index of the interface; `nil` for the pseudo-device that shows all.
    package var index: Int?
    package var exists = true
    package var isUp = true
    package var isLoopback = false
    /// Names of all interfaces, and of those by index.
    package var interfaces: [String] = []
    package var names: [Int: String] = [:]
    /// Why capturing is not permitted, with the remedy; `nil` when it is.
    package var refusal: String?
    package var refusalRemedy: String?
    /// Offloads of the interface that are on, as `ethtool` names them.
    package var offloads: [String] = []
    package var snapshotLength = 262_144
    package var ringBytes = 64 << 20
    package var droppedByKernel: UInt64 = 0
    package var droppedByInterface: UInt64 = 0
    /// By how much the clock of the day moved against the one that only goes forward, in nanoseconds.
    package var clockStep: Int64 = 0
    package var listening = Listening.unknown
    /// Whether this process sees another network than the host's first process, as far as that can be told.
    package var isInContainer = false

    package init(interface: String) {
        self.interface = interface
    }
}
