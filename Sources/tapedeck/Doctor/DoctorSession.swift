import Capture
import Diagnosis
import Packets

/// Listens as a recording would, and beside it on all interfaces, then judges what was seen.
struct DoctorSession {
    /// How long one capture waits before the other has its turn, in milliseconds.
    private static let turn: Int32 = 50
    /// The ring of the capture on all interfaces, in bytes: what it loses is no loss of a recording.
    private static let lookoutRing: Int32 = 16 << 20

    var interface: String
    var ports: [UInt16]
    var tunnels: [Tunnel] = []
    var ringBytes: Int32?
    /// Nanoseconds to listen.
    var duration: UInt64
    var stop: CaptureStop

    /// - Parameter started: Called when packets are being captured.
    func run(started: () -> Void = {}) throws -> Diagnosis {
        var facts = LinuxHost.facts(interface: interface, ports: ports)
        var options = CaptureOptions()
        if let ringBytes { options.ringBytes = ringBytes }
        facts.ringBytes = Int(options.ringBytes)
        facts.snapshotLength = Int(options.snapshotLength)
        var recorded = TrafficSample(ports: ports)
        guard facts.exists, facts.isUp else {
            return Diagnosis(facts: facts, recorded: recorded, everywhere: nil)
        }
        let filter = FilterExpression.ports(ports, tunnels: tunnels)
        do throws(CaptureError) {
            var handle = try CaptureHandle(interface: interface, filter: filter, options: options, stop: stop)
            var lookout = Lookout(ports: ports, stop: stop, ringBytes: Self.lookoutRing)
            started()
            let begin = Clock.monotonic()
            let offset = Self.clockOffset()
            while !stop.isRequested, Clock.monotonic() - begin < duration {
                _ = try handle.dispatch(milliseconds: Self.turn) { bytes, packet in
                    recorded.take(bytes, packet)
                }
                lookout.listen(milliseconds: Self.turn)
                let step = Self.clockOffset() - offset
                if step.magnitude > facts.clockStep.magnitude { facts.clockStep = step }
            }
            try handle.drain { bytes, packet in recorded.take(bytes, packet) }
            lookout.listen(milliseconds: 0)
            let statistics = try handle.statistics()
            facts.droppedByKernel = statistics.droppedByKernel
            facts.droppedByInterface = statistics.droppedByInterface
            return Diagnosis(facts: facts, recorded: recorded, everywhere: lookout.sample)
        } catch {
            switch error.code {
            case .permissionDenied: (facts.refusal, facts.refusalRemedy) = (error.message, error.remedy)
            case .unknownInterface: facts.exists = false
            case .interfaceDown: facts.isUp = false
            case .badFilter, .unreadableFile, .failed: throw CommandFailure(error.description)
            }
            return Diagnosis(facts: facts, recorded: recorded, everywhere: nil)
        }
    }

    /// By how much the clock of the day is ahead of the one that only goes forward.
    private static func clockOffset() -> Int64 { Clock.wall() - Int64(clamping: Clock.monotonic()) }
}

/// The capture on all interfaces, which looks into every tunnel that has a port of its own or needs none.
private struct Lookout: ~Copyable {
    private var handle: CaptureHandle?
    private var taken: TrafficSample

    init(ports: [UInt16], stop: CaptureStop, ringBytes: Int32) {
        var options = CaptureOptions()
        options.ringBytes = ringBytes
        let tunnels = Tunnel.Kind.allCases.compactMap { Tunnel($0) }
        handle = try? CaptureHandle(
            interface: "any",
            filter: .ports(ports, tunnels: tunnels),
            options: options,
            stop: stop
        )
        taken = TrafficSample(ports: ports)
    }

    /// What was seen; `nil` where the system has no such capture.
    var sample: TrafficSample? {
        switch handle {
        case .some: taken
        case .none: nil
        }
    }

    /// Takes what has come; an interface that goes away ends the listening, not the diagnosis.
    mutating func listen(milliseconds: Int32) {
        do throws(CaptureError) {
            _ = try handle?.dispatch(milliseconds: milliseconds) { bytes, packet in taken.take(bytes, packet)
            }
        } catch {
            handle = nil
        }
    }
}

extension TrafficSample {
    fileprivate mutating func take(_ bytes: Span<UInt8>, _ packet: CapturedPacket) {
        take(
            bytes,
            originalLength: packet.originalLength,
            link: packet.link,
            interface: packet.isOneOfSeveral ? packet.interface : nil,
            at: packet.time
        )
    }
}
