import Bytes
import Compression
package import Messages
import Reports
package import Traces

/// A body as the page shows it: without content coding, as text where it is that, else as hexadecimal digits.
package struct ShownBody: Sendable {
    package enum Form: String, Sendable {
        case empty, json, text, binary
    }

    package var form: Form
    package var text: String
    /// Whether `text` leaves something out.
    package var isCut: Bool
    /// Whether bytes that are no UTF-8 were replaced.
    package var isLossy = false
    /// Bytes without content coding.
    package var decodedCount: Int
    /// What the head says of its coding, and whether it could be undone.
    package var coding: String?
    package var isDecoded = true

    /// Bytes of a body that is no text that are shown.
    static let shownBinary = 4_096

    package init(_ message: RecordedMessage, head: Head?, limits: BrowserLimits = BrowserLimits()) {
        let body: [UInt8]
        (body, coding, isDecoded) = Self.decoded(message, head: head, limit: limits.decodedBody)
        decodedCount = body.count
        guard !body.isEmpty else {
            (form, text, isCut) = (.empty, "", false)
            return
        }
        isCut = body.count > limits.shownBody
        let shown = isCut ? Array(body.prefix(limits.shownBody)) : body
        let mediaType = head?.mediaType ?? .absent
        let isText = String(validating: shown.dropLast(isCut ? 3 : 0), as: UTF8.self) != nil
        let saysText = mediaType != .other && mediaType != .absent && mediaType != .multipart
        if isText && !shown.contains(0) || saysText && isDecoded {
            text = String(decoding: shown, as: UTF8.self)
            isLossy = !isText
            let first = shown.first { $0 > 0x20 }
            form = mediaType == .json || first == 0x7B || first == 0x5B ? .json : .text
        } else {
            text = HexDump.text(shown.prefix(Self.shownBinary))
            isCut = body.count > Self.shownBinary
            form = .binary
        }
    }

    /// The body without its content coding, as far as that can be undone.
    package static func decoded(
        _ message: RecordedMessage,
        head: Head?,
        limit: Int
    ) -> (bytes: [UInt8], coding: String?, isDecoded: Bool) {
        guard let head, case let codings = head.contentCodings, !codings.isIdentity else {
            return (message.body, nil, true)
        }
        let name = head.fieldIndex(of: "content-encoding" as StaticString).map {
            WireText(head.bytes[head.fields[$0].value]).text
        }
        guard codings.isKnown, let bytes = try? codings.decode(message.body.span, limit: limit) else {
            return (message.body, name, false)
        }
        return (bytes, name, true)
    }
}

/// Bytes in rows of sixteen, as `hexdump -C` prints them.
enum HexDump {
    static func text(_ bytes: some Collection<UInt8>) -> String {
        let bytes = Array(bytes)
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let row = bytes[start..<min(bytes.count, start + 16)]
            text += hex(UInt32(start), digits: 8) + "  "
            for place in 0..<16 {
                text += place < row.count ? hex(UInt32(row[start + place]), digits: 2) + " " : "   "
                if place == 7 { text += " " }
            }
            text += " "
            for byte in row {
                text.unicodeScalars.append((0x20..<0x7F).contains(byte) ? Unicode.Scalar(byte) : ".")
            }
            text += "\n"
        }
        return text
    }

    private static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }
}
