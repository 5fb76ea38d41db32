import CCurl
import Glibc
package import Replay
import Transports

/// Asks a server for one thing after the other, on one kept connection; what a replay looks at beside its load.
///
/// Blocks the thread that asks. Redirects are not followed, proxies are not asked, answers are bounded.
package final class CurlFetch {
    package struct Answer: Sendable {
        package var status: Int
        /// The last head.
        package var head: [UInt8] = []
        /// Cut at the limit.
        package var body: [UInt8]
    }

    private let easy: UnsafeMutableRawPointer
    private var list: UnsafeMutablePointer<curl_slist>?
    private var names: UnsafeMutablePointer<curl_slist>?
    fileprivate let sources: SourceAddresses
    private let shield = BrokenPipeShield()
    private let limit: Int

    // Of the request under way.
    fileprivate var head: [UInt8] = []
    fileprivate var body: [UInt8] = []
    fileprivate var consume: ((UnsafeRawBufferPointer) -> Bool)?
    private var isStreamCancelled: (() -> Bool)?
    private let isCancelled: () -> Bool

    /// `headers` are field lines such as `Authorization: Bearer …`; `limit` bounds a body, in bytes. Once `isCancelled`
    /// is true, which is looked at about once a second, what is under way is given up and nothing more is asked for.
    package init(
        headers: [String],
        timeoutSeconds: Int,
        connection: TargetConnection = TargetConnection(),
        limit: Int = 64 << 20,
        isCancelled: @escaping () -> Bool = { false }
    ) throws {
        self.isCancelled = isCancelled
        sources = try SourceAddresses(connection)
        guard curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK, let easy = curl_easy_init() else {
            throw TransportError(.library, "libcurl cannot be initialised; memory is exhausted")
        }
        self.easy = easy
        self.limit = limit
        for line in headers { list = curl_slist_append(list, line) }
        tapedeck_curl_set_list(easy, CURLOPT_HTTPHEADER, list)
        tapedeck_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        tapedeck_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        tapedeck_curl_set_string(easy, CURLOPT_PROXY, "")
        tapedeck_curl_set_long(easy, CURLOPT_CONNECTTIMEOUT, min(timeoutSeconds, 10))
        tapedeck_curl_set_long(easy, CURLOPT_TIMEOUT, timeoutSeconds)
        tapedeck_curl_set_long(easy, CURLOPT_TCP_NODELAY, 1)
        connection.apply(to: easy)
        names = connection.makeNameList()
        tapedeck_curl_set_list(easy, CURLOPT_RESOLVE, names)
        let context = Unmanaged.passUnretained(self).toOpaque()
        tapedeck_curl_set_write(easy, CURLOPT_WRITEFUNCTION, takeFetched)
        tapedeck_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        tapedeck_curl_set_write(easy, CURLOPT_HEADERFUNCTION, takeFetchedHead)
        tapedeck_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        tapedeck_curl_set_opensocket(easy, openFetchSocket)
        tapedeck_curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        tapedeck_curl_set_progress(easy, watchFetch)
        tapedeck_curl_set_pointer(easy, CURLOPT_XFERINFODATA, context)
        tapedeck_curl_set_long(easy, CURLOPT_NOPROGRESS, 0)
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(list)
        curl_slist_free_all(names)
    }

    /// Asks for a URL with GET; throws where no whole answer arrives.
    package func get(_ url: String) throws -> Answer {
        try perform(url)
    }

    /// Bytes of a head that are kept.
    private static let headLimit = 64 << 10

    /// Sends a request with field lines and a body of its own, `Content-Type` among the former; throws where no whole
    /// answer arrives.
    package func send(_ method: String, _ url: String, headers: [String], body: [UInt8]?) throws -> Answer {
        var own: UnsafeMutablePointer<curl_slist>?
        // An upload of libcurl's would ask first.
        for line in headers + (body == nil ? [] : ["Expect:"]) { own = curl_slist_append(own, line) }
        tapedeck_curl_set_list(easy, CURLOPT_HTTPHEADER, own)
        tapedeck_curl_set_long(easy, CURLOPT_PATH_AS_IS, 1)
        if let body {
            tapedeck_curl_set_long(easy, CURLOPT_POSTFIELDSIZE, body.count)
            var body = body
            body.withUnsafeMutableBytes {
                _ = tapedeck_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress)
            }
        } else {
            tapedeck_curl_set_long(easy, CURLOPT_HTTPGET, 1)
        }
        tapedeck_curl_set_long(easy, CURLOPT_NOBODY, method == "HEAD" ? 1 : 0)
        tapedeck_curl_set_string(easy, CURLOPT_CUSTOMREQUEST, method)
        defer {
            tapedeck_curl_set_list(easy, CURLOPT_HTTPHEADER, list)
            tapedeck_curl_set_string(easy, CURLOPT_CUSTOMREQUEST, nil)
            tapedeck_curl_set_long(easy, CURLOPT_HTTPGET, 1)
            curl_slist_free_all(own)
        }
        return try perform(url)
    }

    /// Asks for a stream and hands its body over piece by piece, until the server ends it, `consume` answers false or
    /// `isCancelled` is true, which is looked at about once a second.
    package func stream(
        _ url: String,
        isCancelled: @escaping () -> Bool,
        consume: @escaping (UnsafeRawBufferPointer) -> Bool
    ) throws -> Answer {
        tapedeck_curl_set_long(easy, CURLOPT_TIMEOUT, 0)
        self.consume = consume
        isStreamCancelled = isCancelled
        defer {
            self.consume = nil
            isStreamCancelled = nil
        }
        return try perform(url)
    }

    private func perform(_ url: String) throws -> Answer {
        head.removeAll(keepingCapacity: true)
        body.removeAll(keepingCapacity: true)
        tapedeck_curl_set_string(easy, CURLOPT_URL, url)
        let code = curl_easy_perform(easy)
        var status = 0
        tapedeck_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        let isStopped =
            consume != nil && (code == CURLE_WRITE_ERROR || code == CURLE_ABORTED_BY_CALLBACK)
        guard code == CURLE_OK || isStopped else {
            if code == CURLE_ABORTED_BY_CALLBACK { throw TransportError(.system, "\(url): given up") }
            throw TransportError(.system, "\(url): \(String(cString: curl_easy_strerror(code)))")
        }
        return Answer(status: status, head: head, body: body)
    }

    /// Whether what is under way is to be given up.
    fileprivate var isToEnd: Bool { isCancelled() || isStreamCancelled?() == true }

    /// Takes a line of a head; each head takes the place of the one before.
    fileprivate func take(head line: UnsafeRawBufferPointer) {
        if line.starts(with: "HTTP/".utf8) { head.removeAll(keepingCapacity: true) }
        head.append(contentsOf: line.prefix(Self.headLimit - min(Self.headLimit, head.count)))
    }

    /// Takes a piece of a body; answers whether more is wanted.
    fileprivate func take(_ piece: UnsafeRawBufferPointer) -> Bool {
        if let consume {
            // What a server says instead of the stream is kept like any answer.
            var status = 0
            tapedeck_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
            if status == 200 { return consume(piece) }
        }
        body.append(contentsOf: piece.prefix(limit - min(limit, body.count)))
        return body.count < limit
    }
}

private func takeFetched(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context, let bytes else { return 0 }
    let fetch = Unmanaged<CurlFetch>.fromOpaque(context).takeUnretainedValue()
    return fetch.take(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private func takeFetchedHead(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context, let bytes else { return 0 }
    let fetch = Unmanaged<CurlFetch>.fromOpaque(context).takeUnretainedValue()
    fetch.take(head: UnsafeRawBufferPointer(start: bytes, count: size * count))
    return size * count
}

private func openFetchSocket(
    _ context: UnsafeMutableRawPointer?,
    _: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let context, let address = address?.pointee else { return -1 }
    return Unmanaged<CurlFetch>.fromOpaque(context).takeUnretainedValue().sources.makeSocket(address)
}

private func watchFetch(
    _ context: UnsafeMutableRawPointer?,
    _: curl_off_t,
    _: curl_off_t,
    _: curl_off_t,
    _: curl_off_t
) -> Int32 {
    guard let context else { return 0 }
    let fetch = Unmanaged<CurlFetch>.fromOpaque(context).takeUnretainedValue()
    return fetch.isToEnd ? 1 : 0
}
