import Bytes
import Packets
import Testing

@Suite("Copies of a packet on several interfaces")
struct PacketCopiesTests {
    /// A step: a segment's sequence number and payload on an interface, and whether it is a copy.
    private static func check(_ steps: [(sequence: UInt32, text: String, interface: Int, isCopy: Bool)]) {
        var copies = PacketCopies()
        for (index, step) in steps.enumerated() {
            var segment = Self.segment
            segment.sequence = step.sequence
            let payload = Array(step.text.utf8)
            #expect(copies.isCopy(segment, payload.span, on: step.interface) == step.isCopy, "step \(index)")
        }
    }

    private static let segment = TCPSegment(
        source: Endpoint(address: IPAddress(ipv4: 1), port: 1),
        destination: Endpoint(address: IPAddress(ipv4: 2), port: 2),
        sequence: 0,
        acknowledgement: 0,
        flags: .acknowledgement,
        window: 1,
        payload: ByteRange(offset: 0, count: 0),
        uncaptured: 0
    )

    @Test("On its way through a host a packet is seen once, however often it is sent")
    func way() {
        Self.check([
            (1, "a", 3, false), (1, "a", 4, true), (1, "a", 5, true),
            // The same sent again takes the same way.
            (1, "a", 3, false), (1, "a", 4, true), (1, "a", 5, true),
            (2, "b", 3, false), (2, "b", 5, true),
        ])
    }

    @Test("On one interface nothing is a copy")
    func single() {
        Self.check([(1, "a", 3, false), (1, "a", 3, false), (1, "a", 3, false)])
    }

    @Test("Other bytes or another number make another packet")
    func others() {
        Self.check([
            (1, "a", 3, false), (1, "b", 4, false), (2, "a", 4, false), (1, "aa", 4, false),
            (1, "a", 4, true),
        ])
    }

    @Test("The virtual network around a packet makes no other one of it")
    func tunnelled() {
        var copies = PacketCopies()
        var segment = Self.segment
        let payload: [UInt8] = [1, 2, 3]
        segment.network = 9
        let outer = copies.isCopy(segment, payload.span, on: 2)
        segment.network = 0
        let inner = copies.isCopy(segment, payload.span, on: 7)
        #expect(!outer && inner)
    }

    @Test("What is remembered is bounded, and forgetting lets copies through but takes nothing away")
    func bounded() {
        var copies = PacketCopies()
        var segment = Self.segment
        var found = 0
        let count = PacketCopies.capacity * 4
        for interface in [1, 2] {
            for sequence in 0..<UInt32(count) {
                segment.sequence = sequence
                if copies.isCopy(segment, [UInt8]().span, on: interface) {
                    #expect(interface == 2)
                    found += 1
                }
            }
        }
        #expect(found < count / 2)
    }
}
