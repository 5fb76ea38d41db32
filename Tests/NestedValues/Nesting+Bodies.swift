import Bytes
import Compression
import Foundation

extension Nesting {
    /// Places in bodies.
    package static let bodies: [Nesting] = json + forms + markup + texts + encoded + binary + charsets

    /// All places.
    package static let all = heads + bodies

    private static func body(
        _ name: String,
        _ type: String,
        isUnnamed: Bool = false,
        kinds: Set<PlantedValue.Kind> = [],
        _ write: @escaping @Sendable (PlantedValue) -> String,
        _ read: @escaping @Sendable (String) -> String?
    ) -> Nesting {
        Nesting(
            name,
            isUnnamed: isUnnamed,
            kinds: kinds,
            plant: { NestedMessage(type, write($0)) },
            read: { read($0.text) }
        )
    }

    private static func object(_ value: PlantedValue) -> String {
        "{\"id\":7,\"\(value.kind.field)\":\"\(value.text)\",\"ok\":true}"
    }

    /// The one member of an object that is a text.
    private static func text(of object: String) -> String? {
        for kind in PlantedValue.Kind.allCases {
            if let found = object.member(kind.field) { return found }
        }
        return nil
    }

    private static let jsonType = "application/json"

    private static let json: [Nesting] = [
        body("JSON", jsonType, { object($0) }, { text(of: $0) }),
        body(
            "JSON with escapes",
            jsonType,
            { "{\"\($0.kind.field)\":\"\($0.text.jsonEscaped)\"}" },
            { text(of: $0) }
        ),
        body(
            "JSON in a list",
            "application/vnd.api+json",
            { "[1,{\"\($0.kind.field)\":[\"\($0.text)\"]}]" },
            { $0.between("[\"", "\"]") }
        ),
        body(
            "JSON Lines",
            "application/x-ndjson",
            { "{\"a\":1}\n\(object($0))\n" },
            { $0.components(separatedBy: "\n").dropFirst().first.flatMap { text(of: $0) } }
        ),
        body(
            "JSON in JSON",
            jsonType,
            { "{\"payload\":\(object($0).jsonQuoted)}" },
            { $0.member("payload").flatMap { text(of: $0) } }
        ),
        body(
            "JSON in JSON in JSON",
            jsonType,
            { "{\"a\":\("{\"b\":\(object($0).jsonQuoted)}".jsonQuoted)}" },
            { $0.member("a")?.member("b").flatMap { text(of: $0) } }
        ),
        body(
            "URL in JSON",
            jsonType,
            { "{\"u\":\"https://x.test/a?\($0.kind.field)=\($0.text.percentCoded)&z=1\"}" },
            { $0.member("u")?.between("?", "&z")?.between("=", "")?.percentDecoded }
        ),
        body(
            "text in JSON",
            jsonType,
            isUnnamed: true,
            { "{\"msg\":\"call \($0.text) now\"}" },
            { $0.member("msg")?.between("call ", " now") }
        ),
        body(
            "percent-encoded text in JSON",
            jsonType,
            isUnnamed: true,
            { "{\"msg\":\"see \($0.text.percentCoded) now\"}" },
            { $0.member("msg")?.between("see ", " now")?.percentDecoded }
        ),
        body(
            "pairs in JSON",
            jsonType,
            { "{\"msg\":\"sent \($0.kind.field)=\($0.text) ok\"}" },
            { $0.member("msg")?.between("sent ", " ok")?.between("=", "") }
        ),
        body("JSON sent as text", "text/plain", { object($0) }, { text(of: $0) }),
        body("JSON without a type", "", { object($0) }, { text(of: $0) }),
        body(
            "arguments of GraphQL",
            jsonType,
            { "{\"query\":\("mutation { add(\($0.kind.field): \"\($0.text)\", n: 1) { id } }".jsonQuoted)}" },
            { $0.member("query")?.between(": \"", "\"") }
        ),
        body(
            "variables of GraphQL",
            jsonType,
            { "{\"query\":\"query($e: String) { u(e: $e) { id } }\",\"variables\":\(object($0))}" },
            { $0.between("\"variables\":", "}").flatMap { text(of: $0 + "}") } }
        ),
        body(
            "a document of GraphQL",
            "application/graphql",
            { "# ask\nquery Q { user(where: {\($0.kind.field): [\"\($0.text)\"]}) { id } }" },
            { $0.between("[\"", "\"]") }
        ),
    ]

    private static let forms: [Nesting] = [
        body(
            "form",
            "application/x-www-form-urlencoded",
            { "x=1&\($0.kind.field)=\($0.text.percentCoded)&y=2" },
            { $0.between("x=1&", "&y=2")?.between("=", "")?.percentDecoded }
        ),
        body(
            "form of objects",
            "application/x-www-form-urlencoded",
            { "user%5B\($0.kind.field)%5D=\($0.text.percentCoded)&y=2" },
            { $0.between("%5D=", "&y=2")?.percentDecoded }
        ),
        body(
            "JSON in a form",
            "application/x-www-form-urlencoded",
            { "payload=\(object($0).percentCoded)" },
            { $0.between("payload=", "")?.percentDecoded.flatMap { text(of: $0) } }
        ),
        body(
            "part",
            "multipart/form-data; boundary=\"b 1\"",
            { value in
                "--b 1\r\nContent-Disposition: form-data; name=\"\(value.kind.field)\"\r\n\r\n\(value.text)\r\n--b 1--\r\n"
            },
            { $0.between("\r\n\r\n", "\r\n--") }
        ),
        body(
            "file of a part",
            "multipart/form-data; boundary=B",
            { value in
                "--B\r\nContent-Disposition: form-data; name=f; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\n"
                    + "id,\(value.kind.field)\r\n1,\(value.text)\r\n--B--\r\n"
            },
            { $0.between("\r\n1,", "\r\n--") }
        ),
        body(
            "multipart in multipart",
            "multipart/mixed; boundary=B",
            { value in
                "--B\r\nContent-Type: multipart/related; boundary=C\r\n\r\n--C\r\nContent-Type: application/json\r\n\r\n"
                    + "\(object(value))\r\n--C--\r\n\r\n--B--\r\n"
            },
            { $0.between("json\r\n\r\n", "\r\n--C").flatMap { text(of: $0) } }
        ),
        body(
            "part in base64",
            "multipart/mixed; boundary=B",
            { value in
                "--B\r\nContent-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                    + "\(object(value).base64)\r\n--B--\r\n"
            },
            { $0.between("base64\r\n\r\n", "\r\n--B")?.base64Decoded.flatMap { text(of: $0) } }
        ),
        body(
            "quoted-printable part",
            "multipart/mixed; boundary=B",
            isUnnamed: true,
            { value in
                "--B\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
                    + "for=\r\n \(value.text.quotedPrintable) only\r\n--B--\r\n"
            },
            {
                $0.between("printable\r\n\r\n", "\r\n--B")?.replacingOccurrences(of: "=\r\n", with: "")
                    .replacingOccurrences(of: "=", with: "%").percentDecoded?.between("for ", " only")
            }
        ),
        body(
            "message in a part",
            "multipart/mixed; boundary=B",
            { value in
                "--B\r\nContent-Type: application/http\r\n\r\nPOST /a HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"
                    + "\(object(value))\r\n--B--\r\n"
            },
            { $0.between("json\r\n\r\n", "\r\n--B").flatMap { text(of: $0) } }
        ),
        body(
            "name of a file",
            "multipart/form-data; boundary=B",
            isUnnamed: true,
            kinds: [.email, .card],
            {
                "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\($0.text).txt\"\r\n"
                    + "Content-Type: text/plain\r\n\r\nx\r\n--B--\r\n"
            },
            { $0.between("filename=\"", ".txt") }
        ),
        body(
            "table",
            "text/csv",
            { "id;\($0.kind.field)\n1;\"\($0.text)\"\n" },
            { $0.between("1;\"", "\"\n") }
        ),
    ]

    private static let markup: [Nesting] = [
        body(
            "element",
            "application/xml",
            {
                "<?xml version=\"1.0\"?><order><\($0.kind.field)> \($0.text)\n</\($0.kind.field)><n>1</n></order>"
            },
            { $0.between("> ", "\n<") }
        ),
        body(
            "attribute",
            "text/xml",
            { "<order><c \($0.kind.field)='\($0.text.referenced())' n='1'/></order>" },
            { $0.between("='", "' n")?.dereferenced }
        ),
        body(
            "SOAP",
            "application/soap+xml; charset=utf-8",
            {
                "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body><m:Add xmlns:m=\"u:m\">"
                    + "<m:\($0.kind.field)>\($0.text.referenced(hexadecimal: true))</m:\($0.kind.field)></m:Add></s:Body></s:Envelope>"
            },
            { $0.between("<m:Add xmlns:m=\"u:m\">", "</m:Add>")?.between(">", "<")?.dereferenced }
        ),
        body(
            "CDATA in pieces",
            "application/xml",
            {
                let middle = $0.text.index($0.text.startIndex, offsetBy: $0.text.count / 2)
                return
                    "<a><\($0.kind.field)>\($0.text[..<middle])<!-- x --><![CDATA[\($0.text[middle...])]]></\($0.kind.field)></a>"
            },
            { text in
                var text = text
                for piece in ["<!-- x -->", "<![CDATA[", "]]>", "<a>", "</a>"] {
                    text = text.replacingOccurrences(of: piece, with: "")
                }
                return text.between(">", "<")?.dereferenced
            }
        ),
        body(
            "comment",
            "application/xml",
            isUnnamed: true,
            { "<a><!-- from \($0.text) today --></a>" },
            { $0.between("from ", " today") }
        ),
        body(
            "field of a page",
            "text/html; charset=utf-8",
            { "<!DOCTYPE html><form><input value=\"\($0.text)\" name=\($0.kind.field)><br></form>" },
            { $0.between("value=\"", "\"")?.dereferenced }
        ),
        body(
            "text of a page",
            "text/html",
            isUnnamed: true,
            { "<p>Write to <b>\($0.text.referenced())</b>!" },
            { $0.between("<b>", "</b>")?.dereferenced }
        ),
        body(
            "script of a page",
            "text/html",
            { "<script>var u = \(object($0)); go(u)</script>" },
            { $0.between("= ", "; go").flatMap { text(of: $0) } }
        ),
        body(
            "XML in JSON",
            jsonType,
            { "{\"doc\":\("<o><\($0.kind.field)>\($0.text)</\($0.kind.field)></o>".jsonQuoted)}" },
            { $0.member("doc")?.between("<o>", "</o>")?.between(">", "<") }
        ),
    ]

    private static let texts: [Nesting] = [
        body(
            "line of text",
            "text/plain",
            { "Hello,\n\($0.kind.field): \($0.text)\nbye\n" },
            { $0.between(": ", "\n") }
        ),
        body(
            "pairs in a log",
            "text/plain",
            { "level=info \($0.kind.field)=\"\($0.text)\" n=1\n" },
            { $0.between("=\"", "\" n") }
        ),
        body(
            "JSON in a log",
            "text/plain",
            { "12:00 got \(object($0)) from queue\n" },
            { $0.between("got ", " from").flatMap { text(of: $0) } }
        ),
        body(
            "escaped text",
            "text/plain",
            isUnnamed: true,
            { "to \($0.text.referenced()) and" },
            { $0.between("to ", " and")?.dereferenced }
        ),
        body(
            "event",
            "text/event-stream",
            { "id: 1\nevent: e\ndata: \(object($0))\n\n" },
            { $0.between("data: ", "\n").flatMap { text(of: $0) } }
        ),
        body(
            "event in lines",
            "text/event-stream",
            { "data: {\"id\":7,\ndata: \"\($0.kind.field)\":\ndata: \"\($0.text)\"}\n\n" },
            {
                $0.replacingOccurrences(of: "data: ", with: "").between("", "\n\n")
                    ?? text(of: $0.replacingOccurrences(of: "data: ", with: ""))
            }
        ),
        body(
            "text of an event",
            "text/event-stream",
            isUnnamed: true,
            { "data: from \($0.text) at\n\n" },
            { $0.between("from ", " at") }
        ),
    ]

    private static let encoded: [Nesting] = [
        body(
            "base64 of JSON",
            jsonType,
            { "{\"data\":\"\(object($0).base64)\"}" },
            { $0.member("data")?.base64Decoded.flatMap { text(of: $0) } }
        ),
        body(
            "base64url of JSON",
            jsonType,
            { "{\"data\":\"\(object($0).base64URL)\"}" },
            { $0.member("data")?.base64Decoded.flatMap { text(of: $0) } }
        ),
        body(
            "base64 of text",
            jsonType,
            isUnnamed: true,
            { "{\"data\":\"\("mail to \($0.text) now".base64)\"}" },
            { $0.member("data")?.base64Decoded?.between("to ", " now") }
        ),
        body(
            "base64 of JSON in gzip",
            jsonType,
            { value in
                let packed = ContentCoding.encode(Array(object(value).utf8).span, coding: .gzip)
                return "{\"data\":\"\(Data(packed).base64EncodedString())\"}"
            },
            { text in
                guard let bytes = text.member("data")?.base64Bytes,
                    let plain = try? ContentCoding.decode(bytes.span, coding: .gzip, limit: 1 << 20)
                else { return nil }
                return Self.text(of: String(decoding: plain, as: UTF8.self))
            }
        ),
        body(
            "data URL",
            jsonType,
            { "{\"file\":\"data:application/json;base64,\(object($0).base64)\"}" },
            { $0.member("file")?.between("base64,", "")?.base64Decoded.flatMap { text(of: $0) } }
        ),
        body(
            "token in JSON",
            jsonType,
            { "{\"t\":\"\(token("{\"\($0.kind.field)\":\"\($0.text)\"}"))\"}" },
            { $0.member("t")?.between(".", ".")?.base64Decoded.flatMap { text(of: $0) } }
        ),
    ]

