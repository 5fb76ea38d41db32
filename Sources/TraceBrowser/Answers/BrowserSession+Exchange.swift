import Bytes
import JSON
import Messages
import Packets
import Reports
import Traces

extension BrowserSession {
    /// What of an exchange is found in the outline.
    private struct Found {
        var row: ExchangeRow
        var blocks: [BlockPlace]
        var connection: TraceOutline.Connection?
        var notes: [NoteRecord]
    }

    private static let shownNotes = 100

    private func find(_ request: BrowserRequest) -> Found? {
        guard let number = request.integer("n", as: UInt64.self) else { return nil }
        return pass.look { outline in
            guard let index = outline.rowIndex(of: number) else { return nil }
            let row = outline.rows[index]
            let connection =
                Int(row.connection) < outline.connections.count
                ? outline.connections[Int(row.connection)] : nil
            let notes = outline.notes.lazy.filter { note in
                note.exchange == number
                    || note.exchange == nil && note.connection != nil && note.connection == connection?.number
            }
            return Found(
                row: row,
                blocks: outline.blocks,
                connection: connection,
                notes: Array(notes.prefix(Self.shownNotes))
            )
        }
    }

    private func read(_ found: Found) throws -> RecordedExchange {
        try ExchangeReader(shelf, blocks: found.blocks, limits: options.limits).exchange(found.row)
    }

    /// The whole of one exchange.
    func exchange(_ request: BrowserRequest) throws -> BrowserAnswer {
        guard let found = find(request) else { return .refusal(404, "there is no such exchange") }
        let exchange = try read(found)
        let origin = origin
        let messages = MessageJSON(limits: options.limits, origin: origin)
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", "tapedeck.ui-exchange/1")
        writer.member("exchange", String(found.row.exchange))
        writer.member("start", UTCTime(PacketTime(nanoseconds: found.row.start)).description)
        writer.member("session", String(found.row.session, radix: 16))
        if let connection = found.connection {
            writer.member("connection", String(connection.number))
            writer.member("client", connection.client.description)
            writer.member("server", connection.server.description)
            writer.member("handshake", connection.sawHandshake)
        }
        writer.key("flags")
        writer.flags(found.row.shownFlags)
        writer.key("request")
        if let message = exchange.request { messages.append(message, to: &writer) } else { writer.null() }
        writer.key("response")
        if let message = exchange.response { messages.append(message, to: &writer) } else { writer.null() }
        writer.key("interim")
        writer.beginArray()
        for message in exchange.interim { messages.append(message, to: &writer) }
        writer.endArray()
        append(exchange, origin: origin, to: &writer)
        writer.key("notes")
        writer.beginArray()
        for note in found.notes {
            let words = HistoryWords.words(for: note)
            writer.beginObject()
            writer.member("at_us", Double(note.time.nanoseconds - origin) / 1_000)
            writer.member("event", words.event)
            writer.member("text", words.text)
            writer.member("of_exchange", note.exchange != nil)
            writer.endObject()
        }
        writer.endArray()
        writer.key("marks")
        writer.beginArray()
        if header.isAnonymized, let finder = options.pseudonyms {
            for mark in finder.marks(in: exchange) { mark.append(to: &writer) }
        }
        writer.endArray()
        writer.member("curl", exchange.request.flatMap { CurlLine.line(for: $0, to: base(of: $0)) })
        try appendObserved(found, exchange, messages, to: &writer)
        writer.endObject()
        return .json(writer)
    }

    private func append(_ exchange: RecordedExchange, origin: Int64, to writer: inout JSONWriter) {
        writer.key("events")
        writer.beginArray()
        for event in exchange.events {
            writer.beginObject()
            writer.member("from", event.kind == .request ? "client" : "server")
            writer.member("at_us", Double(event.time.nanoseconds - origin) / 1_000)
            writer.member("opcode", event.opcode)
            if let text = String(validating: event.bytes, as: UTF8.self) {
                writer.member("text", text)
            } else {
                writer.member("hex", HexDump.text(event.bytes.prefix(ShownBody.shownBinary)))
            }
            writer.endObject()
        }
        writer.endArray()
        writer.member("more_events", exchange.hasMoreEvents)
    }

