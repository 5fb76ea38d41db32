import CCurl
import CEvents
import Glibc
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
    fileprivate var deadline: UInt64?
    fileprivate var watchFailure: TransportError?
    private let multi: UnsafeMutableRawPointer
    private let shield = BrokenPipeShield()
    private let isInsecure: Bool
    private var streams: [Int: CurlStream] = [:]
    private var handler: ((Int, Event) -> Void)?

    /// `connections` bounds those that are kept for a while when they serve nothing.
    package init(isInsecure: Bool, connections: Int) throws {
        guard curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK, let multi = curl_multi_init() else {
            throw TransportError(.library, "libcurl cannot be initialised; memory is exhausted")
        }
        DescriptorLimit.raise()
        self.multi = multi
        self.isInsecure = isInsecure
        token = try StopToken()
        poller = try Poller(stop: token)
        let context = Unmanaged.passUnretained(self).toOpaque()
        tapedeck_curl_multi_set_socket(multi, streamSocketChanged)
        tapedeck_curl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        tapedeck_curl_multi_set_timer(multi, streamTimerChanged)
        tapedeck_curl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        tapedeck_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        tapedeck_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections)
    }

    deinit {
        for stream in streams.values { curl_multi_remove_handle(multi, stream.easy) }
        streams.removeAll()
        curl_multi_cleanup(multi)
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
        try check(curl_multi_add_handle(multi, stream.easy), "curl_multi_add_handle")
    }

    /// Drops a stream, if it is there; nothing of it is told any more.
    package func close(_ id: Int) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        curl_multi_remove_handle(multi, stream.easy)
    }

    /// Waits for what happens until `end`, or until something has, and tells of it. `handler` must not open or close.
    package func turn(until end: MonotonicTime, _ handler: (Int, Event) -> Void) throws {
        try withoutActuallyEscaping(handler) { handler in
            self.handler = handler
            defer { self.handler = nil }
            let now = MonotonicClock.now
            let count = try poller.wait(until: min(deadline ?? end, end), now: now)
            for index in 0..<count {
                guard let event = poller.event(index) else { continue }
                if event.descriptor == token.descriptor {
                    token.takeRequests()
                } else {
                    try act(event.descriptor, event.mask)
                }
            }
            if let deadline, deadline <= MonotonicClock.now {
                self.deadline = nil
                try act(-1, 0)
            }
            takeEnds()
        }
    }

    private func act(_ descriptor: Int32, _ events: UInt32) throws {
        var mask: Int32 = 0
        if events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
        var running: Int32 = 0
        try check(curl_multi_socket_action(multi, descriptor, mask, &running), "curl_multi_socket_action")
        if let watchFailure { throw watchFailure }
    }

    private func takeEnds() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let stream = CurlStream.of(easy)
            else { continue }
            let code = tapedeck_curl_result(message)
            close(stream.id)
            let failure = code == CURLE_OK ? nil : String(cString: curl_easy_strerror(code))
            handler?(stream.id, .end(failure: failure))
        }
    }

    func tell(_ id: Int, _ event: Event) { handler?(id, event) }

    private func check(_ code: CURLMcode, _ call: String) throws {
        guard code != CURLM_OK else { return }
        throw TransportError(.library, "\(call) failed: \(String(cString: curl_multi_strerror(code)))")
    }
}

private func streamSocketChanged(
    _: UnsafeMutableRawPointer?,
    _ descriptor: curl_socket_t,
    _ what: Int32,
    _ context: UnsafeMutableRawPointer?,
    _: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return -1 }
    let streams = Unmanaged<CurlStreams>.fromOpaque(context).takeUnretainedValue()
    let mask: UInt32 =
        switch what {
        case CURL_POLL_IN: EPOLLIN.rawValue
        case CURL_POLL_OUT: EPOLLOUT.rawValue
        case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
        default: 0
        }
    guard streams.poller.watch(descriptor, mask) else {
        streams.watchFailure = TransportError.system("epoll_ctl")
        return -1
    }
    return 0
}

private func streamTimerChanged(
    _: UnsafeMutableRawPointer?,
    _ milliseconds: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return -1 }
    let streams = Unmanaged<CurlStreams>.fromOpaque(context).takeUnretainedValue()
    streams.deadline =
        milliseconds < 0 ? nil : milliseconds == 0 ? 0 : MonotonicClock.now + UInt64(milliseconds) * 1_000_000
    return 0
}
