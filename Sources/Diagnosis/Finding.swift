/// Something that a diagnosis found, and what to do about it.
package struct Finding: Hashable, Sendable {
    package enum Level: String, Sendable {
        /// It stands between the host and a whole capture.
        case problem
        /// Worth knowing; a capture is whole all the same.
        case advice
    }

    package enum Code: String, CaseIterable, Sendable {
        case notPermitted = "not_permitted"
        case noSuchInterface = "no_such_interface"
        case interfaceDown = "interface_down"
        case noTraffic = "no_traffic"
        case otherInterface = "other_interface"
        case oneSided = "one_sided"
        case tls
        case notHTTP = "not_http"
        case tunnel
        case vlan
        case cutPackets = "cut_packets"
        case offload
        case kernelDrops = "kernel_drops"
        case interfaceDrops = "interface_drops"
        case ringTooSmall = "ring_too_small"
        case clockStep = "clock_step"
        case timesGoBack = "times_go_back"
        case nobodyListens = "nobody_listens"
        case container
    }

    package var level: Level
    package var code: Code
    /// What was found, a sentence without a full stop.
    package var text: String
    /// What to do, a sentence without a full stop.
    package var remedy: String?

    package init(_ level: Level, _ code: Code, _ text: String, remedy: String? = nil) {
        (self.level, self.code, self.text, self.remedy) = (level, code, text, remedy)
    }
}
