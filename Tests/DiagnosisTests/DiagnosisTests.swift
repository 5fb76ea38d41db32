import Bytes
import Diagnosis
import Packets
import Testing

@Suite("What stands in the way of a capture")
struct DiagnosisTests {
    /// Packets as a sample takes them.
    private struct Traffic {
        var sample: TrafficSample
        var time: Int64 = 0
        var interface: Int?

        init(ports: [UInt16] = [80], interface: Int? = nil) {
            sample = TrafficSample(ports: ports)
            self.interface = interface
        }

        mutating func packet(
            toServer: Bool,
            _ payload: [UInt8] = [],
            number: UInt8 = 6,
            around: [UInt8] = [],
            original: Int? = nil,
            later: Int64 = 1_000_000
        ) {
            time += later
            let bytes = around + Self.ipv4(toServer: toServer, payload)
            sample.take(
                bytes.span,
                originalLength: original ?? bytes.count,
                link: around.isEmpty ? .rawIP : .ethernet,
                interface: interface,
                at: PacketTime(nanoseconds: time)
            )
        }

        mutating func exchange(
            _ request: String = "GET / HTTP/1.1\r\n",
            _ response: String = "HTTP/1.1 200 OK\r\n"
        ) {
            packet(toServer: true, Array(request.utf8))
            packet(toServer: false, Array(response.utf8))
        }

        private static func ipv4(toServer: Bool, _ payload: [UInt8]) -> [UInt8] {
            var bytes: [UInt8] = [0x45, 0]
            bytes.appendBigEndian(UInt16(40 + payload.count))
            bytes += [0, 0, 0x40, 0, 64, 6, 0, 0]
            let client: [UInt8] = [10, 0, 0, 1]
            let server: [UInt8] = [10, 0, 0, 2]
            bytes += toServer ? client + server : server + client
            bytes.appendBigEndian(UInt16(toServer ? 40_000 : 80))
            bytes.appendBigEndian(UInt16(toServer ? 80 : 40_000))
            bytes += [0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 1, 0, 0, 0, 0, 0]
            return bytes + payload
        }
    }

    private static let vlan: [UInt8] = [UInt8](repeating: 2, count: 12) + [0x81, 0, 0, 7, 8, 0]
    private static let mpls: [UInt8] = [UInt8](repeating: 2, count: 12) + [0x88, 0x47, 0, 1, 1, 64]

    private static func facts(_ change: (inout HostFacts) -> Void = { _ in }) -> HostFacts {
        var facts = HostFacts(interface: "eth0")
        facts.ports = [80]
        facts.index = 2
        facts.interfaces = ["lo", "eth0", "eth1"]
        facts.names = [1: "lo", 2: "eth0", 3: "eth1"]
        facts.listening = .elsewhere
        change(&facts)
        return facts
    }

    private static func usual() -> TrafficSample {
        var traffic = Traffic()
        for _ in 0..<10 { traffic.exchange() }
        return traffic.sample
    }

    /// A case: what the host says and what was seen, and the findings that follow, problems first.
    struct Row: CustomTestStringConvertible {
        let testDescription: String
        let diagnosis: Diagnosis
        let codes: [Finding.Code]
        let isFine: Bool
        let remedy: String?

        init(
            _ reason: String,
            _ facts: HostFacts = DiagnosisTests.facts(),
            _ recorded: TrafficSample = DiagnosisTests.usual(),
            everywhere: TrafficSample? = nil,
            finds codes: [Finding.Code],
            isFine: Bool = false,
            remedy: String? = nil
        ) {
            testDescription = reason
            diagnosis = Diagnosis(facts: facts, recorded: recorded, everywhere: everywhere)
            (self.codes, self.isFine, self.remedy) = (codes, isFine, remedy)
        }
    }

    private static func made(interface: Int? = nil, _ body: (inout Traffic) -> Void) -> TrafficSample {
        var traffic = Traffic(interface: interface)
        body(&traffic)
        return traffic.sample
    }

    private static let nothing = TrafficSample(ports: [80])

