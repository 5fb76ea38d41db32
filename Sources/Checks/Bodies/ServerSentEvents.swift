import Bytes
package import JSON

/// Reads a whole event stream as JSON, so that its events are compared like everything else.
///
/// Each event becomes `{"event", "id", "data"}`, as far as it has them; `data` is its JSON where it holds some, else
/// its text. Comments, `retry` and line endings do not count, and an event without data is none (WHATWG HTML,
/// section 9.2.6). O(n).
package enum ServerSentEvents {
    package static func value(of stream: Span<UInt8>, maximumCount: Int) -> JSONValue {
        var events: [JSONValue] = []
        var event = Event()
        var start = stream.count >= 3 && stream[0] == 0xEF && stream[1] == 0xBB && stream[2] == 0xBF ? 3 : 0
        while start < stream.count {
            var end = start
            while end < stream.count, stream[end] != 0x0A, stream[end] != 0x0D { end += 1 }
            if end == start {
                if let value = event.take(maximumCount: maximumCount) { events.append(value) }
            } else {
                event.read(stream.extracting(start..<end))
            }
            let isCRLF = end + 1 < stream.count && stream[end] == 0x0D && stream[end + 1] == 0x0A
            start = end + (isCRLF ? 2 : 1)
        }
        return .array(events)
    }

    private struct Event {
        var name: String?
        var id: String?
        var data: [UInt8]?

        mutating func read(_ line: Span<UInt8>) {
            let colon = line.firstIndex(of: 0x3A) ?? line.count
            let field = line.extracting(0..<colon)
            var value = line.extracting(min(colon + 1, line.count)..<line.count)
            if value.count > 0, value[0] == 0x20 { value = value.extracting(1..<value.count) }
            if field.equalsIgnoringCase("data") {
                if data == nil { data = [] } else { data?.append(0x0A) }
                data?.append(contentsOf: value)
            } else if field.equalsIgnoringCase("event") {
                name = String(decoding: Array(value), as: UTF8.self)
            } else if field.equalsIgnoringCase("id") {
                id = String(decoding: Array(value), as: UTF8.self)
            }
        }

        mutating func take(maximumCount: Int) -> JSONValue? {
            defer { self = Event() }
            guard let data else { return nil }
            var members: [JSONValue.Member] = []
            if let name { members.append(.init(name: "event", value: .string(name))) }
            if let id { members.append(.init(name: "id", value: .string(id))) }
            let json = try? JSONValue(parsing: data.span, maximumCount: maximumCount)
            members.append(.init(name: "data", value: json ?? .string(String(decoding: data, as: UTF8.self))))
            return .object(members)
        }
    }
}
