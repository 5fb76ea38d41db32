import CCurl
package import Replay
package import Transports

/// Many answers without an end at once, such as streams of events, driven by one thread.
///
/// HTTP/1.1 in clear text or TLS. Redirects are not followed, proxies are not asked. Only the thread that calls
/// ``turn(until:_:)`` touches it; others wake it through its token.
package final class CurlStreams {
    package enum Event {
        /// `date` in seconds since 1970.
        case head(status: Int, isEventStream: Bool, date: Int?)
        case body(UnsafeRawBufferPointer)
        /// The answer is whole where there is no failure.
        case end(failure: String?)
    }

    package let token: StopToken
    let poller: Poller
    private let multi: MultiHandle
    private let isInsecure: Bool
    private var streams: [Int: CurlStream] = [:]
    private var handler: ((Int, Event) -> Void)?

    /// `connections` bounds those that are kept for a while when they serve nothing.
    package init(isInsecure: Bool, connections: Int) throws {
        DescriptorLimit.raise()
        self.isInsecure = isInsecure
        token = try StopToken()
        poller = try Poller(stop: token)
        multi = try MultiHandle(poller: poller, connections: connections, isLimit: false)
    }

    deinit {
        for stream in streams.values { multi.remove(stream.easy) }
    }

    /// Streams that are asked for or open.
    package var count: Int { streams.count }

    /// Asks for a URL; `bytesPerSecond` is how fast it is read at most. Its number may be used again after ``close(_:)`` or
    /// its end.
    package func open(_ id: Int, url: String, headers: [String], bytesPerSecond: Int?) throws {
        precondition(streams[id] == nil, "stream \(id) is open already")
        let stream = try CurlStream(id, owner: self, isInsecure: isInsecure, bytesPerSecond: bytesPerSecond)
        stream.prepare(url: url, headers: headers)
        streams[id] = stream
        try multi.add(stream.easy)
    }

    /// Drops a stream, if it is there; nothing of it is told any more.
    package func close(_ id: Int) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        multi.remove(stream.easy)
    }

    /// Waits for what happens until `end`, or until something has, and tells of it. `handler` must not open or close.
    package func turn(until end: MonotonicTime, _ handler: (Int, Event) -> Void) throws {
        try withoutActuallyEscaping(handler) { handler in
            self.handler = handler
            defer { self.handler = nil }
            let now = MonotonicClock.now
            let count = try poller.wait(until: min(multi.deadline ?? end, end), now: now)
            for index in 0..<count {
                guard let event = poller.event(index) else { continue }
                if event.descriptor == token.descriptor {
                    token.takeRequests()
                } else {
                    try multi.act(on: event.descriptor, events: event.mask)
                }
            }
            try multi.actOnTime(MonotonicClock.now)
            takeEnds()
        }
    }

    private func takeEnds() {
        while let (easy, code) = multi.nextEnd() {
            guard let stream = CurlStream.of(easy) else { continue }
            close(stream.id)
            let failure = code == CURLE_OK ? nil : String(cString: curl_easy_strerror(code))
            handler?(stream.id, .end(failure: failure))
        }
    }

    func tell(_ id: Int, _ event: Event) { handler?(id, event) }
}
