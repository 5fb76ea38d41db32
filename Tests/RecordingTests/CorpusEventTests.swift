import Compression
import Crypto
import Foundation
import Messages
import Packets
import Recording
import Testing
import Traces

/// The WebSocket messages and event streams of the corpus: what the recorder makes of each, against the oracle.
@Suite(.enabled(if: CorpusCapture.folder != nil, "TAPEDECK_CORPUS names the folder of the corpus"))
struct CorpusEventTests {
    /// A data message or a control frame, by the hash of its bytes.
    struct Message: Equatable {
        var isFromClient: Bool
        var opcode: Int
        var frames: Int
        var isCompressed: Bool
        var length: Int
        var hash: String
    }

    private static func lines(of name: String) throws -> [[String: Any]] {
        let folder = try #require(CorpusCapture.folder)
        let text = try String(contentsOf: folder.appending(path: name + ".oracle.jsonl"), encoding: .utf8)
        return text.split(separator: "\n").compactMap {
            try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    /// The captures whose oracle has a line of which `isWanted` says so.
    private static func captures(_ isWanted: ([String: Any]) -> Bool) -> [String] {
        ((try? CorpusCapture.names()) ?? []).filter { name in
            ((try? lines(of: name)) ?? []).contains(where: isWanted)
        }
    }

    static let webSockets = captures { $0["kind"] as? String == "ws" }
    static let eventStreams = captures { $0["sse_sha256"] != nil }

    @Test func corpusHasBoth() {
        #expect(Self.webSockets.count >= 9)
        #expect(Self.eventStreams.count >= 2)
    }

    /// Messages of one direction in their order, control frames beside them in theirs: the oracle does not say how
    /// the two stood to each other.
    @Test(arguments: webSockets)
    func readsEveryWebSocketMessage(_ name: String) throws {
        let lines = try Self.lines(of: name)
        let (trace, ledger) = try CorpusCapture(name).record()
        #expect(ledger.check() == [])
        for stream in Set(
            lines.filter { $0["kind"] as? String == "ws" }.compactMap { $0["tcp_stream"] as? Int }
        ) {
            let own = lines.filter { $0["tcp_stream"] as? Int == stream }
            let client = own.first { $0["kind"] as? String == "stream" }?["client"] as? String
            let connections = trace.connections.values
                .filter { "\($0.client.address):\($0.client.port)" == client }.map(\.connection)
            let found = trace.records.compactMap { record -> EventRecord? in
                guard case .event(let event) = record, connections.contains(event.connection) else {
                    return nil
                }
                return event
            }.map(Message.init)
            for side in ["client", "server"] {
                let from = own.filter { $0["from"] as? String == side }
                let messages = from.filter { $0["kind"] as? String == "ws_message" }.map(
                    Message.init(message:)
                )
                let controls = from.filter { $0["kind"] as? String == "ws" && $0["opcode"] as? Int ?? 0 >= 8 }
                let mine = found.filter { $0.isFromClient == (side == "client") }
                #expect(mine.filter { $0.opcode < 8 } == messages, "\(name), stream \(stream), \(side)")
                #expect(
                    mine.filter { $0.opcode >= 8 } == controls.map(Message.init(control:)),
                    "\(name), stream \(stream), \(side)"
                )
                #expect(
                    mine.reduce(0) { $0 + $1.frames } == from.filter { $0["kind"] as? String == "ws" }.count,
                    "\(name), stream \(stream), \(side): every frame is in a message"
                )
            }
        }
    }

    /// The events of a stream are its event records one behind the other, and so is the body that they make.
    @Test(arguments: eventStreams)
    func readsEveryEventStream(_ name: String) throws {
        let (trace, ledger) = try CorpusCapture(name).record()
        #expect(ledger.check() == [])
        let expected = try Self.lines(of: name).compactMap { $0["sse_sha256"] as? String }.sorted()
        var streams: [UInt64: [UInt8]] = [:]
        var pieces: [UInt64: Int] = [:]
        for case .event(let event) in trace.records {
            streams[event.exchange, default: []] += event.bytes
            if event.flags.isEmpty { pieces[event.exchange, default: 0] += 1 }
        }
        var found: [String] = []
        for message in trace.messages(.response) {
            guard let head = message.parsedHead, head.mediaType == .eventStream else { continue }
            guard let coding = head.value(of: "content-encoding" as StaticString) else {
                #expect(message.body == streams[message.exchange])
                let text = EventStreamText(message.body)
                #expect(
                    pieces[message.exchange] ?? 0 >= text.events.count,
                    "each event has a record of its own"
                )
                found.append(try text.hash)
                continue
            }
            // A coded stream cannot be cut into events as it comes.
            #expect(streams[message.exchange] == nil)
            let decoded = try ContentCoding.decode(
                message.body.span,
                coding: ContentCoding(coding),
                limit: 1 << 20
            )
            found.append(try EventStreamText(decoded).hash)
        }
        #expect(found.sorted() == expected)
    }
}

extension CorpusEventTests.Message {
    init(_ event: EventRecord) {
        isFromClient = event.kind == .request
        opcode = Int(event.opcode)
        frames = Int(event.frames)
        isCompressed = event.flags.contains(.compressed)
        length = event.bytes.count
        hash = hexadecimalHash(event.bytes)
    }

    init(message line: [String: Any]) {
        isFromClient = line["from"] as? String == "client"
        opcode = line["opcode"] as? Int ?? -1
        frames = line["frames"] as? Int ?? -1
        isCompressed = line["compressed"] as? Bool ?? false
        length = line["length"] as? Int ?? -1
        hash = line["sha256"] as? String ?? ""
    }

    init(control line: [String: Any]) {
        isFromClient = line["from"] as? String == "client"
        opcode = line["opcode"] as? Int ?? -1
        frames = 1
        isCompressed = false
        length = line["payload_length"] as? Int ?? -1
        hash = line["payload_sha256"] as? String ?? ""
    }
}

/// An event stream as a reader after the HTML standard sends it on (section 9.2.6).
struct EventStreamText {
    /// Type, data and last event id of each.
    private(set) var events: [[String]] = []

    init(_ bytes: [UInt8]) {
        var text = String(decoding: bytes, as: UTF8.self)
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        var type = ""
        var data: [String] = []
        var id = ""
        for line in Self.lines(of: text) {
            if line.isEmpty {
                if !data.isEmpty {
                    events.append([type.isEmpty ? "message" : type, data.joined(separator: "\n"), id])
                }
                type = ""
                data = []
                continue
            }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            var value = parts.count > 1 ? String(parts[1]) : ""
            if value.hasPrefix(" ") { value.removeFirst() }
            switch parts[0] {
            case "event": type = value
            case "data": data.append(value)
            case "id" where !value.contains("\0"): id = value
            default: break
            }
        }
    }

    /// Lines that have an end; LF, CR or both.
    private static func lines(of text: String) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var followsReturn = false
        for scalar in text.unicodeScalars {
            defer { followsReturn = scalar == "\r" }
            if scalar == "\n", followsReturn { continue }
            if scalar == "\n" || scalar == "\r" {
                lines.append(String(line))
                line = String.UnicodeScalarView()
            } else {
                line.append(scalar)
            }
        }
        return lines
    }

    /// Of the JSON array that the oracle hashes.
    var hash: String {
        get throws {
            let data = try JSONSerialization.data(withJSONObject: events, options: [.withoutEscapingSlashes])
            return hexadecimalHash(Array(data))
        }
    }
}

private func hexadecimalHash(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
