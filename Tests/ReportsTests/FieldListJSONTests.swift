import JSON
import Messages
import Reports
import Testing
import Traces

/// What `cat --json` says of messages that came over HTTP/2.
@Suite struct FieldListJSONTests {
    private func json(_ kind: MessageKind, _ lines: String, flags: MessageFlags = []) throws -> JSONValue {
        let bytes = Array((lines.split(separator: "|").joined(separator: "\r\n") + "\r\n\r\n").utf8)
        var message = ExchangeJSONTests.message(kind, bytes, flags: flags)
        message.head.encoding = .fieldList
        return try ExchangeJSONTests.json(message)
    }

    @Test func aRequestHasItsStartLineFromPseudoFields() throws {
        let lines = ":method: GET|:scheme: https|:authority: a:81|:path: /b?c|x: "
        let object = try json(.request, lines)
        for (key, value) in [
            ("type", "request"), ("version", "2"), ("method", "GET"), ("target", "/b?c"),
            ("authority", "a:81"),
            ("scheme", "https"),
        ] {
            #expect(object[key] == .string(value), "\(key)")
        }
        // All fields in the order of the wire, pseudo-fields too.
        let fields = lines.split(separator: "|").map { line in
            let name = line.dropFirst().prefix { $0 != ":" }
            return JSONValue.array([
                .string(String(line.first.map(String.init) ?? "") + name),
                .string(String(line.dropFirst(name.count + 3))),
            ])
        }
        #expect(object["headers"] == .array(fields))
    }

    @Test func aResponseHasNoReason() throws {
        let object = try json(.response, ":status: 204|server: x")
        #expect(object["version"] == .string("2") && object["reason"] == .string(""))
        #expect(object["status"] == .number(JSONNumber(spelling: "204")))
    }

    @Test func aPromiseIsNoRequest() throws {
        let object = try json(.request, ":method: GET|:path: /", flags: .pushed)
        #expect(object["type"] == .string("push_promise"))
        #expect(object["flags"] == .array([.string("pushed")]))
    }

    @Test func whatIsNotKnownIsNotMadeUp() throws {
        let object = try json(.request, ":method: GET|:unknown: ", flags: .unknownFields)
        #expect(object["target"] == .string("") && object["flags"] == .array([.string("unknown-fields")]))
    }
}