    private static let binary: [Nesting] = [
        Nesting(
            "Protocol Buffers",
            isUnnamed: true,
            plant: {
                let inner = Wire.number(1, 150) + Wire.field(2, Array($0.text.utf8))
                return NestedMessage(
                    fields: [("Content-Type", "application/x-protobuf")],
                    body: Wire.number(1, 1) + Wire.field(3, inner)
                )
            },
            read: {
                Wire.bytes(3, in: $0.body).flatMap { Wire.bytes(2, in: $0) }.map {
                    String(decoding: $0, as: UTF8.self)
                }
            }
        ),
        grpc(coding: nil),
        grpc(coding: .gzip),
        grpc(coding: .zstd),
    ]

    private static func grpc(coding: ContentCoding?) -> Nesting {
        Nesting(
            coding.map { "gRPC in \($0)" } ?? "gRPC",
            isUnnamed: true,
            plant: {
                let plain = Wire.field(1, Array("to \($0.text)".utf8))
                let message = coding.map { ContentCoding.encode(plain.span, coding: $0) } ?? plain
                var frame: [UInt8] = [coding == nil ? 0 : 1]
                frame.appendBigEndian(UInt32(message.count))
                var fields = [(name: "Content-Type", value: "application/grpc+proto")]
                if let coding { fields.append((name: "grpc-encoding", value: "\(coding)")) }
                return NestedMessage(fields: fields, body: frame + message)
            },
            read: {
                guard $0.body.count > 5 else { return nil }
                let message = Array($0.body[5...])
                let plain =
                    coding.map { try? ContentCoding.decode(message.span, coding: $0, limit: 1 << 20) }
                    ?? message
                // Words without a name become other ones.
                return plain.flatMap { Wire.bytes(1, in: $0) }.map { String(decoding: $0, as: UTF8.self) }?
                    .between(" ", "")
            }
        )
    }

    private static let charsets: [Nesting] = [
        wide("UTF-16 little", "application/json", .utf16LittleEndian, [0xFF, 0xFE]),
        wide("UTF-16 big", "application/json; charset=utf-16", .utf16BigEndian, [0xFE, 0xFF]),
        wide("UTF-16 without a mark", "application/json", .utf16LittleEndian, []),
        wide("UTF-32", "application/json", .utf32BigEndian, []),
        wide("Latin-1", "application/json; charset=ISO-8859-1", .isoLatin1, []),
    ]

    private static func wide(_ name: String, _ type: String, _ encoding: String.Encoding, _ mark: [UInt8])
        -> Nesting
    {
        Nesting(
            name,
            plant: { value in
                let body = "{\"städte\":[\"Köln\"],\"\(value.kind.field)\":\"\(value.text)\"}"
                return NestedMessage(
                    fields: [("Content-Type", type)],
                    body: mark + [UInt8](body.data(using: encoding) ?? Data())
                )
            },
            read: { message in
                guard message.body.starts(with: mark),
                    let body = String(data: Data(message.body.dropFirst(mark.count)), encoding: encoding),
                    body.contains("Köln")
                else { return nil }
                return text(of: body)
            }
        )
    }
}
