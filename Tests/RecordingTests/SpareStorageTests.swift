import Bytes
import Messages
import Recording
import Testing

/// A head and a body that are used again must be those of the new message and of nothing before it.
@Suite struct SpareStorageTests {
    static func head(_ text: String) throws -> Head { try Head(parsing: Array(text.utf8), kind: .request) }

    static func same(_ left: Head, _ right: Head) -> Bool {
        left.bytes == right.bytes && left.fields == right.fields && left.start == right.start
            && left.version == right.version && left.framing == right.framing && left.flags == right.flags
    }

    @Test func aHeadInUsedStorageEqualsTheNewOne() throws {
        let long = try Self.head(
            "POST /a/long/target HTTP/1.0\r\nHost: a\r\nX-A: 1\r\nContent-Length: 3\r\n\r\n"
        )
        let short = try Self.head("GET / HTTP/1.1\r\nHost: b\r\n\r\n")
        var spare = SpareStorage()
        for head in [long, short, long] {
            var parsed = head
            var taken = spare.take(&parsed)
            #expect(Self.same(taken, head))
            spare.keep(&taken)
        }
    }

    /// The parser goes on with what is left there: it must not be the storage of the message.
    @Test func whatIsTakenIsNotChangedWithWhatIsLeft() throws {
        var spare = SpareStorage()
        var earlier = try Self.head("GET /earlier HTTP/1.1\r\nHost: a\r\n\r\n")
        spare.keep(&earlier)
        var head = try Self.head("GET /one HTTP/1.1\r\nHost: a\r\n\r\n")
        let status = head.status
        let taken = spare.take(&head)
        #expect(head.status == status)
        head.bytes.removeAll(keepingCapacity: true)
        head.bytes.append(contentsOf: Array("PUT /two".utf8))
        head.fields.removeAll()
        #expect(Array(taken.target) == Array("/one".utf8))
        #expect(taken.fields.count == 1)
    }

    @Test func bodiesComeBackEmptyAndLargeOnesDoNot() {
        var spare = SpareStorage()
        var body: [UInt8] = [1, 2, 3]
        spare.keep(&body)
        let small = spare.body()
        #expect(small.isEmpty)
        #expect(small.capacity >= 3)
        var large = [UInt8](repeating: 1, count: SpareStorage.bodyBytes + 1)
        spare.keep(&large)
        #expect(spare.body().capacity == 0)
    }

    /// What is kept is bounded, however many messages end at once.
    @Test func keepsNoMoreThanTheLimit() {
        var spare = SpareStorage()
        for _ in 0..<2 * SpareStorage.limit {
            var body: [UInt8] = [1]
            spare.keep(&body)
        }
        var kept = 0
        while spare.body().capacity > 0 { kept += 1 }
        #expect(kept == SpareStorage.limit)
    }
}
