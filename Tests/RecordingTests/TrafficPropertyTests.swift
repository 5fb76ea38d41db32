import Bytes
import Messages
import Packets
import Recording
import SeededRandom
import Streams
import Testing
import Traces

/// Whatever happens to the packets of whatever exchanges, what is in the trace was sent, and what is not is counted.
@Suite struct TrafficPropertyTests {
    /// What becomes of segments between their sender and the recorder.
    struct Way: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// One in so many segments comes twice, the second a few packets later; 0 for none.
        var duplicates = 0
        /// One in so many comes a few packets late.
        var delays = 0
        /// One in so many repeats bytes before it.
        var overlaps = 0
        /// One in so many data segments is not captured.
        var losses = 0
        /// Segments without payload are not captured.
        var losesAcknowledgements = false
        /// Segments carry no acknowledgement numbers.
        var hasNoNumbers = false
        /// The only side that is captured, its handshake included; `nil` for both.
        var only: Side?
        /// Requests that may wait at once.
        var depth = 1
    }

    static let whole: [Way] = [
        Way(testDescription: "in order"),
        Way(testDescription: "pipelined", depth: 4),
        Way(testDescription: "duplicated", duplicates: 3),
        Way(testDescription: "late", delays: 4),
        Way(testDescription: "late, pipelined", delays: 4, depth: 4),
        Way(testDescription: "overlapping", overlaps: 3),
        Way(testDescription: "all at once", duplicates: 5, delays: 5, overlaps: 5, depth: 3),
        Way(testDescription: "no acknowledgements alone", delays: 6, losesAcknowledgements: true),
        Way(testDescription: "no acknowledgement numbers", duplicates: 4, overlaps: 4, hasNoNumbers: true),
    ]

    static let broken: [Way] = [
        Way(testDescription: "a few lost", losses: 30),
        Way(testDescription: "many lost", losses: 5),
        Way(testDescription: "lost of pipelined requests", losses: 12, depth: 4),
        Way(testDescription: "lost, late and twice", duplicates: 6, delays: 6, overlaps: 6, losses: 10),
        Way(testDescription: "lost without acknowledgements alone", losses: 10, losesAcknowledgements: true),
        Way(testDescription: "all at once", duplicates: 9, delays: 9, overlaps: 9, losses: 9, depth: 3),
        Way(testDescription: "requests alone, some lost", delays: 9, losses: 9, only: .client),
        Way(testDescription: "responses alone, some lost", duplicates: 9, losses: 9, only: .server),
    ]

    /// What was recorded of some connections, and what had been sent.
    struct Outcome: ~Copyable {
        let connections: [GeneratedConnection]
        let trace: CollectedTrace
        let ledger: Ledger
        let streams: StreamCounts
    }

    static func record(_ way: Way, seed: UInt64) -> Outcome {
        var generator = SeededGenerator(seed: seed)
        var script = PacketScript()
        var connections: [GeneratedConnection] = []
        var queues: [ArraySlice<GeneratedSegment>] = []
        let starts = (0..<3).map { _ in
            // One in two wraps on the way.
            let start = UInt32.random(in: 0...UInt32.max, using: &generator)
            return generator.one(in: 2) ? UInt32.max - start % 2_000 : start
        }
        for name in 0..<Int.random(in: 1...3, using: &generator) {
            let own = SeededGenerator(seed: generator.next())
            let connection = GeneratedConnection(name, depth: way.depth, generator: own)
            connections.append(connection)
            queues.append(segments(of: connection, way, using: &generator)[...])
        }
        while let index = queues.indices.filter({ !queues[$0].isEmpty }).randomElement(using: &generator) {
            guard let segment = queues[index].popFirst() else { continue }
            script.send(segment, port: 40_000 + UInt16(index), start: starts[index])
        }
        script.finish()
        return Outcome(
            connections: connections,
            trace: script.trace,
            ledger: script.ledger,
            streams: script.pipeline.streams
        )
    }

    /// The segments of a connection as they arrive. Its handshake and its end always do, in order.
    static func segments(
        of connection: GeneratedConnection,
        _ way: Way,
        using generator: inout SeededGenerator
    ) -> [GeneratedSegment] {
        var segments: [GeneratedSegment] = []
        let all = connection.segments
        func isCaptured(_ segment: GeneratedSegment) -> Bool { way.only.map { segment.side == $0 } ?? true }
        for var segment in all.dropFirst(2).dropLast(3) where isCaptured(segment) {
            if segment.bytes.isEmpty, way.losesAcknowledgements || way.hasNoNumbers { continue }
            if way.hasNoNumbers { segment.acknowledged = nil }
            if way.losses > 0, !segment.bytes.isEmpty, generator.one(in: way.losses) { continue }
            if way.overlaps > 0, generator.one(in: way.overlaps) {
                segments.append(
                    connection.overlapping(segment, by: Int.random(in: 1...50, using: &generator))
                )
            } else {
                segments.append(segment)
            }
            if way.duplicates > 0, generator.one(in: way.duplicates) { segments.append(segment) }
        }
        if way.delays > 0 {
            for index in segments.indices where generator.one(in: way.delays) {
                let place = min(segments.count - 1, index + Int.random(in: 1...6, using: &generator))
                segments.insert(segments.remove(at: index), at: place)
            }
        }
        return all.prefix(2).filter(isCaptured) + segments + all.suffix(3).filter(isCaptured)
    }

    @Test(arguments: whole, 0..<40 as Range<UInt64>)
    func givesTheMessagesThatWereSent(_ way: Way, _ seed: UInt64) {
        let outcome = Self.record(way, seed: seed)
        for (index, connection) in outcome.connections.enumerated() {
            let found = outcome.trace.messages.filter {
                outcome.trace.connections[$0.connection]?.client.port == 40_000 + UInt16(index)
            }
            for kind in [MessageKind.request, .response] {
                let messages = found.filter { $0.kind == kind }.sorted { $0.head.exchange < $1.head.exchange }
                #expect(messages.map(\.head.bytes) == connection.exchanges.map { $0.message(kind).head })
                #expect(messages.map(\.body) == connection.exchanges.map { $0.message(kind).body })
                let odd = messages.filter { !$0.end.flags.isSubset(of: [.chunked, .pipelined]) }
                #expect(odd.isEmpty)
            }
            let answered = found.filter { $0.kind == .response }.map(\.head.exchange).sorted()
            #expect(answered == found.filter { $0.kind == .request }.map(\.head.exchange).sorted())
        }
        #expect(outcome.ledger.check() == [])
        #expect(outcome.ledger.bytes.missing == 0 && outcome.ledger.bytes.late == 0)
        #expect(outcome.streams.delivered == UInt64(outcome.connections.map(\.byteCount).reduce(0, +)))
        if way.depth == 1 {
            #expect(outcome.ledger.connections.recorded == UInt64(outcome.connections.count))
        }
    }

    @Test(arguments: broken, 0..<90 as Range<UInt64>)
    func accountsForWhatWasLost(_ way: Way, _ seed: UInt64) {
        let outcome = Self.record(way, seed: seed)
        var sent: [MessageKind: [[UInt8]: SentMessage]] = [:]
        for exchange in outcome.connections.flatMap(\.exchanges) {
            for kind in [MessageKind.request, .response] {
                sent[kind, default: [:]][exchange.message(kind).head] = exchange.message(kind)
            }
        }
        var names: [UInt64: String] = [:]
        for message in outcome.trace.messages {
            guard let original = sent[message.kind]?[message.head.bytes] else {
                Issue.record("a \(message.kind) that was never sent: \(message.head.bytes.text)")
                continue
            }
            let name = names[message.head.exchange, default: original.name]
            #expect(name == original.name, "the answer to \(name) is that of \(original.name)")
            names[message.head.exchange] = name
            if message.end.flags.isDisjoint(with: [.gap, .incomplete]) {
                #expect(message.body == original.body, "\(name) is not whole and does not say so")
            }
        }
        #expect(outcome.ledger.check() == [])
        let streams = outcome.streams
        #expect(streams.held == 0)
        let total = UInt64(outcome.connections.map(\.byteCount).reduce(0, +))
        // Of a side that was not captured, what the other one confirms is missing; not all need have been confirmed.
        if way.only == nil { #expect(streams.delivered + streams.missing == total) }
        // A FIN that was not captured either looks like one byte more.
        let ends = UInt64(outcome.connections.count)
        #expect(streams.delivered + streams.missing <= total + ends)
        #expect(outcome.ledger.bytes.missing == streams.missing)
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
