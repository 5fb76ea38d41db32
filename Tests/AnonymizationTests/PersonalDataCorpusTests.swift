import Anonymization
import Bytes
import Configuration
import Foundation
import Messages
import SeededRandom
import Testing

/// The labelled payloads of the corpus under the built-in rule sets: what is found, and what is left alone.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"] != nil))
struct PersonalDataCorpusTests {
    private struct Span: Decodable {
        let start: Int
        let end: Int
        let type: String?
        let kind: String?
        let path: String
    }

    private struct Line: Decodable {
        let id: String
        let format: String
        let content_type: String
        let payload: String
        let spans: [Span]
        let decoys: [Span]
    }

    private struct Share: CustomStringConvertible {
        var hits = 0
        var all = 0
        var missed: [String] = []
        var value: Double { all == 0 ? 1 : Double(hits) / Double(all) }
        var description: String { "\(hits)/\(all)" }

        mutating func add(_ isHit: Bool, _ what: @autoclosure () -> String) {
            all += 1
            if isHit { hits += 1 } else if missed.count < 4 { missed.append(what()) }
        }
    }

    /// The share that is found at least, where it is not all of them.
    private static let recall = [
        // In running text, where neither part of a name is known and no word says that one comes.
        "PERSON_NAME": 0.995,
        // In running text, without a kind of street.
        "STREET_ADDRESS": 0.995,
    ]

    /// The share of look-alikes that stays at least, where it is not all of them.
    private static let precision: [String: Double] = [:]

    private func lines() throws -> [Line] {
        let corpus = try #require(ProcessInfo.processInfo.environment["TAPEDECK_CORPUS"])
        let file = URL(fileURLWithPath: corpus).appending(path: "pii/synthetic-payloads.jsonl")
        let decoder = JSONDecoder()
        return try Data(contentsOf: file).split(separator: 0x0A).map {
            try decoder.decode(Line.self, from: $0)
        }
    }

    private func message(_ line: Line) throws -> RawMessage {
        if line.format == "headers" {
            return RawMessage(head: try Head(parsing: Array(line.payload.utf8), kind: .request), body: [])
        }
        let head = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Type: \(line.content_type)\r\n\r\n"
        return RawMessage(
            head: try Head(parsing: Array(head.utf8), kind: .request),
            body: Array(line.payload.utf8)
        )
    }

    @Test func recallAndPrecision() throws {
        var anonymizer = Anonymizer(ruleSets: try AnonymizerChoice.usual(), key: .fixed)
        var found: [String: Share] = [:]
        var kept: [String: Share] = [:]
        for line in try lines() {
            var message = try message(line)
            anonymizer.anonymize(&message)
            let output = message.head.bytes + message.body
            let payload = Array(line.payload.utf8)
            for span in line.spans {
                let text = payload[span.start..<span.end]
                let type = try #require(span.type)
                found[type, default: Share()].add(
                    !output.contains(text),
                    "\(line.id) \(span.path) \(text.text)"
                )
            }
            // Cookies, files of unknown type and fields called "token" are replaced whatever they hold.
            for decoy in line.decoys where !["Cookie", "blob", "/token"].contains(decoy.path) {
                let text = payload[decoy.start..<decoy.end]
                let kind = try #require(decoy.kind)
                kept[kind, default: Share()].add(
                    output.contains(text),
                    "\(line.id) \(decoy.path) \(text.text)"
                )
            }
        }
        #expect(found.count == 16 && kept.count > 25)
        for (type, share) in found {
            #expect(share.value >= Self.recall[type] ?? 1, "\(type): \(share), missed \(share.missed)")
        }
        for (kind, share) in kept {
            #expect(share.value >= Self.precision[kind] ?? 1, "\(kind): \(share), lost \(share.missed)")
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}

extension PseudonymKey {
    /// A key that is the same in every run.
    static var fixed: PseudonymKey {
        var generator = SeededGenerator(seed: 1)
        return PseudonymKey(using: &generator)
    }
}
