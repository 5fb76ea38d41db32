import Bytes
package import Packets

/// What was seen of the traffic of some ports while a diagnosis listened.
///
/// One sample is of the packets that a recording would get, another may be of everything the host shows.
package struct TrafficSample: Sendable {
    /// Packets of the ports, those seen before on another interface included.
    package private(set) var packets: UInt64 = 0
    /// All packets that were delivered, whatever their port.
    package private(set) var delivered: UInt64 = 0
    package private(set) var toServer: UInt64 = 0
    package private(set) var fromServer: UInt64 = 0
    /// First packets of connections, and the answers to them.
    package private(set) var handshakes: UInt64 = 0
    package private(set) var handshakeAnswers: UInt64 = 0
    /// Packets that start a TLS session.
    package private(set) var tls: UInt64 = 0
    /// Packets that start with an HTTP message.
    package private(set) var http: UInt64 = 0
    /// Packets with payload.
    package private(set) var loaded: UInt64 = 0
    /// Packets of which the snapshot length cut something off.
    package private(set) var cut: UInt64 = 0
    package private(set) var longestPacket = 0
    /// Packets of the ports that stood in tunnels, by kind.
    package private(set) var tunnelled: [Tunnel.Kind: UInt64] = [:]
    package private(set) var tagged: UInt64 = 0
    /// Packets of the ports by the interface that showed them, where that is known.
    package private(set) var byInterface: [Int: UInt64] = [:]
    /// Most bytes in one gathering interval, those of the ring's own records included.
    package private(set) var peakBytes: UInt64 = 0
    /// Packets whose time lies before that of the one before.
    package private(set) var backwards: UInt64 = 0
    /// The largest such step, in nanoseconds.
    package private(set) var largestStepBack: Int64 = 0

    /// How long the kernel gathers packets, in nanoseconds: peaks are measured in such intervals.
    package static let interval: Int64 = 100_000_000
    /// What the ring needs for a packet besides its bytes.
    private static let recordBytes: UInt64 = 96
    /// Interleaved processors may stamp packets this far out of order, in nanoseconds.
    private static let tolerance: Int64 = 1_000_000
    /// Most interfaces that are told apart.
    private static let interfaceLimit = 1_024

    private let ports: PortSet
    private let dissector = PacketDissector()
    private var intervalStart = Int64.min
    private var intervalBytes: UInt64 = 0
    private var lastTime: Int64?

    /// - Parameter ports: Server ports; with none, every TCP packet is of them, and the lower port is the server's.
    package init(ports: [UInt16]) {
        self.ports = PortSet(ports)
    }

    /// Takes a packet; its bytes are borrowed for the call.
    ///
    /// - Parameter interface: The system's index of where it was seen, where that is known.
    package mutating func take(
        _ packet: Span<UInt8>,
        originalLength: Int,
        link: LinkType,
        interface: Int?,
        at time: PacketTime
    ) {
        delivered &+= 1
        noteTime(time.nanoseconds, UInt64(packet.count) &+ Self.recordBytes)
        longestPacket = max(longestPacket, originalLength)
        if originalLength > packet.count { cut &+= 1 }
        switch dissector.dissect(packet, originalLength: originalLength, link: link) {
        case .segment(let segment): take(segment, of: packet, interface)
        case .fragment, .aggregate, .ignored: break
        }
    }

    private mutating func take(_ segment: TCPSegment, of packet: Span<UInt8>, _ interface: Int?) {
        guard ports.isEmpty || ports.contains(segment) else { return }
        packets &+= 1
        if let interface, byInterface[interface] != nil || byInterface.count < Self.interfaceLimit {
            byInterface[interface, default: 0] &+= 1
        }
        let isToServer =
            ports.isEmpty
            ? segment.destination.port <= segment.source.port : ports.contains(segment.destination.port)
        if isToServer { toServer &+= 1 } else { fromServer &+= 1 }
        if segment.flags.contains(.syn) {
            if segment.flags.contains(.acknowledgement) { handshakeAnswers &+= 1 } else { handshakes &+= 1 }
        }
        for kind in segment.encapsulation.tunnels { tunnelled[kind, default: 0] &+= 1 }
        if segment.encapsulation.contains(.vlan) { tagged &+= 1 }
        guard segment.payload.count > 0 else { return }
        loaded &+= 1
        switch PayloadStart(packet.extracting(segment.payload.bounds)) {
        case .tls: tls &+= 1
        case .http: http &+= 1
        case .other: break
        }
    }

    private mutating func noteTime(_ time: Int64, _ bytes: UInt64) {
        if let lastTime, time < lastTime - Self.tolerance {
            backwards &+= 1
            largestStepBack = max(largestStepBack, lastTime - time)
        }
        lastTime = time
        if time < intervalStart || time - Self.interval >= intervalStart {
            intervalStart = time
            intervalBytes = 0
        }
        intervalBytes &+= bytes
        peakBytes = max(peakBytes, intervalBytes)
    }
}

/// What the first bytes of a packet's payload look like.
enum PayloadStart {
    case tls
    case http
    case other

    private static let starts: [StaticString] = [
        "HTTP/1.", "GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "HEAD ", "OPTIONS ", "PRI * HTTP/2",
    ]

    init(_ payload: Span<UInt8>) {
        // A handshake record of TLS 1.0 to 1.3, with a client's hello (RFC 8446, sections 4 and 5.1).
        if payload.count >= 6, payload[0] == 0x16, payload[1] == 3, payload[2] <= 4, payload[5] == 1 {
            self = .tls
            return
        }
        self = Self.starts.contains { Self.begins(payload, with: $0) } ? .http : .other
    }

    private static func begins(_ payload: Span<UInt8>, with start: StaticString) -> Bool {
        guard payload.count >= start.utf8CodeUnitCount else { return false }
        return start.withUTF8Buffer { bytes in
            for index in bytes.indices where payload[index] != bytes[index] { return false }
            return true
        }
    }
}
