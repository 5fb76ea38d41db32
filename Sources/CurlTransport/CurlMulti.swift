import CCurl
import Glibc
import Replay

/// libcurl's multi handle, driven by events: it tells which descriptors and which time it waits for.
///
/// Only the thread of the event loop touches it.
final class CurlMulti {
    var poller: Poller
    /// When libcurl wants to be called although nothing has happened.
    fileprivate(set) var deadline: MonotonicTime?
    /// A descriptor could not be watched; the run cannot go on.
    fileprivate var watchFailure: TransportError?

    private let handle: UnsafeMutableRawPointer
    private let options: CurlOptions
    private var idleTransfers: [CurlTransfer] = []
    /// By connection number: whether libcurl knows what its name stands for.
    private var routed: [Bool] = []

    init(options: CurlOptions, stop: borrowing StopToken) throws {
        // Initialises once per process; every further call only counts.
        guard curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK, let handle = curl_multi_init() else {
            throw TransportError(.curl, "libcurl cannot be initialised; memory is exhausted")
        }
        self.handle = handle
        self.options = options
        do {
            poller = try Poller(stop: stop)
        } catch {
            curl_multi_cleanup(handle)
            throw error
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        tapedeck_curl_multi_set_socket(handle, socketChanged)
        tapedeck_curl_multi_set_pointer(handle, CURLMOPT_SOCKETDATA, context)
        tapedeck_curl_multi_set_timer(handle, timerChanged)
        tapedeck_curl_multi_set_pointer(handle, CURLMOPT_TIMERDATA, context)
        tapedeck_curl_multi_set_long(handle, CURLMOPT_PIPELINING, Int(CURLPIPE_NOTHING))
        tapedeck_curl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, options.connections)
        // At this many, libcurl closes the connection that has been idle longest before it opens another.
        tapedeck_curl_multi_set_long(handle, CURLMOPT_MAX_TOTAL_CONNECTIONS, options.connections)
    }

    deinit {
        idleTransfers.removeAll()
        curl_multi_cleanup(handle)
    }

    /// Starts a request; the transfer is the caller's until it is given back.
    func start(
        _ request: borrowing PreparedRequest,
        on connection: ConnectionID,
        as id: TransferID
    ) throws -> CurlTransfer {
        let transfer = try idleTransfers.popLast() ?? CurlTransfer(options: options, multi: self)
        let place = Int(connection)
        while routed.count <= place { routed.append(false) }
        transfer.prepare(request, as: id, on: connection, route: routed[place] ? nil : options.route)
        routed[place] = true
        try check(curl_multi_add_handle(handle, transfer.easy), "curl_multi_add_handle")
        return transfer
    }

    /// Ends a transfer, in flight or not, and keeps its memory for the next.
    func end(_ transfer: CurlTransfer) {
        curl_multi_remove_handle(handle, transfer.easy)
        idleTransfers.append(transfer)
    }

    /// Tells libcurl what happened to a descriptor.
    func act(on descriptor: Int32, events: UInt32) throws {
        var mask: Int32 = 0
        if events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
        var running: Int32 = 0
        try check(curl_multi_socket_action(handle, descriptor, mask, &running), "curl_multi_socket_action")
        if let watchFailure { throw watchFailure }
    }

    /// Lets libcurl act on every deadline that has passed.
    func actOnTime(_ now: MonotonicTime) throws {
        guard let deadline, deadline <= now else { return }
        self.deadline = nil
        var running: Int32 = 0
        try check(curl_multi_socket_action(handle, -1, 0, &running), "curl_multi_socket_action")
        if let watchFailure { throw watchFailure }
    }

    /// A transfer that has come to its end, and how; the caller ends it.
    func nextCompletion() -> (transfer: CurlTransfer, result: CurlResult)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = CurlTransfer.of(easy)
            else { continue }
            return (transfer, CurlResult(rawValue: tapedeck_curl_result(message).rawValue))
        }
        return nil
    }

    private func check(_ code: CURLMcode, _ call: String) throws {
        guard code != CURLM_OK else { return }
        throw TransportError(.curl, "\(call) failed: \(String(cString: curl_multi_strerror(code)))")
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
    let multi = Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue()
    let mask: UInt32 =
        switch what {
        case CURL_POLL_IN: EPOLLIN.rawValue
        case CURL_POLL_OUT: EPOLLOUT.rawValue
        case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
        default: 0
        }
    guard multi.poller.watch(descriptor, mask) else {
        multi.watchFailure = TransportError.system("epoll_ctl")
        return -1
    }
    return 0
}

private func timerChanged(
    _: UnsafeMutableRawPointer?,
    _ milliseconds: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return -1 }
    let multi = Unmanaged<CurlMulti>.fromOpaque(context).takeUnretainedValue()
    if milliseconds < 0 {
        multi.deadline = nil
    } else if milliseconds == 0 {
        multi.deadline = 0
    } else {
        multi.deadline = MonotonicClock.now &+ MonotonicTime(milliseconds) &* 1_000_000
    }
    return 0
}
