import Bytes
import Messages
import Packets
package import Traces

/// Gathers the event streams and WebSocket sessions of a trace from its records, in the order of the file.
///
/// Of a server's events only keys and times are kept, so a stream costs memory by their number, not by their size.
package struct RecordedStreamCollector: Sendable {
    private struct OpenStream: Sendable {
        var kind: RecordedStream.Kind
        var connection: UInt64
        var start: PacketTime
        var reader = ServerEventReader()
        var events: [RecordedStream.Event] = []
        var messages: [RecordedStream.ClientMessage] = []
        var last: PacketTime
        var endsAtServer = false
        var sawClientClose = false
        var eventsLeftOut: UInt64 = 0
        var messagesLeftOut: UInt64 = 0
    }

    /// Requests of which the answer has not come yet that are remembered.
    private static let requestLimit = 65_536

    private let limits: RecordedStreams.Limits
    /// Added to the numbers of exchanges.
    private let offset: UInt64
    private var starts: [UInt64: PacketTime] = [:]
    private var streams: [UInt64: OpenStream] = [:]
    private var exchangeOnConnection: [UInt64: UInt64] = [:]
    private var eventCount = 0
    private var messageBytes = 0
    private var leftOut: UInt64 = 0

    /// `offset` is what the replay adds to the numbers of this trace's exchanges.
    package init(offset: UInt64 = 0, limits: RecordedStreams.Limits = RecordedStreams.Limits()) {
        self.offset = offset
        self.limits = limits
    }

    /// Takes the next record; those that are not needed are passed over.
    package mutating func receive(_ record: TraceRecord) {
        switch record {
        case .head(let head): take(head, ends: nil)
        case .whole(let head, _, let end): take(head, ends: end)
        case .event(let event): take(event)
        case .end(let end): take(end)
        case .connectionClose(let close): take(close)
        case .connectionOpen, .body, .ledgerSnapshot, .note, .connectionSummary, .endpointLedger, .anonymized:
            break
        }
    }

    private mutating func take(_ head: HeadRecord, ends end: EndRecord?) {
        if head.isRepeated, streams[head.exchange] != nil { return }
        if head.kind == .request {
            // Whatever waits here for an answer that never comes gives way some time.
            if starts.count >= Self.requestLimit { starts.removeAll(keepingCapacity: true) }
            starts[head.exchange] = head.start
            return
        }
        guard let kind = RecordedStream.Kind(of: head, ends: end) else {
            if end != nil { starts[head.exchange] = nil }
            return
        }
        open(head.exchange, kind, connection: head.connection, at: starts[head.exchange] ?? head.start)
        if let end { take(end) }
    }

    private mutating func open(
        _ exchange: UInt64,
        _ kind: RecordedStream.Kind,
        connection: UInt64,
        at start: PacketTime
    ) {
        guard streams.count < limits.streams else {
            leftOut += 1
            return
        }
        streams[exchange] = OpenStream(kind: kind, connection: connection, start: start, last: start)
        exchangeOnConnection[connection] = exchange
    }

    private mutating func take(_ event: EventRecord) {
        // An event stream in a request is the client's own affair.
        if event.eventKind == .serverSentEvent, event.kind == .request { return }
        if streams[event.exchange] == nil {
            let kind: RecordedStream.Kind =
                event.eventKind == .webSocket ? .webSocket : .serverSentEvents
            let start = starts[event.exchange] ?? event.start
            open(event.exchange, kind, connection: event.connection, at: start)
        }
        // Taken out, so that its arrays grow in place.
        guard var stream = streams.removeValue(forKey: event.exchange) else { return }
        stream.last = max(stream.last, event.time)
        let time = event.time.nanoseconds(since: stream.start)
        switch (event.eventKind, event.kind) {
        case (.serverSentEvent, _):
            var position = 0
            while let block = stream.reader.next(event.bytes.span, at: &position) {
                if case .event(let key) = block { append(key, at: time, to: &stream) }
            }
        case (.webSocket, .response): takeServerMessage(event, at: time, to: &stream)
        case (.webSocket, .request): takeClientMessage(event, to: &stream)
        }
        streams[event.exchange] = stream
    }

    private mutating func append(_ key: EventKey, at time: Int64, to stream: inout OpenStream) {
        guard eventCount < limits.events else {
            stream.eventsLeftOut += 1
            return
        }
        eventCount += 1
        stream.events.append(RecordedStream.Event(key: key, offset: max(0, time)))
    }

    private mutating func takeServerMessage(_ event: EventRecord, at time: Int64, to stream: inout OpenStream)
    {
        switch WebSocketOpcode(rawValue: event.opcode) {
        case .close: if !stream.sawClientClose { stream.endsAtServer = true }
        case .text, .binary:
            let isWhole = event.flags.isDisjoint(with: [.gap, .incomplete, .undecoded])
            append(
                isWhole ? .message(opcode: event.opcode, event.bytes.span) : .unknown,
                at: time,
                to: &stream
            )
        case .ping, .pong, .continuation, nil: break
        }
    }

    private mutating func takeClientMessage(_ event: EventRecord, to stream: inout OpenStream) {
        let isWhole = event.flags.isDisjoint(with: [.truncated, .gap, .incomplete, .undecoded])
        switch WebSocketOpcode(rawValue: event.opcode) {
        // A pong answers a ping of the server, and does so again where there is one.
        case .pong, .continuation, nil: return
        case .close:
            stream.sawClientClose = true
            // The answer to the server's close is no message of its own.
            if stream.endsAtServer { return }
        case .text, .binary, .ping: break
        }
        guard isWhole, messageBytes + event.bytes.count <= limits.messageBytes else {
            stream.messagesLeftOut += 1
            return
        }
        messageBytes += event.bytes.count + 64
        stream.messages.append(
            RecordedStream.ClientMessage(
                opcode: event.opcode,
                bytes: event.bytes,
                frames: max(1, event.frames),
                offset: max(0, event.start.nanoseconds(since: stream.start)),
                eventsBefore: stream.events.count
            )
        )
    }

    private mutating func take(_ end: EndRecord) {
        guard end.kind == .response, !end.flags.contains(.interim) else { return }
        starts[end.exchange] = nil
        guard let last = streams[end.exchange]?.last, streams[end.exchange]?.kind == .serverSentEvents else {
            return
        }
        let isWhole = end.flags.isDisjoint(with: [.incomplete, .reset])
        streams[end.exchange]?.endsAtServer = isWhole
        streams[end.exchange]?.last = max(last, end.time)
        // The end of the connection says nothing more of it.
        if isWhole { forget(end.exchange) }
    }

    private mutating func forget(_ exchange: UInt64) {
        guard let connection = streams[exchange]?.connection, exchangeOnConnection[connection] == exchange
        else { return }
        exchangeOnConnection[connection] = nil
    }

    private mutating func take(_ close: ConnectionCloseRecord) {
        guard let exchange = exchangeOnConnection.removeValue(forKey: close.connection) else { return }
        switch close.reason {
        case .fin, .reset:
            if let last = streams[exchange]?.last { streams[exchange]?.last = max(last, close.time) }
        // Noticed some time after nothing had come any more.
        case .expired, .endOfCapture, .reused: break
        }
    }

    /// What was found; nothing more will come.
    package consuming func finish() -> RecordedStreams {
        var found: [UInt64: RecordedStream] = [:]
        found.reserveCapacity(streams.count)
        for (exchange, stream) in streams {
            found[exchange &+ offset] = RecordedStream(
                kind: stream.kind,
                events: stream.events,
                messages: stream.messages,
                end: max(0, stream.last.nanoseconds(since: stream.start)),
                endsAtServer: stream.endsAtServer,
                eventsLeftOut: stream.eventsLeftOut,
                messagesLeftOut: stream.messagesLeftOut
            )
        }
        return RecordedStreams(found, leftOut: leftOut)
    }
}

extension RecordedStream.Kind {
    /// What the head of a recorded answer begins, if it begins a stream.
    init?(of record: HeadRecord, ends end: EndRecord?) {
        guard record.kind == .response, let head = try? record.parsed() else { return nil }
        if head.opensWebSocket {
            self = .webSocket
        } else if head.isEventStream {
            self = .serverSentEvents
        } else {
            return nil
        }
    }
}
