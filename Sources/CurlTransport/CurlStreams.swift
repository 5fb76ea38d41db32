import CCurl
package import Replay
package import Transports

/// Many answers without an end at once, such as streams of events, driven by one thread.
///
/// HTTP/1.1 in clear text or TLS. Redirects are not followed, proxies are not asked. Only the thread that calls
/// ``turn(until:_:)`` touches it; others wake it through its token.
package final class CurlStreams {
    package enum Event {
        /// Bytes of a head as they come, whole lines; the head that they make is told behind them.
        case field(UnsafeRawBufferPointer)
        /// `date` in seconds since 1970.
        case head(status: Int, isEventStream: Bool, date: Int?)
        case body(UnsafeRawBufferPointer)
        /// A text message of a socket.
        case message(UnsafeRawBufferPointer)
        /// The answer is whole where there is no failure.
        case end(failure: String?)
    }

    package let token: StopToken
    let poller: Poller
    private let multi: MultiHandle
    let connection: TargetConnection
    /// Where the connections come from.
    let sources: SourceAddresses
    private var streams: [Int: CurlStream] = [:]
    var clients: [Int: SocketClient] = [:]
    /// Sockets over which something was said since the last turn.
    var unsent: [Int] = []
    /// Connections of sockets; none before the first.
    private var sockets: CurlSockets?
    private var handler: ((Int, Event) -> Void)?

    /// `connections` bounds those that are kept for a while when they serve nothing.
    package init(_ connection: TargetConnection, connections: Int) throws {
        DescriptorLimit.raise()
        self.connection = connection
        sources = try SourceAddresses(connection)
        token = try StopToken()
        poller = try Poller(stop: token)
        multi = try MultiHandle(poller: poller, connections: connections, isLimit: false)
    }

    deinit {
        for stream in streams.values { multi.remove(stream.easy) }
    }

    /// Streams that are asked for or open.
    package var count: Int { streams.count + clients.count }

    func has(_ id: Int) -> Bool { streams[id] != nil || clients[id] != nil }

    func forget(_ id: Int) { clients[id] = nil }

    func socketsMade() -> CurlSockets {
        if let sockets { return sockets }
        let made = CurlSockets(poller: poller, sources: sources)
        // A descriptor may have been a socket's before.
        multi.noteWatched = { [unowned made] descriptor in made.note(descriptor, group: -1) }
        sockets = made
        return made
    }

    /// Asks for a URL; `bytesPerSecond` is how fast it is read at most. Its number may be used again after ``close(_:)`` or
    /// its end.
    package func open(_ id: Int, url: String, headers: [String], bytesPerSecond: Int?) throws {
        precondition(!has(id), "stream \(id) is open already")
        let stream = try CurlStream(id, owner: self, connection, bytesPerSecond: bytesPerSecond)
        stream.prepare(url: url, headers: headers)
        streams[id] = stream
        try multi.add(stream.easy)
    }

    /// Drops a stream, if it is there; nothing of it is told any more.
    package func close(_ id: Int) {
        if let stream = streams.removeValue(forKey: id) {
            multi.remove(stream.easy)
        } else if let client = clients.removeValue(forKey: id) {
            client.leave()
        }
    }

    /// Waits for what happens until `end`, or until something has, and tells of it. `handler` must not open or close.
    package func turn(until end: MonotonicTime, _ handler: (Int, Event) -> Void) throws {
        try withoutActuallyEscaping(handler) { handler in
            self.handler = handler
            defer { self.handler = nil }
            sendUnsent()
            let now = MonotonicClock.now
            let deadline = min(multi.deadline ?? end, sockets?.deadline ?? end, end)
            let count = try poller.wait(until: deadline, now: now)
            for index in 0..<count {
                guard let event = poller.event(index) else { continue }
                if event.descriptor == token.descriptor {
                    token.takeRequests()
                } else if try sockets?.act(on: event.descriptor, events: event.mask) != true {
                    try multi.act(on: event.descriptor, events: event.mask)
                }
            }
            try multi.actOnTime(MonotonicClock.now)
            try sockets?.actOnTime(MonotonicClock.now)
            takeEnds()
        }
    }

    private func takeEnds() {
        while let (easy, code) = multi.nextEnd() {
            guard let stream = HandleOwner.of(easy, as: CurlStream.self) else { continue }
            close(stream.id)
            let failure = code == CURLE_OK ? nil : String(cString: curl_easy_strerror(code))
            handler?(stream.id, .end(failure: failure))
        }
    }

    func tell(_ id: Int, _ event: Event) { handler?(id, event) }
}
