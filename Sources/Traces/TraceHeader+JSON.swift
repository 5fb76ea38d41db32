import Bytes
import JSON

extension TraceHeader {
    /// The header as one line of JSON, line feed included.
    package var line: [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        json.member("schema", "tapedeck.trace/1")
        json.key("format")
        json.integer(Self.format)
        json.key("requires")
        json.beginArray()
        for entry in requires { json.string(entry) }
        json.endArray()
        json.member("trace_id", traceID.description)
        json.key("part")
        json.integer(part)
        json.key("sources")
        json.beginArray()
        for source in sources {
            json.beginObject()
            json.key("id")
            json.integer(source.id)
            json.member("host", source.host)
            json.member("interface", source.interface)
            json.member("clock", source.clock)
            json.endObject()
        }
        json.endArray()
        json.member("tool_version", toolVersion)
        json.key("anonymizers")
        json.beginArray()
        for anonymizer in anonymizers {
            json.beginObject()
            json.member("name", anonymizer.name)
            json.member("fingerprint", anonymizer.fingerprint)
            json.endObject()
        }
        json.endArray()
        json.key("anonymized")
        json.bool(isAnonymized)
        json.key("key_id")
        if let keyID { json.string(keyID) } else { json.null() }
        json.endObject()
        json.endLine()
        return json.bytes
    }

    /// Reads a header line; members that this version does not know are passed over.
    package init(parsing line: Span<UInt8>) throws(TraceHeaderError) {
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: line, maximumCount: 100_000)
        } catch {
            throw .notJSON(error.description)
        }
        guard case .object = json else { throw .notJSON("it is another kind of value") }
        guard case .number(let format)? = json["format"] else { throw .field("format") }
        guard format.spelling == String(Self.format) else { throw .unsupportedFormat(format.spelling) }
        guard let requires = json["requires"]?.strings else { throw .field("requires") }
        let unknown = requires.filter { !Self.understood.contains($0) }
        guard unknown.isEmpty else { throw .requires(unknown) }
        guard let text = json["trace_id"]?.text, let id = TraceID(text) else { throw .field("trace_id") }
        guard case .bool(let isAnonymized)? = json["anonymized"] else { throw .field("anonymized") }
        guard let part = json["part"]?.integer(UInt32.self) else { throw .field("part") }
        self.init(
            traceID: id,
            part: part,
            sources: try Self.sources(json["sources"]),
            toolVersion: json["tool_version"]?.text ?? "",
            anonymizers: try Self.anonymizers(json["anonymizers"]),
            isAnonymized: isAnonymized,
            keyID: json["key_id"]?.text
        )
        self.requires = requires
    }

    private static func sources(_ value: JSONValue?) throws(TraceHeaderError) -> [Source] {
        guard case .array(let elements)? = value else { throw .field("sources") }
        var sources: [Source] = []
        for element in elements {
            guard let id = element["id"]?.integer(UInt16.self) else { throw .field("sources") }
            sources.append(
                Source(
                    id: id,
                    host: element["host"]?.text ?? "",
                    interface: element["interface"]?.text ?? "",
                    clock: element["clock"]?.text ?? ""
                )
            )
        }
        return sources
    }

    private static func anonymizers(_ value: JSONValue?) throws(TraceHeaderError) -> [Anonymizer] {
        guard case .array(let elements)? = value else { throw .field("anonymizers") }
        var anonymizers: [Anonymizer] = []
        for element in elements {
            guard let name = element["name"]?.text else { throw .field("anonymizers") }
            anonymizers.append(Anonymizer(name: name, fingerprint: element["fingerprint"]?.text ?? ""))
        }
        return anonymizers
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }
}

extension JSONValue {
    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    fileprivate func integer<I: FixedWidthInteger>(_ type: I.Type) -> I? {
        guard case .number(let number) = self else { return nil }
        return I(number.spelling)
    }

    fileprivate var strings: [String]? {
        guard case .array(let elements) = self else { return nil }
        let strings = elements.compactMap(\.text)
        return strings.count == elements.count ? strings : nil
    }
}
