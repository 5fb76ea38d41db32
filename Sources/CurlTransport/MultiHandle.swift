import CCurl
import CEvents
import Glibc
import Replay
import Transports

/// The one owner of a multi handle of libcurl, which tells which descriptors and which time it waits for.
///
/// Only the thread that acts touches it.
final class MultiHandle {
    private(set) var deadline: MonotonicTime?
    /// A descriptor could not be watched; nothing can go on.
    private var watchFailure: TransportError?
    private let handle: UnsafeMutableRawPointer
    private let poller: Poller
    private let shield = BrokenPipeShield()
    /// Is told which descriptors the handle wants watched, where several handles share a poller.
    var noteWatched: ((Int32) -> Void)?

    /// `connections` bounds those that are kept, and with `isLimit` those that are open, too.
    init(poller: Poller, connections: Int, isLimit: Bool) throws {
        // Initialises once per process; every further call only counts.
        guard curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK, let handle = curl_multi_init() else {
            throw TransportError(.library, "libcurl cannot be initialised; memory is exhausted")
        }
        self.handle = handle
        self.poller = poller
        let context = Unmanaged.passUnretained(self).toOpaque()
        tapedeck_curl_multi_set_socket(handle, socketChanged)
        tapedeck_curl_multi_set_pointer(handle, CURLMOPT_SOCKETDATA, context)
        tapedeck_curl_multi_set_timer(handle, timerChanged)
        tapedeck_curl_multi_set_pointer(handle, CURLMOPT_TIMERDATA, context)
        tapedeck_curl_multi_set_long(handle, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        tapedeck_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, connections)
        // At this many, libcurl closes the connection that has been idle longest before it opens another.
        if isLimit { limit(connections: connections) }
    }

    /// Bounds the connections that are open from now on.
    func limit(connections: Int) {
        tapedeck_curl_multi_set_long(handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
    }

    deinit {
        curl_multi_cleanup(handle)
    }

    /// Begins what `easy` is set up for; it must be removed before it or this goes away.
    func add(_ easy: UnsafeMutableRawPointer) throws {
        try check(curl_multi_add_handle(handle, easy), "curl_multi_add_handle")
    }

    func remove(_ easy: UnsafeMutableRawPointer) {
        curl_multi_remove_handle(handle, easy)
    }

    /// Does what `events` of epoll make possible.
    func act(on descriptor: Int32, events: UInt32) throws {
        var mask: Int32 = 0
        if events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
        try act(descriptor, mask)
    }

    /// Does what is due at `now`.
    func actOnTime(_ now: MonotonicTime) throws {
        guard let deadline, deadline <= now else { return }
        self.deadline = nil
        try act(-1, 0)
    }

    private func act(_ descriptor: Int32, _ mask: Int32) throws {
        var running: Int32 = 0
        try check(curl_multi_socket_action(handle, descriptor, mask, &running), "curl_multi_socket_action")
        if let watchFailure { throw watchFailure }
    }

    /// What has come to an end since it was asked last, one at a time; it stays added.
    func nextEnd() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else {
                continue
            }
            return (easy, tapedeck_curl_result(message))
        }
        return nil
    }

    private func check(_ code: CURLMcode, _ call: String) throws {
        guard code != CURLM_OK else { return }
        throw TransportError(.library, "\(call) failed: \(String(cString: curl_multi_strerror(code)))")
    }

    /// Answers whether the descriptor is watched as libcurl asks.
    fileprivate func watch(_ descriptor: Int32, _ what: Int32) -> Bool {
        let mask: UInt32 =
            switch what {
            case CURL_POLL_IN: EPOLLIN.rawValue
            case CURL_POLL_OUT: EPOLLOUT.rawValue
            case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
            default: 0
            }
        if mask != 0 { noteWatched?(descriptor) }
        guard poller.watch(descriptor, mask) else {
            watchFailure = TransportError.system("epoll_ctl")
            return false
        }
        return true
    }

    /// Asks to be called after so many milliseconds, or never where they are negative.
    fileprivate func wait(_ milliseconds: Int) {
        deadline =
            switch milliseconds {
            case ..<0: nil
            case 0: 0
            default: MonotonicClock.now &+ MonotonicTime(milliseconds) &* 1_000_000
            }
    }
}

private func socketChanged(
    _: UnsafeMutableRawPointer?,
    _ descriptor: curl_socket_t,
    _ what: Int32,
    _ context: UnsafeMutableRawPointer?,
    _: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return -1 }
    let multi = Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue()
    return multi.watch(descriptor, what) ? 0 : -1
}

private func timerChanged(
    _: UnsafeMutableRawPointer?,
    _ milliseconds: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return -1 }
    Unmanaged<MultiHandle>.fromOpaque(context).takeUnretainedValue().wait(milliseconds)
    return 0
}
