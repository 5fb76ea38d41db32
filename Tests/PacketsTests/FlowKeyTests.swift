import Packets
import Testing

@Suite("Keys of connections and sets of ports")
struct FlowKeyTests {
    struct Row: Sendable {
        let lower: String
        let upper: String
    }

    @Test(
        "Both directions give one key, whose lower end is told",
        arguments: [
            Row(lower: "10.0.0.1:80", upper: "10.0.0.2:79"),
            Row(lower: "10.0.0.1:80", upper: "10.0.0.1:81"),
            Row(lower: "[::1]:80", upper: "[1::]:79"),
            Row(lower: "255.0.0.1:80", upper: "[::1]:79"),
        ]
    )
    func isCanonical(row: Row) throws {
        let lower = try #require(Endpoint(row.lower))
        let upper = try #require(Endpoint(row.upper))
        let forward = FlowKey.of(source: lower, destination: upper)
        let backward = FlowKey.of(source: upper, destination: lower)
        #expect(forward.key == backward.key)
        #expect(forward.key.hashValue == backward.key.hashValue)
        #expect(forward.isFromLower && !backward.isFromLower)
        #expect(forward.key.lower == lower && forward.key.upper == upper)
    }

    @Test("Keys differ in any one part of either end")
    func keysDiffer() throws {
        let texts = [
            "10.0.0.1:80", "10.0.0.2:80", "10.0.0.1:81", "[::1]:80", "[::2]:80", "[1::1]:80", "[::a00:1]:80",
        ]
        let ends = try texts.map { try #require(Endpoint($0)) }
        var keys: Set<FlowKey> = []
        for one in ends {
            for other in ends { keys.insert(FlowKey.of(source: one, destination: other).key) }
        }
        // Unordered pairs, those of an end with itself included.
        #expect(keys.count == ends.count * (ends.count + 1) / 2)
    }

    @Test("A connection of an end with itself always counts as from the lower end")
    func selfConnection() throws {
        let end = try #require(Endpoint("127.0.0.1:80"))
        #expect(FlowKey.of(source: end, destination: end).isFromLower)
    }

    @Test("A set of ports holds what was put in and nothing else")
    func portSet() {
        let ports = PortSet([0, 63, 64, 80, 80, 65_535])
        #expect(ports.count == 5)
        let members = (UInt16.min...UInt16.max).filter { ports.contains($0) }
        #expect(members == [0, 63, 64, 80, 65_535])
        #expect(PortSet([]).isEmpty && !PortSet([]).contains(0))
    }
}
