import Packets

/// What stands between a host and a complete capture, judged from what the host says and what was seen.
package struct Diagnosis: Sendable {
    package let facts: HostFacts
    /// What a recording with the same interface and ports would have got.
    package let recorded: TrafficSample
    /// What all interfaces showed, tunnels included; `nil` where that could not be looked at.
    package let everywhere: TrafficSample?
    /// Most problems first in the order in which they are to be solved, then advice.
    package let findings: [Finding]

    package init(facts: HostFacts, recorded: TrafficSample, everywhere: TrafficSample?) {
        self.facts = facts
        self.recorded = recorded
        self.everywhere = everywhere
        var judgement = Judgement(facts: facts, recorded: recorded, everywhere: everywhere)
        judgement.judge()
        findings =
            judgement.findings.filter { $0.level == .problem }
            + judgement.findings.filter { $0.level == .advice }
    }

    /// Whether nothing stands in the way.
    package var isFine: Bool { !findings.contains { $0.level == .problem } }
}

/// The rules of a diagnosis, one function each.
private struct Judgement {
    let facts: HostFacts
    let recorded: TrafficSample
    let everywhere: TrafficSample?
    var findings: [Finding] = []

    init(facts: HostFacts, recorded: TrafficSample, everywhere: TrafficSample?) {
        (self.facts, self.recorded, self.everywhere) = (facts, recorded, everywhere)
    }

    mutating func judge() {
        if judgeInterface() { return }
        judgePlace()
        judgeSides()
        judgeContent()
        judgeTunnels()
        judgeLengths()
        judgeLosses()
        judgeClocks()
        judgeListeners()
    }

    private mutating func problem(_ code: Finding.Code, _ text: String, _ remedy: String? = nil) {
        findings.append(Finding(.problem, code, text, remedy: remedy))
    }

    private mutating func advice(_ code: Finding.Code, _ text: String, _ remedy: String? = nil) {
        findings.append(Finding(.advice, code, text, remedy: remedy))
    }

    private var portsText: String {
        switch facts.ports.count {
        case 0: "any TCP port"
        case 1: "port \(facts.ports[0])"
        default: "ports " + facts.ports.map { "\($0)" }.joined(separator: ", ")
        }
    }

    /// The options with which the same is recorded.
    private func options(interface: String? = nil) -> String {
        (["-i \(interface ?? facts.interface)"] + facts.ports.map { "-p \($0)" }).joined(separator: " ")
    }

    /// Whether nothing could be captured at all, so that nothing else can be said.
    private mutating func judgeInterface() -> Bool {
        guard facts.exists else {
            let names = facts.interfaces.joined(separator: ", ")
            problem(
                .noSuchInterface,
                "there is no interface \(facts.interface)",
                names.isEmpty ? nil : "Name one of these: \(names)"
            )
            return true
        }
        if let refusal = facts.refusal {
            problem(.notPermitted, refusal, facts.refusalRemedy)
            return true
        }
        if !facts.isUp {
            problem(
                .interfaceDown,
                "the interface \(facts.interface) is down",
                "Run `sudo ip link set \(facts.interface) up`"
            )
            return true
        }
        return false
    }

    /// Where the traffic is.
    private mutating func judgePlace() {
        let others = interfacesElsewhere()
        let isInTunnel = recorded.packets == 0 && !tunnelsElsewhere().isEmpty
        if let busiest = others.first, recorded.packets == 0, !isInTunnel {
            problem(
                .otherInterface,
                "the traffic of \(portsText) is on \(others.map(\.name).joined(separator: ", ")), "
                    + "none of it on \(facts.interface)",
                "Record with `\(options(interface: busiest.name))`, or with -i any"
            )
        } else if let busiest = others.first, recorded.packets > 0, busiest.packets > recorded.packets {
            advice(
                .otherInterface,
                "\(busiest.name) shows \(busiest.packets) packets of \(portsText), "
                    + "\(facts.interface) shows \(recorded.packets)",
                "Where all of it is wanted, record with -i any: copies are left out"
            )
        } else if recorded.packets == 0, !isInTunnel {
            problem(
                .noTraffic,
                "no traffic of \(portsText) came while this listened on \(facts.interface)",
                noTrafficRemedy
            )
            if facts.isInContainer {
                advice(
                    .container,
                    "this process is in a network of its own, and sees only what passes there",
                    "On the host, run it outside of the container or in the host's network (docker run --network host)"
                )
            }
        }
    }

    private var noTrafficRemedy: String {
        switch facts.listening {
        case .nobody:
            "Nobody listens on \(portsText) here: check the port, or run this where the traffic passes"
        case .onLoopbackOnly where !facts.isLoopback:
            "The server listens on the loopback interface only: record with `\(options(interface: "lo"))`"
        case .onLoopbackOnly, .elsewhere, .unknown: "Send a request, or listen longer with --duration"
        }
    }

