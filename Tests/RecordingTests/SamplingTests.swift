import Packets
import Recording
import Streams
import Testing

/// Which connections are left out when not all can be recorded, and when that begins and ends.
@Suite struct SamplingTests {
    private static let key = ConnectionSampling.Key(first: 1, second: 2)

    private func flow(_ number: UInt32, reversed: Bool = false) -> FlowKey {
        let client = Endpoint(
            address: IPAddress(ipv4: 0x0A00_0000 + number / 1_000),
            port: UInt16(20_000 + number % 1_000)
        )
        let server = Endpoint(address: IPAddress(ipv4: 0x0A63_0001), port: 80)
        return reversed
            ? FlowKey.of(source: server, destination: client).key
            : FlowKey.of(source: client, destination: server).key
    }

    private func sampling(_ share: Double, key: ConnectionSampling.Key = Self.key) -> ConnectionSampling {
        var sampling = ConnectionSampling(key: key, settling: 1_000)
        sampling.setShare(share, at: .distantPast)
        return sampling
    }

    private func time(_ nanoseconds: Int64) -> PacketTime { PacketTime(nanoseconds: nanoseconds) }

    @Test(arguments: [0.01, 0.1, 0.5, 0.9]) func keepsItsShare(_ share: Double) {
        var sampling = sampling(share)
        let kept = (0..<20_000).count { sampling.keeps(flow($0), opens: true, at: time(0)) }
        // Five standard deviations of a binomial.
        let tolerance = 5 * (20_000 * share * (1 - share)).squareRoot()
        #expect(abs(Double(kept) - 20_000 * share) < tolerance)
    }

    @Test func bothDirectionsAndAllRunsAgreeAndKeysDoNot() {
        var first = sampling(0.5)
        var again = sampling(0.5)
        var other = sampling(0.5, key: ConnectionSampling.Key(first: 1, second: 3))
        var differences = 0
        for number in UInt32(0)..<1_000 {
            let kept = first.keeps(flow(number), opens: true, at: time(0))
            let repeated = again.keeps(flow(number, reversed: true), opens: true, at: time(9))
            #expect(repeated == kept)
            if other.keeps(flow(number), opens: true, at: time(0)) != kept { differences += 1 }
        }
        #expect((300...700).contains(differences), "another key, another choice: \(differences)")
    }

    /// What is kept at a small share is kept at a larger one, so steps never change the choice, only widen it.
    @Test func aLargerShareKeepsMoreOfTheSame() {
        var small = sampling(0.1)
        var large = sampling(0.4)
        for number in UInt32(0)..<5_000 where small.keeps(flow(number), opens: true, at: time(0)) {
            let isKept = large.keeps(flow(number), opens: true, at: time(0))
            #expect(isKept)
        }
    }

    @Test func aConnectionThatWasLeftOutIsNotJoinedLater() throws {
        var sampling = sampling(1)
        #expect(!sampling.isActive)
        sampling.setShare(0.1, at: time(0))
        let left = (UInt32(0)..<100).first { !sampling.keeps(flow($0), opens: true, at: time(0)) }
        let number = try #require(left)
        sampling.setShare(1, at: time(500))
        #expect(sampling.isActive)
        // It goes on in the middle; a new one between the same ends is recorded.
        let inTheMiddle = sampling.keeps(flow(number), opens: false, at: time(1_499))
        #expect(!inTheMiddle)
        let whenNew = sampling.keeps(flow(number), opens: true, at: time(1_499))
        #expect(whenNew)
        let afterSettling = sampling.keeps(flow(number), opens: false, at: time(1_500))
        #expect(afterSettling, "what was silent for so long is new")
        #expect(!sampling.isActive)
    }

    @Test func whatIsLeftOutIsCountedAndWhatIsFollowedGoesOn() {
        var script = PacketScript()
        script.open(40_000)
        script.client("GET /a HTTP/1.1\r\n\r\n", 40_000)
        script.pipeline.sampling = ConnectionSampling(key: Self.key)
        script.pipeline.sampling?.setShare(0, at: time(0))
        script.server("HTTP/1.1 204 No Content\r\n\r\n", 40_000)
        script.client("GET /b HTTP/1.1\r\n\r\n", 40_000)
        script.server("HTTP/1.1 204 No Content\r\n\r\n", 40_000)
        script.open(40_001)
        script.client("GET /c HTTP/1.1\r\n\r\n", 40_001)
        script.close(40_001)
        // Joined in the middle.
        script.client("GET /d HTTP/1.1\r\n\r\n", 40_002)
        script.finish()
        let ledger = script.ledger
        #expect(ledger.requests.stored == 2 && ledger.responses.stored == 2)
        #expect(ledger.packets.sampled == 6)
        #expect(ledger.bytes.sampled == 38)
        #expect(ledger.connections.sampled == 1)
        #expect(ledger.connections.opened == 2)
        #expect(ledger.check() == [])
        #expect(script.pipeline.endpointLedgers.check(against: ledger) == [])
    }

    struct Step: Sendable {
        /// Seconds.
        var at: Double
        var cpu = 0.0
        var memory: UInt64 = 0
        var ring = 0.0
        /// The new share; `nil` where it stays.
        var share: Double?
        var cause: SamplingControl.Cause?
    }

    @Test(
        arguments: [
            // Halved once a second while the ring is filling, doubled after ten seconds of calm each.
            [
                Step(at: 0, ring: 0.1), Step(at: 1, ring: 0.3, share: 0.5, cause: .ring),
                Step(at: 1.5, ring: 0.3),
                Step(at: 2, ring: 0.3, share: 0.25, cause: .ring), Step(at: 3), Step(at: 12.9),
                Step(at: 13, share: 0.5, cause: .calm), Step(at: 23, share: 1, cause: .calm), Step(at: 60),
            ],
            // Between calm and the mark nothing changes, and calm begins anew.
            [
                Step(at: 0, cpu: 0.6, share: 0.5, cause: .cpu), Step(at: 5), Step(at: 10, cpu: 0.4),
                Step(at: 16),
                Step(at: 25.9), Step(at: 26, share: 1, cause: .calm),
            ],
            // What is furthest past its mark is named.
            [
                Step(at: 0, cpu: 0.6, memory: 300, ring: 0.26, share: 0.5, cause: .memory),
                Step(at: 1, cpu: 5, memory: 300, share: 0.25, cause: .cpu),
            ],
        ]
    )
    func theShareFollowsTheLoad(_ steps: [Step]) {
        var limits = SamplingControl.Limits()
        limits.cpu = 0.5
        limits.memory = 200
        var control = SamplingControl(limits)
        for step in steps {
            let load = SamplingControl.Load(cpu: step.cpu, memory: step.memory, ring: step.ring)
            let change = control.adjust(load, at: UInt64(step.at * 1e9) + 1_000_000_000)
            #expect(change?.share == step.share, "at \(step.at)")
            #expect(change?.cause == step.cause, "at \(step.at)")
        }
    }

    @Test func neitherBoundIsPassed() {
        var limits = SamplingControl.Limits()
        limits.share = 0.1
        var control = SamplingControl(limits)
        var time: UInt64 = 0
        var share = 0.1
        for _ in 0..<100 {
            time += 1_000_000_000
            if let change = control.adjust(.init(cpu: 0, memory: 0, ring: 1), at: time) {
                share = change.share
            }
        }
        #expect(share == SamplingControl.leastShare)
        for _ in 0..<1_000 {
            time += 1_000_000_000
            if let change = control.adjust(.init(cpu: 0, memory: 0, ring: 0), at: time) {
                share = change.share
            }
        }
        #expect(share == 0.1)
    }
}
