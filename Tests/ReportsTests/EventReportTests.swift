import JSON
import Messages
import Packets
import Reports
import Testing
import Traces

/// Events as `cat` shows them, for programs and for people.
@Suite struct EventReportTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var event: EventRecord
        /// Members by name, as JSON texts.
        var members: [String: String]
        /// Members that are not there.
        var without: [String] = []
        var text: String
    }

    private static func event(
        _ bytes: [UInt8],
        from kind: MessageKind = .response,
        opcode: UInt8? = nil,
        frames: UInt32 = 0,
        flags: EventFlags = [],
        wireLength: UInt64? = nil
    ) -> EventRecord {
        EventRecord(
            kind: kind,
            exchange: 17,
            connection: 3,
            time: PacketTime(nanoseconds: 1_700_000_000_250_000_000),
            eventKind: opcode == nil ? .serverSentEvent : .webSocket,
            opcode: opcode ?? 0,
            bytes: bytes,
            start: PacketTime(nanoseconds: 1_700_000_000_000_000_001),
            frames: frames,
            flags: flags,
            wireLength: wireLength
        )
    }

    private static let when = "connection 3, 2023-11-14T22:13:20.250000Z"
    private static let down = "10.0.0.2:80 to 10.0.0.1:4711"
    private static let up = "10.0.0.1:4711 to 10.0.0.2:80"

    static let rows = [
        Row(
            testDescription: "a server-sent event: no opcode, no frames",
            event: event(Array("event: tick\ndata: \"1\"\n\n".utf8)),
            members: [
                "schema": "\"tapedeck.cat/1\"", "type": "\"event\"", "exchange": "17", "connection": "3",
                "client": "\"10.0.0.1:4711\"", "server": "\"10.0.0.2:80\"", "direction": "\"response\"",
                "kind": "\"sse\"", "start_ns": "1700000000000000001", "time_ns": "1700000000250000000",
                "body": "\"event: tick\\ndata: \\\"1\\\"\\n\\n\"", "body_length": "23", "wire_length": "23",
                "flags": "[]",
            ],
            without: ["opcode", "message", "frames", "body_base64", "close_code", "close_reason"],
            text: "--- sse of 17, \(when), \(down)\nevent: tick\ndata: \"1\"\n\n\n"
        ),
        Row(
            testDescription: "a text of a client in two frames, compressed",
            event: event(
                Array("hi".utf8),
                from: .request,
                opcode: 1,
                frames: 2,
                flags: .compressed,
                wireLength: 8
            ),
            members: [
                "direction": "\"request\"", "kind": "\"websocket\"", "opcode": "1", "message": "\"text\"",
                "frames": "2", "body": "\"hi\"", "body_length": "2", "wire_length": "8",
                "flags": "[\"compressed\"]",
            ],
            without: ["body_base64", "close_code"],
            text: "--- websocket text of 17, \(when), \(up), compressed\nhi\n\n"
        ),
        Row(
            testDescription: "bytes that are no text",
            event: event([0xFF, 0, 0xFE], opcode: 2, frames: 1),
            members: ["message": "\"binary\"", "body_base64": "\"/wD+\"", "body_length": "3"],
            without: ["body"],
            text: "--- websocket binary of 17, \(when), \(down)\n(3 bytes that are not text)\n\n"
        ),
        Row(
            testDescription: "a ping without a payload",
            event: event([], opcode: 9, frames: 1),
            members: ["message": "\"ping\"", "body": "\"\"", "body_length": "0"],
            text: "--- websocket ping of 17, \(when), \(down)\n\n"
        ),
        Row(
            testDescription: "a message of which nothing was kept",
            event: event([], opcode: 1, frames: 1, flags: [.truncated, .undecoded], wireLength: 900),
            members: ["body": "\"\"", "wire_length": "900", "flags": "[\"truncated\",\"undecoded\"]"],
            text: "--- websocket text of 17, \(when), \(down), truncated undecoded\n(900 bytes not kept)\n\n"
        ),
        Row(
            testDescription: "a close with a reason",
            event: event([0x03, 0xE8] + Array("bye".utf8), opcode: 8, frames: 1),
            members: ["message": "\"close\"", "close_code": "1000", "close_reason": "\"bye\""],
            text: "--- websocket close of 17, \(when), \(down)\n1000 bye\n\n"
        ),
        Row(
            testDescription: "a close with a code alone",
            event: event([0x03, 0xE9], opcode: 8, frames: 1),
            members: ["close_code": "1001", "close_reason": "\"\""],
            text: "--- websocket close of 17, \(when), \(down)\n1001\n\n"
        ),
        Row(
            testDescription: "a close with a control character in its reason does not reach the terminal",
            event: event([0x03, 0xE8, 0x1B, 0x5B], opcode: 8, frames: 1),
            members: ["close_code": "1000", "close_reason": "\"\\u001b[\""],
            text: "--- websocket close of 17, \(when), \(down)\n1000 \u{241B}[\n\n"
        ),
        Row(
            testDescription: "a close without a code",
            event: event([], opcode: 8, frames: 1),
            members: ["message": "\"close\"", "body": "\"\""],
            without: ["close_code", "close_reason"],
            text: "--- websocket close of 17, \(when), \(down)\n\n"
        ),
        Row(
            testDescription: "an opcode that the standard reserves",
            event: event(Array("?".utf8), opcode: 11, frames: 1),
            members: ["opcode": "11", "message": "\"opcode 11\""],
            text: "--- websocket opcode 11 of 17, \(when), \(down)\n?\n\n"
        ),
    ]

    @Test(arguments: rows) func writesForPrograms(_ row: Row) throws {
        var writer = JSONWriter()
        EventJSON.append(row.event, connection: ExchangeJSONTests.connection, to: &writer)
        #expect(writer.bytes.last == 0x0A)
        let value = try JSONValue(parsing: Array(writer.bytes.dropLast()).span)
        for (name, expected) in row.members {
            #expect(value[name] == (try JSONValue(parsing: Array(expected.utf8).span)), "\(name)")
        }
        for name in row.without { #expect(value[name] == nil, "\(name)") }
    }

    @Test(arguments: rows) func writesForPeople(_ row: Row) {
        #expect(EventText.text(row.event, connection: ExchangeJSONTests.connection) == row.text)
    }

    /// The record that opens the connection may stand in an earlier part.
    @Test func knowsNoEndsWithoutTheConnection() throws {
        let event = Self.event(Array("data: 1\n\n".utf8))
        #expect(EventText.text(event, connection: nil).hasPrefix("--- sse of 17, \(Self.when), ? to ?\n"))
        var writer = JSONWriter()
        EventJSON.append(event, connection: nil, to: &writer)
        let value = try JSONValue(parsing: Array(writer.bytes.dropLast()).span)
        #expect(value["client"] == .null && value["server"] == .null)
    }
}
