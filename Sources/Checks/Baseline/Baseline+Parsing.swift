import Bytes
import JSON
import Traces

extension Baseline {
    /// Reads what ``json()`` writes; members that this version does not know are passed over.
    package init(parsing text: Span<UInt8>) throws(BaselineFault) {
        guard text.count <= Self.maximumBytes else {
            throw BaselineFault("longer than \(Self.maximumBytes) bytes")
        }
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONValue(parsing: text, maximumCount: 20_000_000)
        } catch {
            throw BaselineFault("no JSON: \(error)")
        }
        guard json["schema"]?.text?.hasPrefix("tapedeck.baseline/") == true,
            let format = json["format"]?.number(Int.self)
        else { throw BaselineFault("no baseline; 'tapedeck baseline set' writes one") }
        guard format == Self.format else {
            throw BaselineFault(
                "it has format \(format), and this version reads format \(Self.format); "
                    + "use the version of tapedeck that wrote it, or a later one"
            )
        }
        guard let trace = json["trace_id"]?.text.flatMap(TraceID.init) else { throw Self.wrong("trace_id") }
        var answers: TraceID?
        switch json["answers_id"] {
        case .null?: break
        case .string(let text)?:
            guard let id = TraceID(text) else { throw Self.wrong("answers_id") }
            answers = id
        default: throw Self.wrong("answers_id")
        }
        self.init(
            trace: trace,
            answers: answers,
            toolVersion: json["tool_version"]?.text ?? "",
            authority: json["authority"]?.text ?? "",
            host: json["host"]?.text ?? "",
            seconds: json["seconds"]?.double ?? 0,
            routes: try Self.list(json["routes"], "routes", Self.route),
            revisions: try Self.list(json["revisions"], "revisions", Self.revision)
        )
        guard !revisions.isEmpty else { throw Self.wrong("revisions") }
        for (exchange, digest) in try Self.list(json["digests"], "digests", Self.digest) {
            digests[exchange] = digest
        }
    }

    private static func wrong(_ name: String) -> BaselineFault {
        BaselineFault("it has no usable \"\(name)\"")
    }

    private static func list<Element>(
        _ value: JSONValue?,
        _ name: String,
        _ read: (JSONValue) -> Element?
    ) throws(BaselineFault) -> [Element] {
        guard case .array(let values)? = value else { throw wrong(name) }
        var elements: [Element] = []
        elements.reserveCapacity(values.count)
        for value in values {
            guard let element = read(value) else { throw wrong(name) }
            elements.append(element)
        }
        return elements
    }

    private static func revision(_ json: JSONValue) -> BaselineRevision? {
        guard let number = json["revision"]?.count, number > 0,
            let time = json["time_ns"]?.number(Int64.self),
            let stored = json["stored"]?.count, case .array(let changes)? = json["changes"]
        else { return nil }
        var revision = BaselineRevision(
            number: number,
            time: time,
            source: json["source"]?.text ?? "",
            note: json["note"]?.text ?? "",
            stored: stored,
            changes: [],
            unlisted: json["unlisted"]?.count ?? 0
        )
        for change in changes {
            guard let route = change["route"]?.text, let field = change["field"]?.text,
                let kind = change["kind"]?.text, let count = change["count"]?.count
            else { return nil }
            revision.changes.append(
                BaselineRevision.Change(route: route, field: field, kind: kind, count: count)
            )
        }
        return revision
    }

    private static func route(_ json: JSONValue) -> BaselineRoute? {
        guard let name = json["route"]?.text, let stored = json["stored"]?.count,
            let errors = json["errors"]?.number(UInt64.self), case .array(let buckets)? = json["buckets"],
            buckets.count.isMultiple(of: 2)
        else { return nil }
        var route = BaselineRoute(name: name, stored: stored, errors: errors)
        var index = 0
        while index < buckets.count {
            guard let bucket = buckets[index].count, let count = buckets[index + 1].number(UInt64.self),
                // No recording has so many answers, and their sum is to be a number.
                count < 1 << 48, route.times.add(count, toBucket: bucket)
            else { return nil }
            index += 2
        }
        return route
    }

    private static func digest(_ json: JSONValue) -> (UInt64, BodyDigest)? {
        guard let exchange = json["exchange"]?.number(UInt64.self), let count = json["bytes"]?.count,
            let crc32 = json["crc32"]?.text.flatMap({ UInt32($0, radix: 16) }),
            let fnv64 = json["fnv64"]?.text.flatMap({ UInt64($0, radix: 16) })
        else { return nil }
        return (exchange, BodyDigest(count: count, crc32: crc32, fnv64: fnv64))
    }
}

extension JSONValue {
    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    fileprivate func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        if case .number(let number) = self { Number(number.spelling) } else { nil }
    }

    /// A number from 0 on that fits any count.
    fileprivate var count: Int? {
        guard let count = number(Int.self), (0...1 << 48).contains(count) else { return nil }
        return count
    }

    fileprivate var double: Double? {
        guard case .number(let number) = self, number.doubleValue.isFinite, number.doubleValue >= 0 else {
            return nil
        }
        return number.doubleValue
    }
}
