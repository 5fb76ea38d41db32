import Bytes
import JSON
import Messages

/// Writes what the server said in a WebSocket session as one JSON text, so that sessions are compared like other answers.
///
/// The text is a list with `{"opcode":"text","payload":…}` for each text message, where `payload` is its JSON if it holds some,
/// else its text; `{"opcode":"binary","payload":"<base64>"}`; and `{"opcode":"close","code":1000,"reason":"…"}` where the
/// server ended the session, or answered a close frame with another code. Pings and pongs say nothing. O(bytes).
package struct WebSocketTranscript: Sendable {
    /// The most bytes of a transcript; what is said afterwards is left out.
    package static let mostBytes = 8 << 20

    private var writer = JSONWriter()
    /// What the client's close frame said, where that came before the server's.
    private var clientClose: Close?
    /// The server's close frame came before one of the client.
    package private(set) var isEndedByServer = false
    /// Something that was said is not in it: it was not recorded, or not as it was.
    package private(set) var isCut = false

    package init() {
        writer.beginArray()
    }

    /// How long it is so far.
    package var count: Int { writer.bytes.count }

    /// Takes the next message of either side.
    package mutating func take(_ event: EventRecord) {
        guard event.eventKind == .webSocket, let opcode = WebSocketOpcode(rawValue: event.opcode) else {
            return
        }
        // What was not over when the capture ended would be the next one; nothing is known of it.
        if event.flags.contains(.incomplete), event.flags.isDisjoint(with: [.truncated, .gap]) { return }
        switch (event.kind, opcode) {
        case (.request, .close): if !isEndedByServer { clientClose = Close(event.bytes.span) }
        case (.response, .close): takeClose(Close(event.bytes.span))
        case (.response, .text), (.response, .binary): takeMessage(event, isText: opcode == .text)
        case (.request, _), (.response, .ping), (.response, .pong), (.response, .continuation): break
        }
    }

    private mutating func takeMessage(_ event: EventRecord, isText: Bool) {
        let isWhole = event.flags.isDisjoint(with: [.truncated, .gap, .undecoded])
        guard isWhole, !event.bytes.isFiller, !isCut, count + event.bytes.count <= Self.mostBytes else {
            isCut = true
            return
        }
        writer.beginObject()
        writer.key("opcode")
        writer.string(isText ? "text" : "binary")
        writer.key("payload")
        if !isText {
            writer.string(String(base64: event.bytes.span))
        } else if event.bytes.span.isJSON {
            writer.raw(event.bytes.span)
        } else {
            writer.string(event.bytes.span)
        }
        writer.endObject()
    }

    private mutating func takeClose(_ close: Close) {
        if let clientClose {
            guard clientClose.code != close.code else { return }
        } else {
            guard !isEndedByServer else { return }
            isEndedByServer = true
        }
        writer.beginObject()
        writer.key("opcode")
        writer.string("close")
        if let code = close.code {
            writer.key("code")
            writer.integer(code)
            writer.key("reason")
            writer.string(close.reason.span)
        }
        writer.endObject()
    }

    /// The text.
    package consuming func finish() -> [UInt8] {
        writer.endArray()
        return writer.bytes
    }

    /// What a close frame says (RFC 6455, section 5.5.1).
    private struct Close {
        var code: UInt16?
        var reason: [UInt8] = []

        init(_ payload: Span<UInt8>) {
            guard payload.count >= 2 else { return }
            code = UInt16(payload[0]) << 8 | UInt16(payload[1])
            reason = Array(payload.extracting(2..<payload.count))
        }
    }
}

extension [UInt8] {
    /// Whether it is what an anonymizer writes over what it cannot read; a shorter message is as likely one of the server.
    fileprivate var isFiller: Bool { count >= 4 && allSatisfy { $0 == 0x78 } }
}

extension Span where Element == UInt8 {
    /// Whether it is one JSON text, and stays one within a list and an object.
    fileprivate var isJSON: Bool {
        var scanner = JSONScanner(self)
        do {
            while try scanner.next() != nil {
                if scanner.depth + 2 > JSONScanner.maximumDepth { return false }
            }
            return true
        } catch {
            return false
        }
    }
}
