import Bytes
package import JSON
package import Messages
import Packets
package import Traces

/// One recorded message as the JSON object of `tapedeck cat --json`.
package enum ExchangeJSON {
    /// Writes a message and ends the line.
    ///
    /// `flags` are those that only a look at the whole trace can tell (`no-response`, `no-request`); they are
    /// added to the recorded ones. A head that cannot be read gives empty fields, never a made-up one.
    package static func append(
        _ message: RecordedMessage,
        connection: ConnectionOpenRecord?,
        flags: MessageFlags,
        to writer: inout JSONWriter
    ) {
        let head = try? message.head.parsed()
        var flags = flags.union(message.end.flags)
        writer.beginObject()
        writer.member("schema", "tapedeck.cat/1")
        writer.member("type", message.typeName(flags))
        writer.member("exchange", message.exchange)
        writer.member("connection", message.connection)
        writer.member("client", connection?.client.description)
        writer.member("server", connection?.server.description)
        writer.member("scheme", scheme(of: head))
        if let head, message.kind == .request {
            writer.member("authority", WireText(authority(of: head)).text)
        }
        writer.member("start_ns", message.start.nanoseconds)
        writer.member("end_ns", message.end.time.nanoseconds)
        if let head {
            appendStartLine(head, to: &writer, &flags)
            writer.key("headers")
            appendFields(head.fields, of: head.bytes, to: &writer, &flags)
        }
        writer.key("trailers")
        let trailers = (try? HeaderField.fields(ofTrailers: message.end.trailers.span)) ?? []
        appendFields(trailers, of: message.end.trailers, to: &writer, &flags)
        appendBody(message.body, to: &writer)
        writer.member("body_length", message.end.wireLength)
        if message.kind == .request { appendSignature(of: message.head, to: &writer) }
        writer.key("flags")
        writer.beginArray()
        for (flag, name) in MessageFlags.names where flags.contains(flag) { writer.string(name) }
        writer.endArray()
        if let of = message.head.of { appendReference(of, to: &writer) }
        writer.endObject()
        writer.endLine()
    }

    private static func appendStartLine(
        _ head: Head,
        to writer: inout JSONWriter,
        _ flags: inout MessageFlags
    ) {
        switch head.start {
        case .request(let method, let target):
            writer.member("method", WireText(head.bytes[method.bounds]).text)
            let target = WireText(head.bytes[target.bounds])
            if target.isLatin1 { flags.insert(.latin1) }
            writer.member("target", target.text)
        case .response(let status, let reason):
            writer.member("status", status)
            writer.member("reason", WireText(head.bytes[reason.bounds]).text)
        }
        writer.member("version", head.version == .http2 ? "2" : "\(head.version.major).\(head.version.minor)")
    }

    private static func appendFields(
        _ fields: [HeaderField],
        of bytes: [UInt8],
        to writer: inout JSONWriter,
        _ flags: inout MessageFlags
    ) {
        writer.beginArray()
        for field in fields {
            let name = WireText(bytes[field.name.bounds])
            let value = WireText(unfolding: bytes[field.value.bounds])
            if name.isLatin1 || value.isLatin1 { flags.insert(.latin1) }
            writer.beginArray()
            writer.string(name.text)
            writer.string(value.text)
            writer.endArray()
        }
        writer.endArray()
    }

    private static func appendBody(_ body: [UInt8], to writer: inout JSONWriter) {
        if let text = String(validating: body, as: UTF8.self) {
            writer.member("body", text)
        } else {
            writer.member("body_base64", String(base64: body.span))
        }
    }

    private static func appendSignature(of head: HeadRecord, to writer: inout JSONWriter) {
        writer.key("signature")
        guard let signature = head.signature else { return writer.null() }
        writer.beginObject()
        writer.member("scheme", signature.scheme)
        writer.member("state", SignatureName.of(signature))
        if head.hasMalformedSignature { writer.member("detail", "malformed") }
        writer.endObject()
    }

    private static func appendReference(_ of: ObservedReference, to writer: inout JSONWriter) {
        writer.key("of")
        writer.beginObject()
        writer.member("trace", of.trace.description)
        writer.member("exchange", of.exchange)
        writer.member("loop", of.loop)
        writer.member("copy", of.copy)
        writer.endObject()
    }

    /// What HTTP/2 says of the scheme of a request; everything recorded is in clear text, whatever a client says.
    private static func scheme(of head: Head?) -> String {
        guard let head, head.version == .http2, let index = head.fieldIndex(of: ":scheme" as StaticString)
        else {
            return "http"
        }
        return WireText(head.bytes[head.fields[index].value.bounds]).text
    }

    /// Host, or what stands in its place in a target of absolute form (RFC 9112, section 3.2.2).
    private static func authority(of head: Head) -> ArraySlice<UInt8> {
        if head.version == .http2, let range = head.authorityRange { return head.bytes[range.bounds] }
        if let index = head.fieldIndex(of: "host") { return head.bytes[head.fields[index].value.bounds] }
        let target = head.bytes[head.targetRange.bounds]
        guard let colon = target.firstIndex(of: UInt8(ascii: ":")),
            target[colon...].starts(with: Array("://".utf8))
        else { return [] }
        return target[(colon + 3)...].prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
    }
}

extension RecordedMessage {
    /// A promise of a server is no request, though it looks like one.
    fileprivate func typeName(_ flags: MessageFlags) -> String {
        switch kind {
        case .request: flags.contains(.pushed) ? "push_promise" : "request"
        case .response: "response"
        }
    }
}