    /// Other interfaces that show packets of the ports, the busiest first.
    private func interfacesElsewhere() -> [(name: String, packets: UInt64)] {
        guard let own = facts.index, let everywhere else { return [] }
        return everywhere.byInterface.filter { $0.key != own && $0.key != 0 }
            .map { (facts.names[$0.key] ?? "interface \($0.key)", $0.value) }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    private mutating func judgeSides() {
        let few: UInt64 = 3
        let sides = (recorded.toServer, recorded.fromServer)
        guard max(sides.0, sides.1) >= few, min(sides.0, sides.1) == 0 else { return }
        let missing = sides.0 == 0 ? "to" : "from"
        problem(
            .oneSided,
            "only one side of the traffic is here: nothing \(missing) the server on \(portsText)",
            "Check that the mirror copies both directions, or that both take the same way; -i any shows all interfaces"
        )
    }

    private mutating func judgeContent() {
        if recorded.tls > 0 {
            let text = "\(recorded.tls) TLS sessions began on \(portsText)"
            let remedy =
                "Record behind the point where TLS ends: on the port between the proxy and the server, often on lo"
            if recorded.http == 0 { problem(.tls, text, remedy) } else { advice(.tls, text, remedy) }
        } else if recorded.http == 0, recorded.loaded >= 10 {
            problem(
                .notHTTP,
                "nothing on \(portsText) starts like HTTP, in \(recorded.loaded) packets with payload",
                "Check the port; traffic inside TLS that began before this listened looks the same"
            )
        }
    }

    /// The kinds of tunnels in which traffic of the ports stands that a recording would not get.
    private func tunnelsElsewhere() -> [Tunnel.Kind] {
        guard let everywhere else { return [] }
        return everywhere.tunnelled.filter { recorded.tunnelled[$0.key] == nil }.keys.sorted {
            $0.rawValue < $1.rawValue
        }
    }

    private mutating func judgeTunnels() {
        let kinds = tunnelsElsewhere()
        if !kinds.isEmpty {
            let names = kinds.map(\.rawValue).joined(separator: ", ")
            let remedy = "Record with \(kinds.map { "--tunnel \($0.rawValue)" }.joined(separator: " "))"
            if recorded.packets == 0 {
                problem(.tunnel, "the traffic of \(portsText) is inside of \(names)", remedy)
            } else {
                advice(
                    .tunnel,
                    "some traffic of \(portsText) is inside of \(names)",
                    remedy + " where it is wanted"
                )
            }
        }
        if recorded.tagged > 0 {
            advice(
                .vlan,
                "\(recorded.tagged) packets of \(portsText) carry VLAN tags",
                "-p looks behind two of them; an expression for -f needs `vlan and` before its terms"
            )
        }
    }

    private mutating func judgeLengths() {
        if recorded.cut > 0 {
            let offloads = facts.offloads.isEmpty ? "gro" : facts.offloads.joined(separator: ", ")
            problem(
                .cutPackets,
                "\(recorded.cut) packets are longer than the snapshot length of \(facts.snapshotLength) bytes, "
                    + "the longest \(recorded.longestPacket); offloads that are on: \(offloads)",
                "Run `sudo ip link set \(facts.interface) gro_max_size 65536 gso_max_size 65536`, "
                    + "or `sudo ethtool -K \(facts.interface) gro off lro off`"
            )
        } else if recorded.longestPacket > 9_216, !facts.offloads.isEmpty, !facts.isLoopback {
            advice(
                .offload,
                "offloads merge packets (\(facts.offloads.joined(separator: ", "))), the longest to "
                    + "\(recorded.longestPacket) bytes; they fit the snapshot length"
            )
        }
    }

    private mutating func judgeLosses() {
        let larger = Self.ringSize(for: max(recorded.peakBytes, UInt64(facts.ringBytes)))
        if facts.droppedByKernel > 0 {
            problem(
                .kernelDrops,
                "the kernel dropped \(facts.droppedByKernel) packets for want of room",
                "Record with --ring \(larger), and give the recorder more of the processor"
            )
        } else if recorded.peakBytes * 2 > UInt64(facts.ringBytes) {
            problem(
                .ringTooSmall,
                "up to \(recorded.peakBytes) bytes came within 100 ms, more than half of the ring of \(facts.ringBytes)",
                "Record with --ring \(larger)"
            )
        }
        if facts.droppedByInterface > 0 {
            problem(
                .interfaceDrops,
                "the interface \(facts.interface) dropped \(facts.droppedByInterface) packets before they could be captured",
                "Enlarge its queue with `sudo ethtool -G \(facts.interface) rx 4096`"
            )
        }
    }

    /// The next power of two above four times the bytes, within what the recorder takes.
    private static func ringSize(for bytes: UInt64) -> String {
        var mebibytes: UInt64 = 64
        while mebibytes < 1_024, mebibytes << 20 < bytes &* 2 { mebibytes *= 2 }
        return "\(mebibytes)MiB"
    }

    private mutating func judgeClocks() {
        let limit: Int64 = 50_000_000
        if facts.clockStep.magnitude > UInt64(limit) {
            problem(
                .clockStep,
                "the clock of the day was set by \(facts.clockStep / 1_000_000) ms while this listened",
                "Let one program alone keep the time, by slewing: chronyd without makestep, or ntpd -x"
            )
        }
        if recorded.backwards > 0 {
            problem(
                .timesGoBack,
                "the times of \(recorded.backwards) packets lie before those of the packets ahead of them, "
                    + "by up to \(recorded.largestStepBack / 1_000_000) ms",
                "Check the clock, and hardware time stamps of the interface (ethtool -T \(facts.interface))"
            )
        }
    }

    private mutating func judgeListeners() {
        guard recorded.packets > 0, !facts.ports.isEmpty, facts.listening == .nobody else { return }
        advice(
            .nobodyListens,
            "nobody on this host listens on \(portsText)",
            "On a router or behind a mirror that is as it should be"
        )
    }
}
