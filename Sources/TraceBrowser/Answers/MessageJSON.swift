import Bytes
import JSON
import Messages
import Packets
import Reports
import Traces

/// One message for the page.
struct MessageJSON {
    let limits: BrowserLimits
    /// Nanoseconds since 1970 from which times are counted.
    let origin: Int64

    func append(_ message: RecordedMessage, to writer: inout JSONWriter) {
        let head = try? message.head.parsed()
        writer.beginObject()
        writer.member("start_us", Double(message.start.nanoseconds - origin) / 1_000)
        writer.member("end_us", Double(message.end.time.nanoseconds - origin) / 1_000)
        if let head {
            appendStartLine(head, to: &writer)
            appendFields("headers", head.fields, of: head.bytes, to: &writer)
        } else {
            writer.member("unreadable", WireText(message.head.bytes.prefix(limits.shownBody)).text)
        }
        let trailers = (try? HeaderField.fields(ofTrailers: message.end.trailers.span)) ?? []
        appendFields("trailers", trailers, of: message.end.trailers, to: &writer)
        append(ShownBody(message, head: head, limits: limits), of: message, to: &writer)
        writer.key("flags")
        writer.beginArray()
        for (flag, name) in MessageFlags.names where message.end.flags.contains(flag) { writer.string(name) }
        writer.endArray()
        if let signature = message.head.signature {
            writer.key("signature")
            writer.beginObject()
            writer.member("scheme", signature.scheme)
            writer.member("state", SignatureName.of(signature))
            writer.endObject()
        }
        if let of = message.head.of {
            writer.member("of_exchange", String(of.exchange))
            writer.member("of_trace", of.trace.description)
        }
        writer.endObject()
    }

    private func appendStartLine(_ head: Head, to writer: inout JSONWriter) {
        switch head.start {
        case .request(let method, let target):
            writer.member("method", WireText(head.bytes[method.bounds]).text)
            writer.member("target", WireText(head.bytes[target.bounds]).text)
        case .response(let status, let reason):
            writer.member("status", status)
            writer.member("reason", WireText(head.bytes[reason.bounds]).text)
        }
        writer.member("version", head.version == .http2 ? "2" : "\(head.version.major).\(head.version.minor)")
    }

    private func appendFields(
        _ name: String,
        _ fields: [HeaderField],
        of bytes: [UInt8],
        to writer: inout JSONWriter
    ) {
        writer.key(name)
        writer.beginArray()
        for field in fields {
            writer.beginArray()
            writer.string(WireText(bytes[field.name.bounds]).text)
            writer.string(WireText(unfolding: bytes[field.value.bounds]).text)
            writer.endArray()
        }
        writer.endArray()
    }

    private func append(_ body: ShownBody, of message: RecordedMessage, to writer: inout JSONWriter) {
        writer.key("body")
        writer.beginObject()
        writer.member("form", body.form.rawValue)
        writer.member("text", body.text)
        writer.member("cut", body.isCut)
        writer.member("lossy", body.isLossy)
        writer.member("wire_length", message.end.wireLength)
        writer.member("stored_length", message.body.count)
        writer.member("decoded_length", body.decodedCount)
        writer.member("coding", body.coding)
        writer.member("decoded", body.isDecoded)
        writer.endObject()
    }
}
