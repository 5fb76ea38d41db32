import CCurl
import CEvents
import Glibc
package import Replay
package import Transports

/// Replays through libcurl: HTTP/1.0 and HTTP/1.1 over TCP or TLS.
package typealias CurlReplay = TransportReplay<CurlMulti>

/// libcurl's multi handle, driven by events: it tells which descriptors and which time it waits for.
///
/// Only the thread of the event loop touches it.
package final class CurlMulti: Transport {
    let poller: Poller
    package fileprivate(set) var deadline: MonotonicTime?
    /// A descriptor could not be watched; the run cannot go on.
    fileprivate var watchFailure: TransportError?

    private let handle: UnsafeMutableRawPointer
    private let options: CurlOptions
    private let shield = BrokenPipeShield()
    /// By the machine's number.
    private var active: [CurlTransfer?] = []
    private var idleTransfers: [CurlTransfer] = []
    private var sendings = SendingQueue()
    /// By connection number: whether libcurl knows what its name stands for.
    private var routed: [Bool] = []

    package private(set) var lacks = TransportLacks()

    package static var putsHostFirst: Bool { true }

    package init(_ setup: TransportSetup) throws {
        // Initialises once per process; every further call only counts.
        guard curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK, let handle = curl_multi_init() else {
            throw TransportError(.library, "libcurl cannot be initialised; memory is exhausted")
        }
        self.handle = handle
        options = CurlOptions(setup)
        poller = setup.poller
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
        for case let transfer? in active { curl_multi_remove_handle(handle, transfer.easy) }
        active.removeAll()
        idleTransfers.removeAll()
        curl_multi_cleanup(handle)
    }

    package func start(_ request: PreparedRequest, on connection: ConnectionID, as id: TransferID) throws {
        let transfer = try idleTransfers.popLast() ?? CurlTransfer(options: options, multi: self)
        let place = Int(connection)
        while routed.count <= place { routed.append(false) }
        transfer.prepare(request, as: id, on: connection, route: routed[place] ? nil : options.route)
        routed[place] = true
        while active.count <= id { active.append(nil) }
        active[id] = transfer
        try check(curl_multi_add_handle(handle, transfer.easy), "curl_multi_add_handle")
    }

    /// Keeps the memory of the transfer for the next.
    package func end(_ id: TransferID) {
        guard let transfer = active[id].take() else { preconditionFailure("transfer \(id) ended twice") }
        curl_multi_remove_handle(handle, transfer.easy)
        idleTransfers.append(transfer)
    }

    package func act(on descriptor: Int32, events: UInt32) throws {
        var mask: Int32 = 0
        if events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
        var running: Int32 = 0
        try check(curl_multi_socket_action(handle, descriptor, mask, &running), "curl_multi_socket_action")
        if let watchFailure { throw watchFailure }
    }

    package func actOnTime(_ now: MonotonicTime) throws {
        guard let deadline, deadline <= now else { return }
        self.deadline = nil
        var running: Int32 = 0
        try check(curl_multi_socket_action(handle, -1, 0, &running), "curl_multi_socket_action")
        if let watchFailure { throw watchFailure }
    }

    /// A socket could not be made: `error` says why.
    func noteFailedSocket(_ error: Int32) {
        if error == EMFILE || error == ENFILE { lacks.descriptors += 1 }
    }

    package func nextSending() -> (id: TransferID, time: MonotonicTime)? { sendings.popFirst() }

    func noteSending(_ id: TransferID, _ time: MonotonicTime) { sendings.append(id, time) }

    package func nextCompletion() -> (id: TransferID, outcome: Outcome)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(handle, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = CurlTransfer.of(easy)
            else { continue }
            let outcome = transfer.outcome(CurlResult(rawValue: tapedeck_curl_result(message).rawValue))
            if outcome == .failed(.connect) {
                var error = 0
                tapedeck_curl_get_long(easy, CURLINFO_OS_ERRNO, &error)
                if error == Int(EADDRNOTAVAIL) { lacks.ports += 1 }
            }
            return (transfer.id, outcome)
        }
        return nil
    }

    package func sendTime(of id: TransferID) -> MonotonicTime? { active[id]?.sentAt }

    package func openedConnections(for id: TransferID) -> Int { active[id]?.openedConnections ?? 0 }

    package func bodyLength(of id: TransferID) -> UInt64 { active[id]?.intake.bodyLength ?? 0 }

    package func response(to id: TransferID, isWhole: Bool, clock: MonotonicClock) -> ObservedResponse? {
        active[id]?.intake.response(isWhole: isWhole, clock: clock)
    }

    private func check(_ code: CURLMcode, _ call: String) throws {
        guard code != CURLM_OK else { return }
        throw TransportError(.library, "\(call) failed: \(String(cString: curl_multi_strerror(code)))")
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
