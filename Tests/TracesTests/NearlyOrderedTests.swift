import Messages
import Packets
import SeededRandom
import Testing
import Traces

@Suite struct NearlyOrderedTests {
    private static func message(_ exchange: UInt64, at start: Int64) -> OrderedMessage {
        let time = PacketTime(nanoseconds: start)
        let head = HeadRecord(
            kind: .request,
            exchange: exchange,
            connection: 0,
            start: time,
            encoding: .http1,
            bytes: Array("GET / HTTP/1.1\r\n\r\n".utf8),
            framing: .none
        )
        let end = EndRecord(
            kind: .request,
            exchange: exchange,
            connection: 0,
            time: time,
            wireLength: 0,
            flags: []
        )
        return OrderedMessage(
            message: RecordedMessage(head: head, body: [], end: end),
            connection: nil,
            trace: 0
        )
    }

    struct Shape: CustomTestStringConvertible, Sendable {
        var reason: String
        /// How far a start may lie from its place in the order of insertion.
        var jitter: Int64
        /// How many are inserted between two looks.
        var batch: Int
        var testDescription: String { reason }
    }

    static let shapes = [
        Shape(reason: "in order", jitter: 0, batch: 50),
        Shape(reason: "nearly in order", jitter: 20, batch: 50),
        Shape(reason: "further out of order than is looked back", jitter: 5_000, batch: 400),
        Shape(reason: "without any order", jitter: 1_000_000, batch: 1_000),
        Shape(reason: "one at a time", jitter: 300, batch: 1),
    ]

    /// Whatever the order of insertion, all comes out sorted, ties by their exchange, and nothing before its floor.
    @Test(arguments: shapes, [1, 2, 3] as [UInt64]) func comesOutSorted(_ shape: Shape, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var order = MessageOrder()
        let inserted = (0..<2_000 as Range<Int64>).map { index in
            (
                start: max(0, index * 10 + Int64.random(in: -shape.jitter...shape.jitter, using: &random)),
                exchange: UInt64.random(in: 0..<1 << 20, using: &random)
            )
        }
        var out: [(start: Int64, exchange: UInt64)] = []
        func take(floor: PacketTime) {
            while let message = order.next(floor: floor) {
                out.append((message.message.start.nanoseconds, message.message.exchange))
            }
        }
        for (index, entry) in inserted.enumerated() {
            order.insert(Self.message(entry.exchange, at: entry.start))
            guard index % shape.batch == shape.batch - 1 else { continue }
            let floor = inserted[(index + 1)...].map(\.start).min() ?? .max
            // What starts at the floor may still come with a lower exchange.
            take(floor: PacketTime(nanoseconds: floor - 1))
            #expect(out.allSatisfy { $0.start < floor })
        }
        take(floor: .distantFuture)
        let expected = inserted.sorted { ($0.start, $0.exchange) < ($1.start, $1.exchange) }
        #expect(out.map(\.start) == expected.map(\.start))
        #expect(out.map(\.exchange) == expected.map(\.exchange))
        #expect(order.isEmpty && order.late == 0)
    }

    /// A window that is full gives out what is first, whatever the floor, and counts what comes too late.
    @Test func aFullWindowGivesOut() {
        var order = MessageOrder(limits: MessageOrder.Limits(messages: 3))
        for start in [40, 10, 30, 20] as [Int64] {
            order.insert(Self.message(UInt64(start), at: start))
        }
        #expect(order.next(floor: .distantPast)?.message.exchange == 10)
        #expect(order.next(floor: .distantPast) == nil)
        order.insert(Self.message(5, at: 5))
        #expect(order.next(floor: .distantPast)?.message.exchange == 5)
        #expect(order.late == 1)
    }

    /// A message changes places with what stands in its slot: nothing of one is left in another, whoever was there before.
    @Test func messagesChangePlaces() {
        var order = MessageOrder()
        var handed = RecordedMessage.blank
        var taken = OrderedMessage.blank
        for round in 0..<20 as Range<UInt64> {
            // More and fewer wait at once, so that slots are new in some rounds and used again in others.
            let waiting = round % 7 + 1
            for number in 0..<waiting {
                let exchange = round * 10 + number
                handed = Self.message(exchange, at: Int64(exchange)).message
                handed.body = Array(String(repeating: "b", count: Int(exchange)).utf8)
                order.insert(exchanging: &handed, connection: nil, trace: Int(round))
                #expect(handed.body.isEmpty && handed.head.bytes.isEmpty, "what comes back holds no memory")
            }
            for number in 0..<waiting {
                #expect(order.next(floor: .distantFuture, exchanging: &taken))
                #expect(taken.message.exchange == round * 10 + number)
                #expect(taken.message.body.count == Int(round * 10 + number))
                #expect(taken.trace == Int(round))
            }
            #expect(!order.next(floor: .distantFuture, exchanging: &taken))
        }
        #expect(order.isEmpty)
    }
}