    static let rows = [
        Row("nothing is wrong", finds: [], isFine: true),
        Row(
            "not permitted",
            facts {
                $0.refusal = "capturing on eth0 is not permitted"
                $0.refusalRemedy = "Run setcap"
            },
            nothing,
            finds: [.notPermitted],
            remedy: "Run setcap"
        ),
        Row(
            "no such interface",
            facts { $0.exists = false },
            nothing,
            finds: [.noSuchInterface],
            remedy: "lo, eth0, eth1"
        ),
        Row(
            "interface down",
            facts { $0.isUp = false },
            nothing,
            finds: [.interfaceDown],
            remedy: "ip link set eth0 up"
        ),
        Row("silence", facts(), nothing, finds: [.noTraffic], remedy: "--duration"),
        Row(
            "silence, nobody listens",
            facts { $0.listening = .nobody },
            nothing,
            finds: [.noTraffic],
            remedy: "Nobody listens"
        ),
        Row(
            "silence, listens on loopback",
            facts { $0.listening = .onLoopbackOnly },
            nothing,
            finds: [.noTraffic],
            remedy: "-i lo -p 80"
        ),
        Row(
            "silence in a container",
            facts { $0.isInContainer = true },
            nothing,
            finds: [.noTraffic, .container]
        ),
        Row(
            "all of it elsewhere",
            facts(),
            nothing,
            everywhere: made(interface: 3) { $0.exchange() },
            finds: [.otherInterface],
            remedy: "-i eth1 -p 80"
        ),
        Row(
            "more of it elsewhere",
            facts(),
            made { for _ in 0..<5 { $0.exchange() } },
            everywhere: made(interface: 3) { for _ in 0..<20 { $0.exchange() } },
            finds: [.otherInterface],
            isFine: true,
            remedy: "-i any"
        ),
        Row(
            "only requests",
            facts(),
            made { for _ in 0..<5 { $0.packet(toServer: true, Array("GET / ".utf8)) } },
            finds: [.oneSided],
            remedy: "mirror"
        ),
        Row(
            "only responses",
            facts(),
            made { for _ in 0..<5 { $0.packet(toServer: false, Array("HTTP/1.1 200".utf8)) } },
            finds: [.oneSided]
        ),
        Row(
            "TLS",
            facts(),
            made {
                $0.packet(toServer: true, [22, 3, 1, 0, 9, 1, 0]);
                $0.packet(toServer: false, [22, 3, 3, 0, 9, 2])
            },
            finds: [.tls],
            remedy: "proxy"
        ),
        Row(
            "TLS and HTTP",
            facts(),
            made {
                $0.packet(toServer: true, [22, 3, 1, 0, 9, 1, 0])
                $0.exchange()
            },
            finds: [.tls],
            isFine: true
        ),
        Row(
            "neither",
            facts(),
            made { for _ in 0..<10 { $0.exchange("SSH-2.0", "SSH-2.0") } },
            finds: [.notHTTP]
        ),
        Row(
            "all of it in a tunnel",
            facts(),
            nothing,
            everywhere: made(interface: 2) { for _ in 0..<5 { $0.packet(toServer: true, around: mpls) } },
            finds: [.tunnel],
            remedy: "--tunnel mpls"
        ),
        Row(
            "VLAN tags",
            facts(),
            made {
                for _ in 0..<5 {
                    $0.packet(toServer: true, Array("GET / ".utf8), around: vlan)
                    $0.packet(toServer: false, around: vlan)
                }
            },
            finds: [.vlan],
            isFine: true,
            remedy: "vlan and"
        ),
        Row(
            "packets longer than the snapshot length",
            facts { $0.offloads = ["gro", "lro"] },
            made {
                $0.packet(toServer: true, Array("GET / ".utf8), original: 300_000)
                $0.packet(toServer: false, Array("HTTP/1.1 200".utf8))
            },
            finds: [.cutPackets],
            remedy: "gro off"
        ),
        Row("kernel drops", facts { $0.droppedByKernel = 9 }, finds: [.kernelDrops], remedy: "--ring 128MiB"),
        Row(
            "interface drops",
            facts { $0.droppedByInterface = 9 },
            finds: [.interfaceDrops],
            remedy: "ethtool -G eth0"
        ),
        Row(
            "a ring too small",
            facts { $0.ringBytes = 1024 },
            finds: [.ringTooSmall],
            remedy: "--ring 64MiB"
        ),
        Row(
            "the clock was set",
            facts { $0.clockStep = -2_000_000_000 },
            finds: [.clockStep],
            remedy: "slewing"
        ),
        Row(
            "packet times go back",
            facts(),
            made {
                $0.exchange()
                $0.packet(toServer: true, later: -500_000_000)
            },
            finds: [.timesGoBack]
        ),
        Row(
            "nobody listens, but traffic passes",
            facts { $0.listening = .nobody },
            finds: [.nobodyListens],
            isFine: true
        ),
    ]

    @Test(arguments: rows)
    func finds(row: Row) {
        #expect(row.diagnosis.findings.map(\.code) == row.codes)
        #expect(row.diagnosis.isFine == row.isFine)
        if let remedy = row.remedy {
            #expect(
                row.diagnosis.findings.contains { $0.remedy?.contains(remedy) == true },
                "\(row.diagnosis.findings)"
            )
        }
    }

    @Test("Every kind of finding but that of merged packets has a case, and problems stand before advice")
    func everyCode() {
        let found = Set(Self.rows.flatMap { $0.diagnosis.findings.map(\.code) })
        #expect(Set(Finding.Code.allCases).subtracting(found) == [.offload])
        for row in Self.rows {
            let levels = row.diagnosis.findings.map(\.level)
            #expect(levels == levels.filter { $0 == .problem } + levels.filter { $0 == .advice })
        }
    }

    @Test("A peak is what came within the time that the kernel gathers packets")
    func peaks() {
        let sample = Self.made {
            for _ in 0..<10 { $0.packet(toServer: true, later: 1_000_000) }
            $0.packet(toServer: true, later: 1_000_000_000)
        }
        // Ten packets of 40 bytes and what the ring needs for each.
        #expect(sample.peakBytes == 10 * 136)
    }
}
