import CCurl
import CEvents
import Glibc
import Replay
import Transports

/// A connection that libcurl opens, with TLS where the URL says so, and over which its owner sends and receives bytes
/// (CURLOPT_CONNECT_ONLY).
///
/// libcurl keeps pointers into it. Only the thread of the event loop touches it.
final class CurlSocket {
    let easy: UnsafeMutableRawPointer
    unowned let speaker: any SocketSpeaker
    private unowned let owner: CurlSockets
    private var connectTo: UnsafeMutablePointer<curl_slist>?
    private var route: UnsafeMutablePointer<curl_slist>?
    /// How fast it is read at most.
    let bytesPerSecond: Int?
    /// The group of ``CurlSockets`` that it is in; -1 where it is not open.
    var group = -1
    /// -1 until it is connected.
    private(set) var descriptor: Int32 = -1
    /// What the connection has not taken yet.
    private var held: SocketPiece?
    /// When it is read next, where it is read slowly; 0 where it may be read.
    private(set) var pausedUntil: MonotonicTime = 0

    /// What libcurl reads ahead by itself; it does not read here.
    private static let buffer = 1_024
    /// Bytes that the kernel keeps of a connection that is read slowly, so that the sender notices.
    private static let slowReceiveBuffer: Int32 = 4_096
    /// The name that the host goes by in the cache of names.
    private static let name = "s"

    init(_ target: SocketTarget, owner: CurlSockets, speaker: any SocketSpeaker) throws {
        guard let easy = curl_easy_init() else {
            throw TransportError(.library, "libcurl cannot make another handle; memory is exhausted")
        }
        self.easy = easy
        self.owner = owner
        self.speaker = speaker
        bytesPerSecond = target.bytesPerSecond
        let context = Unmanaged.passUnretained(self).toOpaque()
        HandleOwner.set(self, of: easy)
        tapedeck_curl_set_string(easy, CURLOPT_URL, target.url)
        tapedeck_curl_set_long(easy, CURLOPT_CONNECT_ONLY, 1)
        // What is offered in ALPN: a session needs HTTP/1.1.
        tapedeck_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        tapedeck_curl_set_string(easy, CURLOPT_PROXY, "")
        tapedeck_curl_set_string(easy, CURLOPT_NOPROXY, "*")
        tapedeck_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        tapedeck_curl_set_long(easy, CURLOPT_TCP_NODELAY, 1)
        tapedeck_curl_set_long(easy, CURLOPT_BUFFERSIZE, Self.buffer)
        tapedeck_curl_set_long(easy, CURLOPT_MAXAGE_CONN, CurlOptions.connectionAge)
        target.connection.apply(to: easy)
        if let seconds = target.connectSeconds {
            tapedeck_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT, seconds)
        }
        tapedeck_curl_set_opensocket(easy, openCurlSocket)
        tapedeck_curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        if let addresses = target.route {
            connectTo = curl_slist_append(nil, "::\(Self.name):")
            tapedeck_curl_set_list(easy, CURLOPT_CONNECT_TO, connectTo)
            route = curl_slist_append(nil, Self.name + String(decoding: addresses, as: UTF8.self))
        } else {
            route = target.connection.makeNameList()
        }
        tapedeck_curl_set_list(easy, CURLOPT_RESOLVE, route)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(connectTo)
        curl_slist_free_all(route)
    }

    /// Takes the connection that libcurl has opened; `false` where libcurl has given it up meanwhile.
    func attach() -> Bool {
        var descriptor = curl_socket_t(-1)
        guard tapedeck_curl_get_socket(easy, CURLINFO_ACTIVESOCKET, &descriptor) == CURLE_OK, descriptor >= 0
        else { return false }
        self.descriptor = descriptor
        return listen()
    }

    /// Forgets the connection; libcurl closes it.
    func detach() {
        descriptor = -1
        group = -1
        if let piece = held.take() { owner.keep(piece) }
    }

    /// How many connections libcurl has opened for it.
    var openedConnections: Int {
        var opened = 0
        tapedeck_curl_get_long(easy, CURLINFO_NUM_CONNECTS, &opened)
        return opened
    }

    var isOpen: Bool { descriptor >= 0 }
    /// Some of what was sent is still here.
    var isBlocked: Bool { held != nil }

    /// Lets what comes wait until `time`, or no longer where that is 0; `false` where it cannot be watched.
    func pause(until time: MonotonicTime) -> Bool {
        pausedUntil = time
        return listen()
    }

    private func listen() -> Bool {
        var mask: UInt32 = pausedUntil == 0 ? EPOLLIN.rawValue : 0
        if isBlocked { mask |= EPOLLOUT.rawValue }
        return owner.poller.watch(descriptor, mask)
    }

    /// How a call went that sends.
    enum Sending {
        /// So many bytes need not be given again; fewer than there were where the connection takes no more for now.
        case taken(Int)
        case failed(CurlResult)
    }

    /// Sends bytes behind those that were taken before.
    func send(_ bytes: UnsafeRawBufferPointer) -> Sending {
        guard isOpen else { return .failed(CurlResult(CURLE_SEND_ERROR)) }
        let wasBlocked = isBlocked
        var taken = 0
        while true {
            if let held {
                switch push(held) {
                case CURLE_OK:
                    owner.keep(held)
                    self.held = nil
                case CURLE_AGAIN:
                    if !wasBlocked, !listen() { return .failed(CurlResult(CURLE_SEND_ERROR)) }
                    return .taken(taken)
                case let code: return .failed(CurlResult(code))
                }
            }
            guard taken < bytes.count else { break }
            let piece = owner.takePiece()
            taken += piece.fill(UnsafeRawBufferPointer(rebasing: bytes[taken...]))
            held = piece
        }
        if wasBlocked, !listen() { return .failed(CurlResult(CURLE_SEND_ERROR)) }
        return .taken(taken)
    }

    private func push(_ piece: SocketPiece) -> CURLcode {
        while !piece.isEmpty {
            var count = 0
            let code = curl_easy_send(easy, piece.bytes.baseAddress, piece.bytes.count, &count)
            guard code == CURLE_OK else { return code }
            piece.removeFirst(count)
        }
        return CURLE_OK
    }

    /// How a call went that receives.
    enum Receiving {
        case bytes(Int)
        case nothingYet
        case end(CurlResult?)
    }

    /// Takes what has come. Bytes may be there that the descriptor does not tell of: TLS has read them already.
    func receive(into buffer: UnsafeMutableRawBufferPointer) -> Receiving {
        var count = 0
        switch curl_easy_recv(easy, buffer.baseAddress, buffer.count, &count) {
        case CURLE_OK: return count > 0 ? .bytes(count) : .end(nil)
        case CURLE_AGAIN: return .nothingYet
        case let code: return .end(CurlResult(code))
        }
    }

    fileprivate func openSocket(_ address: curl_sockaddr) -> Int32 {
        let descriptor = owner.sources.makeSocket(address)
        guard descriptor >= 0 else {
            owner.noteFailedSocket(errno)
            return -1
        }
        if bytesPerSecond != nil {
            var size = Self.slowReceiveBuffer
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        owner.poller.opened(descriptor)
        return descriptor
    }
}

/// libcurl calls this on the thread of the event loop. The context outlives its handle.
private func openCurlSocket(
    _ context: UnsafeMutableRawPointer?,
    _: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let context, let address = address?.pointee else { return -1 }
    return Unmanaged<CurlSocket>.fromOpaque(context).takeUnretainedValue().openSocket(address)
}
