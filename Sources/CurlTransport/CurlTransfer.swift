import Bytes
import CCurl
import Messages
import Replay
import Transports

/// One easy handle with the memory its requests need; used for one request after another.
///
/// libcurl keeps pointers into it while a request is in flight, so it is a class and its memory is allocated by hand.
/// Only the thread of the event loop touches it.
final class CurlTransfer {
    private enum Shape {
        case get, head, counted, chunked
    }

    let easy: UnsafeMutableRawPointer
    unowned let multi: CurlMulti
    // Not watched for overlapping accesses, several times at every request: one thread touches it, and libcurl calls back
    // only from calls that are made with none of these in hand.
    /// The machine's number for the request in flight.
    private(set) var id: TransferID = 0
    @exclusivity(unchecked)
    var intake: ResponseIntake
    /// When the request was sent; set again by nobody.
    @exclusivity(unchecked)
    private(set) var sentAt: MonotonicTime?
    /// libcurl wanted to send the request a second time.
    private(set) var wasResendRefused = false
    /// What was recorded of the stream that answered the request, where one did.
    private(set) var recorded: RecordedStream?
    /// Told from the requests before; only where there are streams.
    private(set) var serial: UInt32 = 0
    /// When the stream is to be looked at; the end of time where nobody has to.
    var streamTimer = MonotonicTime.max
    private let timeoutMilliseconds: Int
    /// A stream has no end that is known beforehand.
    private var isUntimed = false

    @exclusivity(unchecked)
    private var fields = FieldList()
    private var trailers = FieldList()
    @exclusivity(unchecked)
    private var method = CString()
    @exclusivity(unchecked)
    private var target = CString(capacity: 256)
    @exclusivity(unchecked)
    private var pin: ConnectionPin
    private var body: UnsafeMutableRawPointer
    private var bodyCapacity = 1_024
    private var bodyCount = 0
    private var bodyOffset = 0
    private var shape: Shape?
    private let http2: Int
    /// As libcurl numbers them.
    private var version: Int?
    private var forbidsReuse = false
    private var isHead = false

    init(options: CurlOptions, multi: CurlMulti) throws {
        guard let easy = curl_easy_init() else {
            throw TransportError(.library, "libcurl cannot make another handle; memory is exhausted")
        }
        self.easy = easy
        self.multi = multi
        timeoutMilliseconds = options.timeoutMilliseconds
        pin = ConnectionPin(options.connection)
        http2 = options.http2
        intake = ResponseIntake(isKeeping: options.isObserving, limits: options.limits)
        body = .allocate(byteCount: bodyCapacity, alignment: 16)
        configure(options)
    }

    deinit {
        curl_easy_cleanup(easy)
        body.deallocate()
    }

