import MeshTarget
import SeededRandom
import Testing

/// Run ids follow from seed and delivery, and from nothing else.
@Suite struct RunIDTests {
    struct Sent: Hashable {
        var slug: String
        var id: String?
        var body: String
    }

    /// Deliveries of every sort: with an id, without, the same one several times, the same body at two hooks.
    static let deliveries: [Sent] = (0..<60).map { number in
        let slug = ["harbor-orders", "meadow-payments", "summit-reports"][number % 3]
        switch number % 4 {
        case 0: return Sent(slug: slug, id: "delivery-\(number)", body: #"{"n":1}"#)
        case 1: return Sent(slug: slug, id: nil, body: #"{"n":\#(number)}"#)
        case 2: return Sent(slug: slug, id: nil, body: #"{"same":true}"#)
        default: return Sent(slug: slug, id: "retried", body: #"{"retried":true}"#)
        }
    }

    static func ids(_ deliveries: [Sent], seed: UInt64 = 7) -> [Sent: Set<String>] {
        var desk = Desk(seed: seed)
        var ids: [Sent: Set<String>] = [:]
        for sent in deliveries {
            ids[sent, default: []].insert(desk.deliver(sent.slug, sent.body, id: sent.id))
            desk.wait(milliseconds: 3)
        }
        return ids
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>) func orderOfArrivalDoesNotMatter(shuffle: UInt64) {
        var generator = SeededGenerator(seed: shuffle)
        let shuffled = Self.deliveries.shuffled(using: &generator)
        let ids = Self.ids(shuffled)
        #expect(ids == Self.ids(Self.deliveries))
        // Each delivery made a run of its own.
        #expect(ids.values.reduce(0) { $0 + $1.count } == Self.deliveries.count)
        #expect(Set(ids.values.joined()).count == Self.deliveries.count)
    }

    @Test func anotherSeedGivesOtherIds() {
        let ids = Set(Self.ids(Self.deliveries).values.joined())
        #expect(ids.isDisjoint(with: Self.ids(Self.deliveries, seed: 8).values.joined()))
    }

    /// Anonymization changes the body and leaves the delivery id.
    @Test func theBodyDoesNotMatterWhereThereIsAnId() {
        func id(_ delivery: String?, _ body: String) -> RunID {
            RunID(seed: 1, slug: "s", delivery: delivery, body: Array(body.utf8), occurrence: 0)
        }
        #expect(id("d", "one") == id("d", "two"))
        #expect(id(nil, "one") != id(nil, "two"))
        // An id never reads as a body.
        #expect(id("one", "") != id(nil, "one"))
    }

    /// Recorded traces name runs, so ids stay what they are from version to version.
    @Test func staysWhatItWas() {
        let id = RunID(seed: 1, slug: "harbor-orders", delivery: "d-1", body: [], occurrence: 0)
        #expect(id.text == "wzllstjpvjxbpkfcvpdfvhng")
    }

    /// Nothing in an id looks like a number or a word to a detector.
    @Test func hasConsonantsOnly() {
        for id in Self.ids(Self.deliveries).values.joined() {
            #expect(id.count == 24)
            #expect(id.allSatisfy { "bcdfghjklmnpqrstvwxz".contains($0) })
        }
    }
}
