import Foundation
import Messages
import Packets
import TraceFiles
import Traces

/// Traffic that attacks whoever looks at it: markup and scripts wherever a message has room for bytes.
struct HostileTraffic {
    /// The port of a server that counts whoever calls.
    let beacon: UInt16

    /// What a page is called once a script of the traffic has run.
    static let stain = "STAINED"

    /// Ways to make a page do something; each would change its title or call the beacon.
    var payloads: [String] {
        let act = "document.title='\(Self.stain)';new Image().src='http://127.0.0.1:\(beacon)/ran'"
        let call = "http://127.0.0.1:\(beacon)"
        return [
            "<script>\(act)</script>", "</script><script>\(act)</script>", "<img src=x onerror=\"\(act)\">",
            "\"><img src=x onerror=\"\(act)\">", "'><svg onload=\"\(act)\">",
            "</style></title></textarea><svg/onload=\"\(act)\">",
            "<img src=\(call)/image>", "<link rel=stylesheet href=\(call)/style>",
            "<iframe src=\(call)/frame></iframe>",
            "<iframe srcdoc=\"<script>parent.\(act)</script>\"></iframe>",
            "<meta http-equiv=refresh content=\"0;url=\(call)/refresh\">",
            "<base href=\(call)/base/>", "<object data=\(call)/object></object>",
            "<details open ontoggle=\"\(act)\">x</details>",
            "<style>@import '\(call)/import';</style>", "<body onload=\"\(act)\">", "javascript:\(act)",
            "data:text/html,<script>\(act)</script>",
            "${\(act)}", "{{constructor.constructor(\"\(act)\")()}}", "-->\(act)<!--",
            "]]><script>\(act)</script>",
            "\u{202E}<script>\(act)</script>", "\u{0}<script>\(act)</script>",
            "<scr\u{0}ipt>\(act)</scr\u{0}ipt>",
            "\\u003cscript\\u003e\(act)\\u003c/script\\u003e", "&lt;script&gt;\(act)&lt;/script&gt;",
            "%3Cscript%3E\(act)%3C/script%3E",
            "<!--><script>\(act)</script>",
            "<math><mtext><table><mglyph><style><img src=x onerror=\"\(act)\">",
        ]
    }

    static let id = TraceID(high: 0x6666_0000_0000_4000, low: 0x8000_0000_0000_0001)

    /// Writes the trace; `changed` gives the answers of another server to the same requests.
    func write(to path: String, changed: Bool = false) throws {
        let first = payloads[0]
        let header = TraceHeader(
            traceID: changed ? TraceID(high: 1, low: 1) : Self.id,
            sources: [.init(id: 0, host: first, interface: payloads[2], clock: payloads[4])],
            toolVersion: first,
            anonymizers: [.init(name: first, fingerprint: payloads[2])],
            isAnonymized: !changed
        )
        let writer = try TraceWriter(path: path, header: header)
        for (number, payload) in payloads.enumerated() {
            try exchange(UInt64(number), payload, changed: changed, in: writer)
        }
        try large(UInt64(payloads.count), changed: changed, in: writer)
        try note(first, in: writer)
        let counts = [
            LedgerCount(name: "packets.<script>", value: 1),
            LedgerCount(name: "<img src=x onerror=x>", value: 2),
        ]
        try writer.finish(ledger: counts, anonymized: [LedgerCount(name: first, value: 3)])
    }