    private func configure(_ options: CurlOptions) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        HandleOwner.set(self, of: easy)
        tapedeck_curl_set_string(easy, CURLOPT_URL, options.url)
        tapedeck_curl_set_string(easy, CURLOPT_PROXY, "")
        tapedeck_curl_set_string(easy, CURLOPT_NOPROXY, "*")
        tapedeck_curl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        tapedeck_curl_set_long(easy, CURLOPT_NOPROGRESS, 1)
        tapedeck_curl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        tapedeck_curl_set_long(easy, CURLOPT_TCP_NODELAY, 1)
        tapedeck_curl_set_long(easy, CURLOPT_HTTP_CONTENT_DECODING, 0)
        tapedeck_curl_set_long(easy, CURLOPT_PATH_AS_IS, 1)
        tapedeck_curl_set_long(easy, CURLOPT_TIMEOUT_MS, options.timeoutMilliseconds)
        // Whether the recorded client waited for "100 Continue" is not known, and libcurl would wait for a second.
        tapedeck_curl_set_long(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, 1)
        // libcurl checks every entry of its cache for age after each transfer, unless entries live for ever.
        tapedeck_curl_set_long(easy, CURLOPT_DNS_CACHE_TIMEOUT, -1)
        tapedeck_curl_set_long(easy, CURLOPT_MAXAGE_CONN, CurlOptions.connectionAge)
        options.connection.apply(to: easy)
        tapedeck_curl_set_write(easy, CURLOPT_HEADERFUNCTION, receiveLine)
        tapedeck_curl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        tapedeck_curl_set_write(easy, CURLOPT_WRITEFUNCTION, receiveContent)
        tapedeck_curl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        tapedeck_curl_set_read(easy, giveBody)
        tapedeck_curl_set_pointer(easy, CURLOPT_READDATA, context)
        tapedeck_curl_set_prereq(easy, beforeSending)
        tapedeck_curl_set_pointer(easy, CURLOPT_PREREQDATA, context)
        tapedeck_curl_set_opensocket(easy, openSocket)
        tapedeck_curl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
    }

    /// Sets the handle up for a request over a connection of this number.
    ///
    /// `addresses` is given the first time that the connection is used: libcurl keeps what its name stands for.
    func prepare(
        _ request: borrowing PreparedRequest,
        as id: TransferID,
        on connection: ConnectionID,
        route addresses: [UInt8]?
    ) {
        self.id = id
        intake.reset()
        sentAt = nil
        wasResendRefused = false
        expectStream(multi.streamDesk.recorded.isEmpty ? nil : multi.streamDesk.recorded[request.exchange])
        isHead = request.isHead
        pin.pin(easy, to: connection, forHTTP2: request.offersHTTP2, addresses: addresses)
        if method.set(request.bytes[request.method]) {
            tapedeck_curl_set_string(easy, CURLOPT_CUSTOMREQUEST, method.pointer)
        }
        if target.set(request.bytes[request.target]) {
            tapedeck_curl_set_string(easy, CURLOPT_REQUEST_TARGET, target.pointer)
        }
        let wanted =
            request.offersHTTP2
            ? http2 : Int(request.version == .http10 ? CURL_HTTP_VERSION_1_0 : CURL_HTTP_VERSION_1_1)
        if version != wanted {
            version = wanted
            tapedeck_curl_set_long(easy, CURLOPT_HTTP_VERSION, wanted)
        }
        if forbidsReuse != request.closesConnection {
            forbidsReuse = request.closesConnection
            tapedeck_curl_set_long(easy, CURLOPT_FORBID_REUSE, forbidsReuse ? 1 : 0)
        }
        setShape(request)
        fields.fill(request)
        tapedeck_curl_set_list(easy, CURLOPT_HTTPHEADER, fields.list())
    }

    private func setShape(_ request: borrowing PreparedRequest) {
        let wanted: Shape =
            switch request.bodyMode {
            case .none: request.isHead ? .head : .get
            case .counted: .counted
            case .chunked: .chunked
            }
        if shape != wanted {
            shape = wanted
            switch wanted {
            case .get: tapedeck_curl_set_long(easy, CURLOPT_HTTPGET, 1)
            case .head: tapedeck_curl_set_long(easy, CURLOPT_NOBODY, 1)
            case .counted, .chunked: tapedeck_curl_set_long(easy, CURLOPT_POST, 1)
            }
        }
        guard request.bodyMode != .none else { return }
        hold(request.body)
        if wanted == .counted {
            tapedeck_curl_set_pointer(easy, CURLOPT_POSTFIELDS, body)
            tapedeck_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bodyCount))
        } else {
            tapedeck_curl_set_pointer(easy, CURLOPT_POSTFIELDS, nil)
            tapedeck_curl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, -1)
            trailers.fillTrailers(request)
            let context = Unmanaged.passUnretained(self).toOpaque()
            tapedeck_curl_set_trailers(easy, request.trailers.isEmpty ? nil : giveTrailers)
            tapedeck_curl_set_pointer(easy, CURLOPT_TRAILERDATA, context)
        }
    }

    /// Copies the body to where it stays for as long as libcurl needs it.
    private func hold(_ bytes: [UInt8]) {
        if bytes.count > bodyCapacity || bodyCapacity > 1 << 16 {
            body.deallocate()
            bodyCapacity = max(1_024, bytes.count)
            body = .allocate(byteCount: bodyCapacity, alignment: 16)
        }
        bytes.withUnsafeBytes { source in
            if let base = source.baseAddress { body.copyMemory(from: base, byteCount: source.count) }
        }
        bodyCount = bytes.count
        bodyOffset = 0
    }

    /// Makes ready for an answer that may be a stream.
    private func expectStream(_ recorded: RecordedStream?) {
        self.recorded = recorded
        serial &+= 1
        streamTimer = .max
        guard isUntimed else { return }
        isUntimed = false
        tapedeck_curl_set_long(easy, CURLOPT_TIMEOUT_MS, timeoutMilliseconds)
    }

    /// Looks whether the head is there, and begins server-sent events: from it on the time that an answer may take is no
    /// longer libcurl's to watch.
    func noteHead() {
        guard !isUntimed, !isHead, intake.beginsEventStream else { return }
        isUntimed = true
        tapedeck_curl_set_long(easy, CURLOPT_TIMEOUT_MS, 0)
        intake.events = multi.eventStream(of: self)
        multi.noteOpening(of: self)
    }

    /// Whether a recorded stream has not found its like.
    var awaitsStream: Bool { recorded != nil }

    /// The stream is over, or there was none.
    func forgetStream() {
        recorded = nil
        streamTimer = .max
    }

    func noteContent() { if intake.events != nil { multi.arm(self) } }

    /// What a result means for the request.
    func outcome(_ result: CurlResult) -> Outcome {
        guard result == .ok else {
            if wasResendRefused { return .failed(.resendRefused) }
            return .failed(sentAt == nil ? multi.options.openingFailure(result) : result.failure)
        }
        var status = 0
        tapedeck_curl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        return .responded(status: UInt16(clamping: status))
    }

    var openedConnections: Int {
        var opened = 0
        tapedeck_curl_get_long(easy, CURLINFO_NUM_CONNECTS, &opened)
        return opened
    }

    /// Notes the moment of sending, or refuses to send a second time.
    func mayAndWillSend() -> Bool {
        guard sentAt == nil else {
            wasResendRefused = true
            return false
        }
        let now = MonotonicClock.now
        sentAt = now
        multi.noteSending(id, now)
        return true
    }

    func noteFailedSocket(_ error: Int32) { multi.noteFailedSocket(error) }

    var sources: SourceAddresses { multi.sources }

    func noteOpened(_ descriptor: Int32) { multi.poller.opened(descriptor) }

    func refuseResend() { wasResendRefused = true }

    /// Moves the next piece of a chunked body to `target`.
    func give(into target: UnsafeMutableRawPointer, capacity: Int) -> Int {
        let count = min(capacity, bodyCount - bodyOffset)
        target.copyMemory(from: body + bodyOffset, byteCount: count)
        bodyOffset += count
        return count
    }

    func trailerList() -> UnsafeMutablePointer<curl_slist>? { trailers.list() }
}
