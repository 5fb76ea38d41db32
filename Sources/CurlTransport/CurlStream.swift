import CCurl
import Glibc
import Replay
import Transports

/// One of the answers; libcurl keeps pointers to it.
final class CurlStream {
    let id: Int
    let easy: UnsafeMutableRawPointer
    private unowned let owner: CurlStreams
    private var list: UnsafeMutablePointer<curl_slist>?
    private let isSlow: Bool
    private var names: UnsafeMutablePointer<curl_slist>?
    // Of the head that is under way.
    private var status = 0
    private var date: Int?
    private var isEventStream = false

    /// Bytes that libcurl reads at once, for each stream; the least it takes is 1 KiB.
    private static let buffer = 4_096
    /// Bytes that the kernel keeps of a stream that is read slowly, so that the sender notices.
    private static let slowReceiveBuffer: Int32 = 4_096
    static let connectSeconds = 20

    init(_ id: Int, owner: CurlStreams, _ connection: TargetConnection, bytesPerSecond: Int?) throws {
        guard let easy = curl_easy_init() else {
            throw TransportError(.library, "libcurl cannot make another handle; memory is exhausted")
        }
        self.id = id
        self.easy = easy
        self.owner = owner
        isSlow = bytesPerSecond != nil
        let context = Unmanaged.passUnretained(self).toOpaque()
        HandleOwner.set(self, of: easy)
        tapedeck_curl_set_string(easy, CURLOPT_PROXY, "")
        tapedeck_curl_set_string(easy, CURLOPT_NOPROXY, "*")
        tapedeck_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        tapedeck_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        tapedeck_curl_set_long(easy, CURLOPT_TCP_NODELAY, 1)
        tapedeck_curl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        tapedeck_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT, Self.connectSeconds)
        tapedeck_curl_set_long(easy, CURLOPT_BUFFERSIZE, isSlow ? 1_024 : Self.buffer)
        connection.apply(to: easy)
        names = connection.makeNameList()
        tapedeck_curl_set_list(easy, CURLOPT_RESOLVE, names)
        if let bytesPerSecond {
            tapedeck_curl_set_offset(easy, CURLOPT_MAX_RECV_SPEED_LARGE, curl_off_t(bytesPerSecond))
            // Its connection has a smaller buffer, and is nobody else's.
            tapedeck_curl_set_long(easy, CURLOPT_FRESH_CONNECT, 1)
            tapedeck_curl_set_long(easy, CURLOPT_FORBID_REUSE, 1)
        }
        tapedeck_curl_set_write(easy, CURLOPT_HEADERFUNCTION, takeStreamLine)
        tapedeck_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        tapedeck_curl_set_write(easy, CURLOPT_WRITEFUNCTION, takeStreamPiece)
        tapedeck_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        tapedeck_curl_set_opensocket(easy, openStreamSocket)
        tapedeck_curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(list)
        curl_slist_free_all(names)
    }

    func prepare(url: String, headers: [String]) {
        for line in headers { list = curl_slist_append(list, line) }
        tapedeck_curl_set_list(easy, CURLOPT_HTTPHEADER, list)
        tapedeck_curl_set_string(easy, CURLOPT_URL, url)
    }

    /// Takes a line of a head, its end included.
    fileprivate func take(line: UnsafeRawBufferPointer) {
        owner.tell(id, .field(line))
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            let words = text.split(separator: " ", maxSplits: 2)
            status = words.count > 1 ? Int(words[1].filter(\.isNumber)) ?? 0 : 0
            date = nil
            isEventStream = false
        } else if line.count <= 2 {
            // Answers of 1xx come before the one that was asked for.
            guard status >= 200 else { return }
            owner.tell(id, .head(status: status, isEventStream: isEventStream, date: date))
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " }
            switch text[..<colon].lowercased() {
            case "date":
                let seconds = curl_getdate(String(value), nil)
                date = seconds > 0 ? Int(seconds) : nil
            case "content-type":
                isEventStream = value.lowercased().hasPrefix("text/event-stream")
            default: break
            }
        }
    }

    fileprivate func take(piece: UnsafeRawBufferPointer) { owner.tell(id, .body(piece)) }

    fileprivate func openSocket(_ address: curl_sockaddr) -> Int32 {
        let descriptor = owner.sources.makeSocket(address)
        guard descriptor >= 0 else { return -1 }
        if isSlow {
            var size = Self.slowReceiveBuffer
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        owner.poller.opened(descriptor)
        return descriptor
    }
}

// libcurl calls these on the thread of the streams. The context outlives its handle.

private func stream(_ context: UnsafeMutableRawPointer?) -> CurlStream? {
    context.map { Unmanaged<CurlStream>.fromOpaque($0).takeUnretainedValue() }
}

private func takeStreamLine(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    stream(context)?.take(line: UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

private func takeStreamPiece(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    stream(context)?.take(piece: UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

private func openStreamSocket(
    _ context: UnsafeMutableRawPointer?,
    _: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let stream = stream(context), let address = address?.pointee else { return -1 }
    return stream.openSocket(address)
}
