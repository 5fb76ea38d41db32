import Bytes
import Messages

/// What a parser said, one line a step; body and skipped bytes that follow each other are one line, so that
/// transcripts of the same bytes in different cuts are equal.
struct Transcript: Equatable {
    private(set) var lines: [String] = []
    private var body: (subject: String, bytes: [UInt8])?
    private var skipped: (reason: String, count: UInt64)?

    mutating func began(_ subject: String) { add("\(subject)began") }

    mutating func head(_ head: borrowing Head, _ subject: String) {
        var line = "\(subject)head "
        switch head.start {
        case .request:
            line += "\(text(head.method)) \(text(head.target)) \(describe(head.version))"
        case .response(let status, _):
            line += "\(status) (\(text(head.reason))) \(describe(head.version))"
        }
        for field in head.fields { line += " [\(text(head.name(of: field)))=\(text(head.value(of: field)))]" }
        line += " \(describe(head.framing))"
        add(line + describe(head.flags))
    }

    mutating func body(_ bytes: Span<UInt8>, _ subject: String) {
        if skipped != nil { flush() }
        if body?.subject != subject { flush() }
        var joined = body?.bytes ?? []
        joined.append(contentsOf: bytes)
        body = (subject, joined)
    }

    mutating func bodyGap(_ count: UInt64, _ subject: String) { add("\(subject)gap \(count)") }

    mutating func trailers(_ bytes: Span<UInt8>, _ subject: String) {
        add("\(subject)trailers \(text(bytes))")
    }

    mutating func end(_ end: MessageEnd, _ subject: String) {
        add("\(subject)end \(end.bodyLength)\(describe(end.flags))")
    }

    mutating func abandoned(_ subject: String) { add("\(subject)abandoned") }

    mutating func skipped(_ count: UInt64, _ reason: SkippedBytes) {
        if body != nil || (skipped != nil && skipped?.reason != "\(reason)") { flush() }
        skipped = ("\(reason)", (skipped?.count ?? 0) + count)
    }

    /// Writes down what is being joined; to be called at the end.
    mutating func flush() {
        if let body { lines.append("\(body.subject)body \(escape(body.bytes))") }
        if let skipped { lines.append("skipped \(skipped.count) \(skipped.reason)") }
        body = nil
        skipped = nil
    }

    private mutating func add(_ line: String) {
        flush()
        lines.append(line)
    }

    static func == (left: Transcript, right: Transcript) -> Bool { left.lines == right.lines }

    private func text(_ bytes: Span<UInt8>) -> String { escape(Array(bytes)) }

    private func escape(_ bytes: [UInt8]) -> String {
        if bytes.count > 200 { return "\(bytes.count) bytes" }
        return bytes.map { byte in
            switch byte {
            case 0x0D: "\\r"
            case 0x0A: "\\n"
            case 0x09: "\\t"
            case 0x20..<0x7F: String(UnicodeScalar(byte))
            default: "\\x" + String(byte, radix: 16)
            }
        }.joined()
    }

    private func describe(_ version: HTTPVersion) -> String {
        version == .http2 ? "2" : "1.\(version.minor)"
    }

    private func describe(_ framing: BodyFraming) -> String {
        switch framing {
        case .none: "none"
        case .length(let count): "length \(count)"
        case .chunked: "chunked"
        case .untilClose: "until close"
        }
    }

    private func describe(_ flags: MessageFlags) -> String {
        MessageFlags.names.filter { flags.contains($0.flag) }.map { " +\($0.name)" }.joined()
    }
}

/// Reads one direction and writes its transcript.
struct Reading {
    var parser: HTTPParser
    var transcript = Transcript()
    /// Bytes and gap bytes given so far.
    private(set) var given: UInt64 = 0
    private let method: RequestMethod

    init(
        _ kind: MessageKind,
        answering method: RequestMethod = .other,
        limits: HTTPLimits = .default,
        joined: Bool = false
    ) {
        parser = HTTPParser(kind: kind, limits: limits, joined: joined)
        self.method = method
    }

    mutating func feed(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        given += UInt64(bytes.count)
        drain(bytes.span)
    }

    mutating func gap(_ count: UInt64) {
        given += count
        parser.gap(count)
        drain(Span())
    }

    mutating func finish(_ end: DirectionEnd = .closed) {
        parser.finish(end)
        drain(Span())
        transcript.flush()
    }

    /// Whether every byte given is in a bucket or pending.
    var sumsUp: Bool { given == parser.counts.total + parser.pendingBytes }

    private mutating func drain(_ bytes: Span<UInt8>) {
        var offset = 0
        while true {
            let step = parser.next(bytes, at: &offset)
            let held = parser.trailers
            switch step {
            case .more: return
            case .began: transcript.began("")
            case .head:
                parser.decideFraming(answering: method)
                transcript.head(parser.head, "")
            case .body(let range): transcript.body(bytes.extracting(range.bounds), "")
            case .heldBody: transcript.body(held.span, "")
            case .bodyGap(let count): transcript.bodyGap(count, "")
            case .trailers: transcript.trailers(held.span, "")
            case .end(let end): transcript.end(end, "")
            case .abandoned: transcript.abandoned("")
            case .skipped(let count, let reason): transcript.skipped(count, reason)
            }
        }
    }
}

/// Reads both directions and writes a transcript of each; exchange ordinals lead the lines.
struct Dialogue: MessageSink {
    var requests = Transcript()
    var responses = Transcript()

    mutating func head(_ head: inout Head, of ordinal: ExchangeOrdinal) {
        if head.kind == .request {
            requests.head(head, "\(ordinal) ")
        } else {
            responses.head(head, "\(ordinal) ")
        }
    }

    mutating func receive(_ event: MessageEvent, bytes: Span<UInt8>) {
        switch event {
        case .began(let kind, _), .body(let kind, _), .bodyGap(let kind, _, _), .trailers(let kind, _),
            .end(let kind, _, _), .abandoned(let kind, _), .skipped(let kind, _, _):
            if kind == .request {
                Self.write(event, bytes, into: &requests)
            } else {
                Self.write(event, bytes, into: &responses)
            }
        }
    }

    private static func write(_ event: MessageEvent, _ bytes: Span<UInt8>, into transcript: inout Transcript)
    {
        switch event {
        case .began(_, let ordinal): transcript.began("\(ordinal) ")
        case .body(_, let ordinal): transcript.body(bytes, "\(ordinal) ")
        case .bodyGap(_, let ordinal, let count): transcript.bodyGap(count, "\(ordinal) ")
        case .trailers(_, let ordinal): transcript.trailers(bytes, "\(ordinal) ")
        case .end(_, let ordinal, let end): transcript.end(end, "\(ordinal) ")
        case .abandoned(_, let ordinal): transcript.abandoned("\(ordinal) ")
        case .skipped(_, let count, let reason): transcript.skipped(count, reason)
        }
    }

    mutating func flush() {
        requests.flush()
        responses.flush()
    }
}
