import Anonymization
import Bytes
import Foundation
import Messages

/// What an anonymizer finds of the labelled payloads, by kind, and what it leaves alone.
struct Detection {
    private(set) var found: [String: Share] = [:]
    private(set) var kept: [String: Share] = [:]

    /// Payloads of the formats `headers`, and bodies with a type of content.
    init(of payloads: [LabelledPayload], by anonymizer: inout Anonymizer) throws {
        for payload in payloads {
            var message = try Self.message(payload)
            anonymizer.anonymize(&message)
            let output = message.head.bytes + message.body
            let bytes = Array(payload.payload.utf8)
            for place in payload.spans {
                let text = bytes[place.start..<place.end]
                found[place.type ?? "", default: Share()].add(
                    !output.contains(text),
                    "\(payload.id) \(place.path) \(String(decoding: text, as: UTF8.self))"
                )
            }
            // Cookies, files of unknown type and fields called "token" are replaced whatever they hold.
            for place in payload.decoys where !["Cookie", "blob", "/token"].contains(place.path) {
                let text = bytes[place.start..<place.end]
                kept[place.kind ?? "", default: Share()].add(
                    output.contains(text),
                    "\(payload.id) \(place.path) \(String(decoding: text, as: UTF8.self))"
                )
            }
        }
    }

    private static func message(_ payload: LabelledPayload) throws -> RawMessage {
        if payload.format == "headers" {
            let head = try Head(parsing: Array(payload.payload.utf8), kind: .request)
            return RawMessage(head: head, body: [])
        }
        let head = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Type: \(payload.content_type)\r\n\r\n"
        return RawMessage(
            head: try Head(parsing: Array(head.utf8), kind: .request),
            body: Array(payload.payload.utf8)
        )
    }

    /// Two tables, one row for each kind; with `isDetailed` also what came out otherwise.
    func print(isDetailed: Bool) {
        for (title, shares) in [("found", found), ("left alone", kept)] {
            Swift.print("| \(title) | of | share |\n|---|---|---|")
            var sum = Share()
            for (kind, share) in shares.sorted(by: { $0.key < $1.key }) {
                Swift.print("| \(kind) | \(share.hits) of \(share.all) | \(share.percentage) |")
                sum.add(share)
            }
            Swift.print("| all | \(sum.hits) of \(sum.all) | \(sum.percentage) |\n")
            guard isDetailed else { continue }
            for (kind, share) in shares.sorted(by: { $0.key < $1.key }) {
                for other in share.others { Swift.print("    \(kind): \(other)") }
            }
        }
    }
}
