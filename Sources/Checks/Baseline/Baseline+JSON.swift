import Bytes
import JSON
import Traces

/// Why a text is no baseline, or none for the recording at hand.
package struct BaselineFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

extension Baseline {
    /// Longer texts are refused.
    package static let maximumBytes = 256 << 20
    private static let schema = "tapedeck.baseline/1"

    /// One JSON object, with a line for each revision, route and digest, so that a comparison of two versions of the file
    /// shows what changed.
    package func json() -> [UInt8] {
        var text = "{\"schema\":\"\(Self.schema)\",\"format\":\(Self.format),\n"
        text += Self.members {
            $0.member("trace_id", trace.description)
            $0.key("answers_id")
            if let answers { $0.string(answers.description) } else { $0.null() }
            $0.member("tool_version", toolVersion)
            $0.member("authority", authority)
            $0.member("host", host)
            $0.key("seconds")
            $0.double(seconds)
            $0.member("revision", UInt64(revision))
        }
        text += ",\n\"revisions\":[\n" + revisions.map(Self.line).joined(separator: ",\n")
        text += "\n],\n\"routes\":[\n" + routes.map(Self.line).joined(separator: ",\n")
        let digests = digests.sorted { $0.key < $1.key }
        text += "\n],\n\"digests\":[\n" + digests.map(Self.line).joined(separator: ",\n") + "\n]}\n"
        return Array(text.utf8)
    }

    private static func members(_ body: (inout JSONWriter) -> Void) -> String {
        let object = object(body)
        return String(object.dropFirst().dropLast())
    }

    private static func object(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        body(&writer)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func line(_ revision: BaselineRevision) -> String {
        object {
            $0.member("revision", UInt64(revision.number))
            $0.key("time_ns")
            $0.integer(revision.time)
            $0.member("source", revision.source)
            $0.member("note", revision.note)
            $0.member("stored", UInt64(revision.stored))
            $0.key("changes")
            $0.beginArray()
            for change in revision.changes {
                $0.beginObject()
                $0.member("route", change.route)
                $0.member("field", change.field)
                $0.member("kind", change.kind)
                $0.member("count", UInt64(change.count))
                $0.endObject()
            }
            $0.endArray()
            $0.member("unlisted", UInt64(revision.unlisted))
        }
    }

    private static func line(_ route: BaselineRoute) -> String {
        object {
            $0.member("route", route.name)
            $0.member("stored", UInt64(route.stored))
            $0.member("errors", route.errors)
            $0.member("answers", route.times.total)
            for (name, quantile) in [("p50_ns", 0.5), ("p90_ns", 0.9), ("p99_ns", 0.99)] {
                guard let value = route.times.value(at: quantile) else { continue }
                $0.member(name, value)
            }
            $0.key("buckets")
            $0.beginArray()
            for (bucket, count) in route.times.counts.sorted(by: { $0.key < $1.key }) {
                $0.integer(bucket)
                $0.integer(count)
            }
            $0.endArray()
        }
    }

    private static func line(_ entry: (key: UInt64, value: BodyDigest)) -> String {
        object {
            $0.member("exchange", entry.key)
            $0.member("bytes", UInt64(entry.value.count))
            $0.member("crc32", String(entry.value.crc32, radix: 16))
            $0.member("fnv64", String(entry.value.fnv64, radix: 16))
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    fileprivate mutating func member(_ name: String, _ value: UInt64) {
        key(name)
        integer(value)
    }
}
