import Foundation
import Messages
import Recording
import Streams
import Testing
import Traces

/// The event streams of the corpus, cut into segments of any size: each event in a record of its own, and every byte in one.
@Suite(.enabled(if: EventVector.folder != nil, "TAPEDECK_CORPUS names the folder of the corpus"))
struct EventVectorTests {
    @Test func vectorsAreThere() {
        #expect(EventVector.all.count >= 24)
    }

    @Test(arguments: EventVector.all, [1, 7, 1_460])
    func recordsEachEvent(_ vector: EventVector, segment: Int) throws {
        var script = PacketScript()
        script.open(40_000)
        script.client("GET /events HTTP/1.1\r\n\r\n")
        script.server("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        var rest = vector.stream[...]
        while !rest.isEmpty {
            script.packet(.server, 40_000, Array(rest.prefix(segment)))
            rest = rest.dropFirst(segment)
        }
        script.close()
        var records: [EventRecord] = []
        for case .event(let event) in script.trace.records { records.append(event) }
        #expect(records.flatMap(\.bytes) == vector.stream)
        let whole = EventStreamText(vector.stream)
        if let events = vector.events { #expect(whole.events == events) }
        if let hash = vector.hash { #expect(try whole.hash == hash) }
        // A record holds what ends with one empty line: no event is in two of them, and none has two.
        let each = records.map { EventStreamText($0.bytes).events.count }
        #expect(each.allSatisfy { $0 <= 1 })
        #expect(each.reduce(0, +) == whole.events.count)
        #expect(records.dropLast().allSatisfy { $0.flags.isEmpty })
        #expect(script.ledger.check() == [])
    }
}

/// An event stream, and what a reader makes of it: the events, or their hash.
struct EventVector: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var stream: [UInt8]
    var events: [[String]]?
    var hash: String?

    static let folder = CorpusCapture.folder.map { $0.deletingLastPathComponent().appending(path: "http") }

    static let all = (try? vectors()) ?? []

    private static func vectors() throws -> [EventVector] {
        guard let folder else { return [] }
        let text = try String(contentsOf: folder.appending(path: "sse-vectors.jsonl"), encoding: .utf8)
        let lines = try text.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
        let written = lines.compactMap { line -> EventVector? in
            guard let name = line["id"] as? String, let stream = line["stream"] as? String else { return nil }
            // Foundation takes a byte order mark off the text.
            if name.hasSuffix("(two marks)") { return nil }
            let events = (line["events"] as? [[String: String]])?.map { event in
                ["type", "data", "last_event_id"].map { event[$0] ?? "?" }
            }
            return EventVector(testDescription: name, stream: Array(stream.utf8), events: events)
        }
        let index = try Data(contentsOf: folder.appending(path: "sse/index.json"))
        let files = try JSONSerialization.jsonObject(with: index) as? [[String: Any]] ?? []
        return try written
            + files.compactMap { file in
                guard let name = file["file"] as? String else { return nil }
                let bytes = try Data(contentsOf: folder.appending(path: "sse/" + name))
                return EventVector(
                    testDescription: name,
                    stream: Array(bytes),
                    hash: file["events_sha256"] as? String
                )
            }
    }
}
