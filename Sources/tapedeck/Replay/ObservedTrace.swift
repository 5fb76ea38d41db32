import Messages
import Packets
import Replay
import TraceFiles
import Traces

/// Writes what a replay observes as a trace: requests as sent, responses as received.
struct ObservedTrace: ObservedSink {
    let writer: TraceWriter
    private let traces: [TraceID]
    private let server: Endpoint
    private let scheme: ReplayTarget.Scheme
    private var announced: Set<UInt64> = []
    private var nextExchange: UInt64 = 0

    /// `traces` are the ids of the replayed traces, in the order of the command line.
    init(path: String, traces: [TraceID], target: ReplayTarget, force: Bool) throws {
        let header = TraceHeader(
            traceID: TraceIdentity.new(),
            sources: [
                TraceHeader.Source(
                    id: 0,
                    host: TraceIdentity.hostName(),
                    interface: "replay to \(target.authority)",
                    clock: "realtime"
                )
            ],
            toolVersion: Tapedeck.version,
            isAnonymized: false
        )
        writer = try TraceWriter(path: path, header: header, options: TraceWriter.Options(force: force))
        self.traces = traces
        scheme = target.scheme
        let address = IPAddress(target.host) ?? IPAddress(ipv4: 0)
        server = Endpoint(address: address, port: target.port)
    }

    var isObserving: Bool { true }

    mutating func observe(_ exchange: consuming ObservedExchange) throws {
        let sent = PacketTime(nanoseconds: exchange.sent)
        let connection = UInt64(exchange.connection)
        if announced.insert(connection).inserted {
            // Which local port libcurl took is its own business; the connection's number tells them apart.
            let client = Endpoint(address: IPAddress(ipv4: 0), port: 0)
            try writer.append(
                .connectionOpen(
                    ConnectionOpenRecord(
                        connection: connection,
                        time: sent,
                        source: 0,
                        client: client,
                        server: server,
                        sawHandshake: true
                    )
                )
            )
        }
        let request = exchange.scheduled.request
        let origin = TraceRequests.origin(of: request.exchange)
        let reference = ObservedReference(
            trace: traces[origin.trace],
            exchange: origin.exchange,
            loop: exchange.scheduled.loop,
            copy: exchange.scheduled.copy
        )
        let number = nextExchange
        nextExchange += 1
        var flags: MessageFlags = request.bodyMode == .chunked && !exchange.isHTTP2 ? .chunked : []
        if exchange.response == nil { flags.insert(.noResponse) }
        let (encoding, bytes) = exchange.requestRecord(to: scheme)
        try append(
            HeadRecord(
                kind: .request,
                exchange: number,
                connection: connection,
                start: sent,
                encoding: encoding,
                bytes: bytes,
                framing: exchange.requestFraming,
                of: reference
            ),
            request.body,
            length: UInt64(request.bodyCount),
            flags,
            end: exchange.sent
        )
        if let response = exchange.response {
            let (encoding, bytes) = response.record
            let head = HeadRecord(
                kind: .response,
                exchange: number,
                connection: connection,
                start: PacketTime(nanoseconds: response.start),
                encoding: encoding,
                bytes: bytes,
                framing: response.framing,
                of: reference
            )
            if response.parts.isEmpty || response.flags.contains(.upgraded) {
                try append(
                    head,
                    response.body,
                    length: response.bodyLength,
                    response.flags,
                    trailers: response.trailers,
                    // What follows a handshake is no part of it.
                    end: response.flags.contains(.upgraded) ? response.start : exchange.end
                )
                try appendMessages(response.parts, of: head)
            } else {
                try appendEvents(response, head, end: exchange.end)
            }
        }
        try writer.tick(now: Clock.monotonic())
    }

    /// Gives the file its name.
    func finish() throws {
        try writer.finish(ledger: [])
    }

    private func append(
        _ head: HeadRecord,
        _ body: [UInt8],
        length: UInt64,
        _ flags: MessageFlags,
        trailers: [UInt8] = [],
        end: Int64
    ) throws {
        let end = EndRecord(of: head, length: length, flags, trailers: trailers, at: end)
        try writer.append(RecordedMessage(head: head, body: body, end: end))
    }
}

extension EndRecord {
    init(of head: HeadRecord, length: UInt64, _ flags: MessageFlags, trailers: [UInt8], at time: Int64) {
        self.init(
            kind: head.kind,
            exchange: head.exchange,
            connection: head.connection,
            time: PacketTime(nanoseconds: max(time, head.start.nanoseconds)),
            wireLength: length,
            flags: flags,
            trailers: trailers
        )
    }
}
