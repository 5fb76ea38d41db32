import JSON

extension RunRecord {
    /// One JSON object and a line feed.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        writer.endLine()
        return writer.bytes
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("schema", Self.schema)
        writer.member("name", name)
        writer.member("command", command)
        for (key, texts) in [("arguments", arguments), ("traces", traces)] {
            writer.key(key)
            writer.beginArray()
            for text in texts { writer.string(text) }
            writer.endArray()
        }
        writer.member("target", target)
        writer.member("start_ns", start)
        writer.member("end_ns", end)
        writer.member("outcome", outcome)
        writer.member("requests", requests)
        writer.member("failed", failed)
        writer.endObject()
    }

    /// Reads what ``json()`` writes; `nil` for anything else.
    package init?(parsing text: [UInt8]) {
        guard text.count <= Self.maximumBytes, let json = try? JSONValue(parsing: text.span),
            json["schema"]?.text == Self.schema, let name = json["name"]?.text,
            let command = json["command"]?.text, let start = json["start_ns"]?.number(Int64.self),
            let end = json["end_ns"]?.number(Int64.self), let outcome = json["outcome"]?.text
        else { return nil }
        self.init(
            name: name,
            command: command,
            arguments: json["arguments"]?.texts ?? [],
            traces: json["traces"]?.texts ?? [],
            target: json["target"]?.text,
            start: start,
            end: end,
            outcome: outcome,
            requests: json["requests"]?.number(UInt64.self) ?? 0,
            failed: json["failed"]?.number(UInt64.self) ?? 0
        )
    }
}

extension JSONValue {
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The texts of a list; others in it are passed over.
    var texts: [String] {
        if case .array(let values) = self { values.compactMap(\.text) } else { [] }
    }

    func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        if case .number(let number) = self { Number(number.spelling) } else { nil }
    }

    var double: Double? {
        guard case .number(let number) = self, number.doubleValue.isFinite else { return nil }
        return number.doubleValue
    }
}
