import Bytes
import Compression
import Messages
import Packets
import Traces

/// What a check keeps of a response.
struct StoredResponse: Sendable {
    enum Body: Sendable {
        /// Without its content coding.
        case decoded([UInt8])
        /// In a coding that cannot be read here.
        case opaque([UInt8], coding: String)
        /// Only length and hash of the bytes.
        case fingerprint(count: Int, hash: Int)
        /// Of a baseline, which keeps long bodies in no other form.
        case digest(BodyDigest)
        /// Bytes are missing: cut, lost, or over the recorder's limit.
        case partial(count: Int)
        /// Replaced whole by an anonymizer: nothing is known of it but its length.
        case replaced(count: Int)
        /// The content coding is broken, or the decoded body is over its limit.
        case damaged
    }

    var status: UInt16
    /// In the order of the compared headers.
    var headers: [String?]
    var mediaType: MediaType
    /// When its last byte came, in nanoseconds since 1970.
    var end: Int64
    var body: Body
    /// It is a stream that went on when it was left: more may come in another answer.
    var isOpenEnded: Bool

    /// `headers`: the values of the compared fields, in the form for comparing.
    init(
        _ message: RecordedMessage,
        head: borrowing Head,
        headers: [String?],
        limits: CheckLimits
    ) {
        status = head.status ?? 0
        self.headers = headers
        // What is said in a WebSocket session is given as JSON.
        let isSession = message.end.flags.contains(.upgraded) && head.opensWebSocket
        mediaType = isSession ? .json : head.mediaType
        isOpenEnded = message.isLeftStream(head)
        end = message.end.time.nanoseconds
        body = Self.body(of: message, head: head, limit: limits.decodedBytes)
    }

    /// How many bytes the body occupies.
    var bodyBytes: Int {
        switch body {
        case .decoded(let bytes), .opaque(let bytes, _): bytes.count
        case .fingerprint, .digest, .partial, .replaced, .damaged: 0
        }
    }

    /// Gives the bytes of the body up for a fingerprint.
    mutating func compact() {
        if case .decoded(let bytes) = body { body = .fingerprint(count: bytes.count, hash: bytes.hashValue) }
        if case .opaque(let bytes, _) = body {
            body = .fingerprint(count: bytes.count, hash: bytes.hashValue)
        }
    }

    private static func body(of message: RecordedMessage, head: borrowing Head, limit: Int) -> Body {
        if message.isCut, !message.isLeftStream(head) { return .partial(count: message.body.count) }
        if isReplaced(message.body, head.mediaType) { return .replaced(count: message.body.count) }
        guard let first = head.fieldIndex(of: "content-encoding") else {
            return message.body.count > limit ? .damaged : .decoded(message.body)
        }
        let codings = head.contentCodings(from: first)
        guard codings.isKnown else {
            let field = head.value(of: head.fields[first])
            return .opaque(message.body, coding: String(decoding: Array(field), as: UTF8.self).lowercased())
        }
        do {
            let decoded = try codings.decode(message.body.span, limit: limit)
            return isReplaced(decoded, head.mediaType)
                ? .replaced(count: message.body.count) : .decoded(decoded)
        } catch {
            return .damaged
        }
    }

    /// Fewer bytes of filler are as likely an answer.
    private static let shortestFiller = 4

    /// Whether a body is the filler of an anonymizer, which no server of that type sends; a text may be such.
    private static func isReplaced(_ body: [UInt8], _ type: MediaType) -> Bool {
        switch type {
        case .text, .xml, .form, .eventStream: return false
        case .json, .multipart, .absent, .other:
            return body.count >= shortestFiller && body.allSatisfy { $0 == 0x78 }
        }
    }
}

extension RecordedMessage {
    /// Whether bytes of its body are missing.
    var isCut: Bool { !end.flags.isDisjoint(with: [.truncated, .gap, .incomplete, .reset]) }

    /// Whether it is an event stream or a WebSocket session that went on when it was left: what came until then is whole.
    func isLeftStream(_ head: borrowing Head) -> Bool {
        guard isCut, end.flags.isDisjoint(with: [.truncated, .gap]) else { return false }
        return head.isEventStream || end.flags.contains(.upgraded) && head.opensWebSocket
    }
}
