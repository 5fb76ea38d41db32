import JSON

/// Streams that are channels on WebSockets.
extension LogWatch {
    mutating func join(_ stream: Int, at time: Int64) {
        let joined = streams[stream]
        let topic = path(of: joined)
        sockets?.join(
            stream,
            topic: topic,
            run: joined.run,
            reader: joined.reader,
            isSlow: joined.isSlow,
            at: time
        )
    }

    /// The head of the answer to an upgrade is there; `date` is what it says of the time, by the target's clock.
    package mutating func head(socket: Int, status: Int, date: Int64?, at time: Int64) {
        if let date, let asked = sockets?.asked(socket) {
            clock.note(date: date, sent: asked, received: time)
        }
        sockets?.head(socket, status: status, at: time)
        takeSocketEvents(at: time)
    }

    /// A text came on a socket.
    package mutating func take(text: Span<UInt8>, ofSocket socket: Int, at time: Int64) {
        sockets?.take(text, of: socket)
        takeSocketEvents(at: time)
    }

    /// The connection of a socket is over.
    package mutating func end(socket: Int, reason: String, at time: Int64) {
        sockets?.end(socket, reason: reason)
        takeSocketEvents(at: time)
    }

    /// A run has come to its end. Realtime says nothing of that, so that its channel is left when lines have had their time.
    package mutating func end(run: String, at time: Int64) {
        guard sockets != nil, let places = streamsByRun[run] else { return }
        for stream in places where streams[stream].leave == .max {
            streams[stream].leave = time &+ Int64(clamping: rule.linger)
        }
    }

    mutating func tickSockets(at time: Int64) {
        guard sockets != nil else { return }
        sockets?.tick(at: time)
        takeSocketEvents(at: time)
    }

    mutating func takeSocketActions() {
        for action in sockets?.takeActions() ?? [] {
            switch action {
            case .open(let socket, let reader, let isSlow):
                actions.append(.openSocket(socket, reader: reader, isSlow: isSlow))
            case .send(let socket, let text): actions.append(.send(socket: socket, text: text))
            case .close(let socket): actions.append(.closeSocket(socket))
            }
        }
    }

    /// The most sockets that were there at once.
    package var socketPeak: Int { sockets?.peak ?? 0 }

    private mutating func takeSocketEvents(at time: Int64) {
        for event in sockets?.takeEvents() ?? [] {
            switch event {
            case .subscribed(let stream) where streams[stream].phase == .opening: begin(stream, at: time)
            case .change(let stream, let data) where streams[stream].phase == .open:
                take(line: rule.line.flatMap { data.name(at: $0) }, data, of: stream, at: time)
            case .refused(let stream, let reason), .lost(let stream, let reason):
                end(stream, .failed(reason), at: time)
            case .cutOff(let stream) where streams[stream].phase == .open: cutOff(stream, at: time)
            // It was about to be joined.
            case .cutOff(let stream): end(stream, .failed("the socket was cut off"), at: time)
            case .unreadable(let reader): noteUnreadable(reader: reader)
            case .subscribed, .change: break
            }
        }
        openNext(at: time)
    }
}