    /// The server that a line of curl names: the target, else what the request names.
    private func base(of request: RecordedMessage) -> String {
        if let sender = options.sender { return sender.target }
        guard let head = try? request.head.parsed(), let range = head.authorityRange else {
            return "http://HOST"
        }
        return "http://" + String(decoding: head.bytes[range], as: UTF8.self)
    }

    private func appendObserved(
        _ found: Found,
        _ exchange: RecordedExchange,
        _ messages: MessageJSON,
        to writer: inout JSONWriter
    ) throws {
        writer.key("observed")
        guard let observed, let observedShelf, let row = observed.answer(to: found.row.exchange) else {
            return writer.null()
        }
        let reader = ExchangeReader(observedShelf, blocks: observed.blocks, limits: options.limits)
        let answer = try reader.exchange(row)
        append(
            answer.request,
            answer.response,
            compared: answer.comparedResponse,
            failure: nil,
            to: exchange,
            messages,
            to: &writer
        )
    }

    /// Another answer to the same request, and what tells the two apart; `compared` is it in the form for comparing.
    private func append(
        _ request: RecordedMessage?,
        _ response: RecordedMessage?,
        compared: RecordedMessage?,
        failure: String?,
        to exchange: RecordedExchange,
        _ messages: MessageJSON,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.member("failure", response == nil ? failure ?? "no response" : nil)
        writer.key("request")
        if let request { messages.append(request, to: &writer) } else { writer.null() }
        writer.key("response")
        if let response { messages.append(response, to: &writer) } else { writer.null() }
        writer.key("check")
        // Of a session that was only opened, the handshakes are compared.
        let expected = compared?.opensSession == true ? exchange.response : exchange.comparedResponse
        if let asked = exchange.request, let expected, let compared {
            options.comparison.compare(
                request: asked,
                expected: expected,
                observedRequest: request,
                observed: compared
            ).append(to: &writer)
        } else {
            writer.null()
        }
        writer.endObject()
    }

    /// The bytes of a body, as a download: without content coding, unless they are asked for as they were stored.
    func body(_ request: BrowserRequest) throws -> BrowserAnswer {
        guard let found = find(request) else { return .refusal(404, "there is no such exchange") }
        let exchange = try read(found)
        let isRequest = request.parameters["side"] == "request"
        guard let message = isRequest ? exchange.request : exchange.response else {
            return .refusal(404, "the exchange has no such message")
        }
        let head = try? message.head.parsed()
        let isStored = request.parameters["stored"] == "1"
        return BrowserAnswer(
            type: "application/octet-stream",
            body: isStored
                ? message.body
                : ShownBody.decoded(message, head: head, limit: options.limits.decodedBody).bytes,
            attachment: "exchange-\(found.row.exchange)-\(isRequest ? "request" : "response").bin"
        )
    }

    /// Sends the request of an exchange once, and compares the answer.
    func send(_ request: BrowserRequest) throws -> BrowserAnswer {
        guard let sender = options.sender else {
            return .refusal(403, "no target was named; start again with --target URL")
        }
        guard let found = find(request) else { return .refusal(404, "there is no such exchange") }
        let exchange = try read(found)
        guard let message = exchange.request else {
            return .refusal(409, "the request is not in the trace")
        }
        guard message.end.flags.isDisjoint(with: [.truncated, .gap, .incomplete]) else {
            return .refusal(409, "the request is not whole in the trace")
        }
        let sent: SentExchange
        do {
            guard let outcome = try sendAlone({ try sender.send(message) }) else {
                return .refusal(429, "another request is under way; wait for its answer")
            }
            sent = outcome
        } catch {
            return .refusal(502, "\(error)")
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", "tapedeck.ui-sent/1")
        writer.member("target", sender.target)
        writer.key("observed")
        append(
            sent.request,
            sent.response,
            compared: sent.response,
            failure: sent.failure,
            to: exchange,
            MessageJSON(limits: options.limits, origin: sent.request.start.nanoseconds),
            to: &writer
        )
        writer.endObject()
        return .json(writer)
    }
}