    /// The payload in every place of both messages.
    private func exchange(_ number: UInt64, _ payload: String, changed: Bool, in writer: TraceWriter) throws {
        let time = Int64(number) * 1_000_000
        // Blanks end a target, and line ends a field; everything else may stand there.
        let word = payload.replacing(" ", with: "/").replacing("\u{0}", with: "")
        let line = payload.replacing("\u{0}", with: "")
        // A name like that makes a head that cannot be read, which is shown in another way.
        let name = number % 3 == 2 ? word.replacing(":", with: ";") : "X-Name"
        let method = number % 5 == 4 ? word : "POST"
        let json = Self.json(payload, changed: changed)
        let request =
            "\(method) /hooks/\(word)?\(word)=\(word)#\(word) HTTP/1.1\r\nHost: \(word)\r\nX-Payload: \(line)\r\n\(name): \(line)\r\n"
            + "Cookie: \(word)=\(word)\r\nContent-Type: application/json; charset=\(word)\r\nContent-Length: \(json.utf8.count)\r\n\r\n"
        let status = changed ? 500 : 200
        let kinds = [
            "application/json", "text/html", "image/svg+xml", "application/xml", "text/event-stream", word,
        ]
        let body =
            number % 2 == 0
            ? Array(json.utf8)
            : Array((changed ? "<b>" : "").utf8) + Array(payload.utf8) + [0xFF, 0xC3, 0x28]
        let response =
            "HTTP/1.1 \(status) \(line)\r\nContent-Type: \(kinds[Int(number) % kinds.count])\r\nLocation: \(word)\r\n"
            + "Set-Cookie: \(line)\r\nX-Changed: \(changed)\r\nETag: \"\(word)\"\r\nContent-Length: \(body.count)\r\n\r\n"
        try append(
            .request,
            number,
            Array(request.utf8),
            Array(json.utf8),
            time,
            changed: changed,
            in: writer
        )
        try append(
            .response,
            number,
            Array(response.utf8),
            body,
            time + 500_000,
            changed: changed,
            in: writer
        )
    }

    /// The payload as the name of a member and as a value, and as markup of a string that ends too early.
    private static func json(_ payload: String, changed: Bool) -> String {
        let escaped = payload.unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\u{0}": text += "\\u0000"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return
            #"{"\#(escaped)":"\#(escaped)","list":[{"\#(escaped)":1}],"changed":\#(changed ? "\"\(escaped)\"" : "2"),"<script>":\#(changed)}"#
    }

    /// A field of a megabyte, a body of a megabyte in one line, and bytes that are no text anywhere.
    private func large(_ number: UInt64, changed: Bool, in writer: TraceWriter) throws {
        let time = Int64(number) * 1_000_000
        let filler = Array(payloads[0].utf8)
        var long: [UInt8] = []
        while long.count < 1_000_000 { long += filler }
        let request =
            Array("POST /large HTTP/1.1\r\nHost: a\r\nX-Large: ".utf8) + long + Array("\r\nX-Bytes: ".utf8)
            + [0x80, 0xFF, 0xFE, 0xC0, 0xAF] + Array("\r\n\r\n".utf8)
        let body = Array("{\"value\":\"".utf8) + long.filter { $0 != 0x22 } + Array("\"}".utf8)
        try append(.request, number, request, [0xFF, 0xFE, 0x00, 0x80], time, changed: changed, in: writer)
        let response = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
        try append(
            .response,
            number,
            Array(response.utf8),
            changed ? body + [0x20] : body,
            time + 500_000,
            changed: changed,
            in: writer
        )
    }

    private func note(_ text: String, in writer: TraceWriter) throws {
        try writer.append(
            .note(
                NoteRecord(
                    connection: 0,
                    exchange: 0,
                    time: Self.time(0),
                    direction: .request,
                    subject: .upgraded,
                    amount: 1,
                    detail: text
                )
            )
        )
    }

    private static func time(_ nanoseconds: Int64) -> PacketTime {
        PacketTime(nanoseconds: 1_700_000_000_000_000_000 + nanoseconds)
    }

    private func append(
        _ kind: MessageKind,
        _ number: UInt64,
        _ head: [UInt8],
        _ body: [UInt8],
        _ time: Int64,
        changed: Bool,
        in writer: TraceWriter
    ) throws {
        let record = HeadRecord(
            kind: kind,
            exchange: number,
            connection: 0,
            start: Self.time(time),
            encoding: .http1,
            bytes: head,
            framing: .length(UInt64(body.count)),
            signature: kind == .request
                ? RecordedSignature(scheme: String(payloads[0].prefix(200)), state: 2) : nil,
            of: changed ? ObservedReference(trace: Self.id, exchange: number, loop: 0, copy: 0) : nil
        )
        let end = EndRecord(
            kind: kind,
            exchange: number,
            connection: 0,
            time: Self.time(time + 100_000),
            wireLength: UInt64(body.count),
            flags: []
        )
        try writer.append(RecordedMessage(head: record, body: body, end: end))
    }
}
