import Bytes
import Capture
import Glibc
import Packets
import Testing

/// Whether this process may open packet sockets.
let mayCapture: Bool = {
    let descriptor = socket(AF_PACKET, Int32(SOCK_RAW.rawValue), 0)
    guard descriptor >= 0 else { return false }
    close(descriptor)
    return true
}()

@Suite(
    "Live capture on loopback",
    .enabled(if: mayCapture, "needs the right to open packet sockets (cap_net_raw)"),
    .serialized
)
struct LiveCaptureTests {
    /// Both name the loopback interface; `any` shows each of its packets twice to those who do not take care.
    @Test("Every segment is seen once and the statistics add up", arguments: ["lo", "any"])
    func capturesEachSegmentOnce(interface: String) throws {
        let traffic = try LoopbackTraffic()
        defer { traffic.end() }
        var handle = try CaptureHandle(
            interface: interface,
            filter: .ports([traffic.port]),
            stop: CaptureStop()
        )
        let rounds = 20
        for round in 0..<rounds { #expect(traffic.send("message \(round)")) }

        var seen = Sightings()
        try handle.drain { bytes, packet in seen.receive(bytes, packet, port: traffic.port) }
        let expected = (0..<rounds).map { "message \($0)" }
        #expect(seen.payloads == expected)
        #expect(seen.handshakes == rounds * 2)
        #expect(seen.isInOrder)
        #expect(seen.others == 0)

        let statistics = try handle.statistics()
        #expect(statistics.delivered == UInt64(seen.packets))
        #expect(statistics.received == statistics.delivered)
        #expect(statistics.discarded == 0)
        #expect(statistics.droppedByKernel == 0)
    }

    @Test("Without a filter everything comes, still once", arguments: ["lo", "any"])
    func unfiltered(interface: String) throws {
        let traffic = try LoopbackTraffic()
        defer { traffic.end() }
        var handle = try CaptureHandle(interface: interface, stop: CaptureStop())
        #expect(handle.link == (interface == "any" ? .linuxCooked2 : .ethernet))
        #expect(traffic.send("to everybody"))
        var seen = Sightings()
        try handle.drain { bytes, packet in seen.receive(bytes, packet, port: traffic.port) }
        #expect(seen.payloads == ["to everybody"])
        #expect(seen.handshakes == 2)
        #expect(try handle.statistics().discarded == 0)
    }

    @Test("Packets that find no room in the ring are counted, and the sum still holds")
    func countsDrops() throws {
        let traffic = try LoopbackTraffic()
        defer { traffic.end() }
        var options = CaptureOptions()
        options.ringBytes = 1 << 18
        var handle = try CaptureHandle(
            interface: "lo",
            filter: .ports([traffic.port]),
            options: options,
            stop: CaptureStop()
        )
        // Some eight packets each: several times what the ring holds.
        for _ in 0..<2000 { #expect(traffic.send("burst")) }
        var seen = Sightings()
        try handle.drain { bytes, packet in seen.receive(bytes, packet, port: traffic.port) }
        let statistics = try handle.statistics()
        #expect(statistics.droppedByKernel > 0)
        #expect(statistics.delivered == UInt64(seen.packets))
        #expect(statistics.received == statistics.delivered + statistics.droppedByKernel)
    }

    @Test("The times are nanoseconds of the wall clock")
    func timesAreWallClock() throws {
        let traffic = try LoopbackTraffic()
        defer { traffic.end() }
        var handle = try CaptureHandle(
            interface: "lo",
            filter: .ports([traffic.port]),
            stop: CaptureStop()
        )
        let before = wallClock()
        #expect(traffic.send("tick"))
        let after = wallClock()
        var times: [Int64] = []
        try handle.drain { _, packet in times.append(packet.time.nanoseconds) }
        // The last acknowledgements may follow the closing of the sockets.
        #expect(times.first.map { before...after ~= $0 } == true)
        // Microseconds would leave three zeros at the end of every single one.
        #expect(times.contains { $0 % 1000 != 0 })
    }

    @Test("A stop asked for by another thread ends a wait without end")
    func stopEndsTheWait() async throws {
        let stop = CaptureStop()
        async let count: Int = {
            var handle = try CaptureHandle(interface: "lo", filter: .text("tcp port 0"), stop: stop)
            return try handle.dispatch(milliseconds: -1) { _, _ in }
        }()
        stop.request()
        #expect(try await count == 0)
    }

    @Test("A filter that is replaced holds from then on")
    func replacesTheFilter() throws {
        let traffic = try LoopbackTraffic()
        defer { traffic.end() }
        var handle = try CaptureHandle(interface: "lo", filter: .ports([traffic.port]), stop: CaptureStop())
        try handle.setFilter(.text("udp port 0"))
        #expect(traffic.send("unseen"))
        var count = 0
        try handle.drain { _, _ in count += 1 }
        #expect(count == 0)
    }

    @Test("An unknown interface is answered with those that exist")
    func unknownInterface() throws {
        let error = #expect(throws: CaptureError.self) {
            _ = try CaptureHandle(interface: "nosuch0", stop: CaptureStop())
        }
        #expect(error?.code == .unknownInterface)
        let text = try #require(error).description
        #expect(text.hasPrefix("there is no interface nosuch0. These exist: "))
        #expect(text.contains("lo"))
    }

    @Test("A filter that does not compile is named with libpcap's reason")
    func badFilter() throws {
        let error = #expect(throws: CaptureError.self) {
            _ = try CaptureHandle(interface: "lo", filter: .text("tcp prot 80"), stop: CaptureStop())
        }
        #expect(error?.code == .badFilter)
        let text = try #require(error).description
        #expect(text.contains("the filter \"tcp prot 80\" does not compile for EN10MB: "))
    }

    private func wallClock() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

/// What a test saw of its own traffic.
private struct Sightings {
    private let dissector = PacketDissector()
    private var lastTime = PacketTime.distantPast
    private(set) var packets = 0
    private(set) var payloads: [String] = []
    private(set) var handshakes = 0
    private(set) var others = 0
    private(set) var isInOrder = true

    mutating func receive(_ bytes: Span<UInt8>, _ packet: CapturedPacket, port: UInt16) {
        packets += 1
        isInOrder = isInOrder && lastTime <= packet.time
        lastTime = packet.time
        let dissection = dissector.dissect(bytes, originalLength: packet.originalLength, link: packet.link)
        guard case .segment(let segment) = dissection, PortSet([port]).contains(segment) else {
            others += 1
            return
        }
        if segment.flags.contains(.syn) { handshakes += 1 }
        if !segment.payload.isEmpty {
            payloads.append(String(decoding: Array(bytes.extracting(segment.payload.bounds)), as: UTF8.self))
        }
    }
}
