import Bytes
import Messages
import Signatures
package import Traces

/// Turns recorded requests into what is sent: Host the target's, lengths true, marked with the run.
///
/// The mark comes last among the fields. How a request is signed is decided here; ``RequestSigner`` does it when the
/// request is sent.
package struct RequestPreparation: Sendable {
    package static let markName = "X-Tapedeck-Replay"

    private let pathPrefix: [UInt8]
    private let authority: [UInt8]
    /// The target's Host line, as most clients spell it.
    private let hostLine: [UInt8]
    private let keepsHost: Bool
    private let sendsOnlySafeMethods: Bool
    private let mark: [UInt8]
    private let signer: RequestSigner
    private let webSockets: WebSocketHandshake
    private let httpVersion: HTTPVersionChoice
    private let scheme: ReplayTarget.Scheme
    /// The head that is being prepared, in storage that serves one after another.
    private var head = Head.empty(.request)
    private var lines = RepeatedLines()
    private var spares = SpareRequests()
    /// Requests whose Content-Length was set to the length of the stored body.
    package private(set) var lengthsCorrected: UInt64 = 0

    package init(plan: ReplayPlan) {
        pathPrefix = Array(plan.target.pathPrefix.utf8)
        authority = Array(plan.target.authority.utf8)
        hostLine = Array("Host: \(plan.target.authority)\r\n".utf8)
        keepsHost = plan.keepsHost
        sendsOnlySafeMethods = plan.sendsOnlySafeMethods
        mark = Array("\(Self.markName): \(plan.run)/".utf8)
        signer = RequestSigner(plan: plan)
        webSockets = WebSocketHandshake(plan)
        // The wire has HTTP/1 alone.
        httpVersion = plan.transport == .wire ? .http1 : plan.httpVersion
        scheme = plan.target.scheme
    }

    /// Whether the recorded answer decides how this request is signed.
    package func needsAnswer(_ message: RecordedMessage) -> Bool {
        signer.needsAnswer(message)
    }

    /// Prepares a request that was answered with `status`, where that is known.
    package mutating func prepare(
        _ message: RecordedMessage,
        answeredWith status: UInt16?
    ) -> Preparation {
        // The bytes are the message's, which may be the last to hold them.
        defer { head.bytes = [] }
        guard (try? message.head.parse(into: &head, repeating: &lines)) != nil,
            case .request(let method, let target) = head.start
        else { return .skipped(Self.refusal(of: message) ?? .unreadableHead) }
        let asksForWebSocket = head.asksForWebSocket
        if let reason = Self.refusal(of: message, asksForWebSocket: asksForWebSocket) {
            return .skipped(reason)
        }
        guard head.version == .http11 || head.version == .http10 || head.version == .http2 else {
            return .skipped(.version)
        }
        if head.method.equals("CONNECT") { return .skipped(.upgraded) }
        if sendsOnlySafeMethods, !head.isSafe { return .skipped(.unsafeMethod) }
        var request = spares.take() ?? .withoutStorage
        let key = asksForWebSocket ? webSockets.key(for: message.exchange) : nil
        var isCorrected = false
        let reason = request.remake { content -> SkipReason? in
            draft(message, method: method, target: target, in: &content)
            content.asksForWebSocket = asksForWebSocket
            content.offersHTTP2 =
                !asksForWebSocket && httpVersion.offersHTTP2(recordedIn: head.version, over: scheme)
            if content.bodyMode == .chunked, head.version == .http10 { return .version }
            if content.isHead, content.bodyMode != .none { return .bodyOnHead }
            content.signing = signer.decision(for: message, head: head, answeredWith: status)
            isCorrected = appendFields(to: &content, webSocketKey: key)
            return finish(message, &content)
        }
        if isCorrected { lengthsCorrected += 1 }
        guard let reason else { return .request(request) }
        spares.give(request)
        return .skipped(reason)
    }

    /// Appends what stands behind the fields, and answers why the request cannot be sent where that is so.
    private func finish(_ message: RecordedMessage, _ request: inout PreparedRequest.Content) -> SkipReason? {
        if head.version == .http2 { request.noteLength() }
        appendMark(of: message.exchange, to: &request)
        if request.bodyMode == .counted, request.body.count <= Self.joinedBodyLimit {
            request.bytes.append(contentsOf: message.body.span)
            request.bodyFollowsHead = true
        }
        request.appendTrailers(message.end.trailers)
        // libcurl sends trailers in HTTP/1.1 only.
        if !request.trailers.isEmpty { request.offersHTTP2 = false }
        // Line breaks that lines of HTTP/1 could hold are told by the flag; those of other heads by looking.
        let isPlain = head.version != .http2 && !head.flags.contains(.smuggling) && request.trailers.isEmpty
        return isPlain || request.isSendable ? nil : .unsendableHead
    }

    /// Takes a request that is done with; its memory serves for one that comes later.
    package mutating func recycle(_ request: consuming PreparedRequest) { spares.give(request) }

    /// The longest body that is copied behind its head, so that one run of bytes goes to the kernel.
    private static let joinedBodyLimit = 2 << 10

    private static func refusal(of message: RecordedMessage, asksForWebSocket: Bool = false) -> SkipReason? {
        let flags = message.end.flags
        if flags.isDisjoint(with: [.pushed, .unknownFields, .upgraded, .truncated, .gap, .incomplete]) {
            return nil
        }
        if flags.contains(.pushed) { return .pushed }
        if flags.contains(.unknownFields) { return .unknownFields }
        if flags.contains(.upgraded), !asksForWebSocket { return .upgraded }
        return flags.isDisjoint(with: [.truncated, .gap, .incomplete]) ? nil : .incompleteBody
    }

    /// Begins the request with its first line, in place of what `request` was.
    private func draft(
        _ message: RecordedMessage,
        method: ByteRange,
        target: ByteRange,
        in request: inout PreparedRequest.Content
    ) {
        let recorded = head.bytes.span
        request.clear()
        let joined = message.body.count <= Self.joinedBodyLimit ? message.body.count : 0
        request.bytes.reserveCapacity(
            recorded.count + mark.count + pathPrefix.count + authority.count + 48 + joined
        )
        // Only the origin form has a path; `*` and absolute forms go out as they are (RFC 9112, section 3.2).
        let hasPrefix = !pathPrefix.isEmpty && !target.isEmpty && recorded[target.offset] == 0x2F
        request.method = ByteRange(0..<method.count)
        request.target = ByteRange(
            offset: method.count + 1,
            count: target.count + (hasPrefix ? pathPrefix.count : 0)
        )
        if !hasPrefix, let count = head.plainLineCount {
            request.bytes.append(contentsOf: recorded.extracting(first: count))
        } else {
            request.bytes.append(contentsOf: recorded.extracting(method.bounds))
            request.bytes.append(0x20)
            if hasPrefix { request.bytes.append(contentsOf: pathPrefix.span) }
            request.bytes.append(contentsOf: recorded.extracting(target.bounds))
            request.bytes.append(head.version == .http10 ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n")
        }
        request.lines.reserveCapacity(head.fields.count + 2)
        request.omitsHost = keepsHost
        request.version = head.version == .http2 ? .http11 : head.version
        request.body = message.body
        request.bodyMode =
            switch message.head.framing {
            case .chunked: .chunked
            case .none, .length, .untilClose: message.body.isEmpty ? .none : .counted
            }
        request.isHead = recorded.extracting(method.bounds).equals("HEAD")
        request.closesConnection = head.version == .http10
        request.exchange = message.exchange
        request.connection = message.connection
    }

    /// Appends the fields, and answers whether the length had to be corrected.
    private func appendFields(to request: inout PreparedRequest.Content, webSocketKey: [UInt8]?) -> Bool {
        let isHTTP2 = head.version == .http2
        var host = HostPlace.wanted
        var corrected = false
        var joinsCookies = false
        // HTTP/2 has no place for Host among its fields, and where none was recorded it comes first.
        if !keepsHost, isHTTP2 || head.fieldIndex(of: "host") == nil { appendHost(nil, to: &request, &host) }
        var run = LineRun()
        defer { run.end(in: &request, of: head.bytes.span) }
        for index in head.fields.indices {
            let field = head.fields[index]
            let name = head.bytes.span.extracting(field.name.bounds)
            if isHTTP2 {
                if keepsHost, host == .wanted, name.equalsIgnoringCase(":authority") {
                    appendHost(field, to: &request, &host)
                }
                if head.isOfConnection(field), !(request.offersHTTP2 && name.equalsIgnoringCase("te")) {
                    continue
                }
                if name.equalsIgnoringCase("cookie") {
                    if !joinsCookies {
                        let cookies = head.joinedCookies
                        request.appendLine(name: name) { $0.append(contentsOf: cookies) }
                    }
                    joinsCookies = true
                    continue
                }
            }
            if let webSocketKey, name.equalsIgnoringCase("sec-websocket-key") {
                run.end(in: &request, of: head.bytes.span)
                request.appendLine(name: name) { $0.append(contentsOf: webSocketKey) }
                continue
            }
            let known = FieldName(name)
            switch known {
            case .host:
                run.end(in: &request, of: head.bytes.span)
                if host == .wanted { appendHost(field, to: &request, &host) }
                continue
            case .replayMark:
                continue
            case .contentLength where request.bodyMode != .chunked:
                let length = UInt64(request.body.count)
                if head.bytes.span.extracting(field.value.bounds).isDecimal(of: length) { break }
                corrected = true
                run.end(in: &request, of: head.bytes.span)
                request.appendLine(name: name, known: known) { $0.append(decimal: length) }
                continue
            case .connection:
                request.noteConnection(head.bytes.span.extracting(field.value.bounds))
            default:
                break
            }
            guard !isHTTP2 else {
                request.appendLine(field, of: head, known: known)
                continue
            }
            run.append(field, known: known, to: &request, of: head.bytes.span)
        }
        return corrected
    }

    private enum HostPlace {
        case wanted, found
    }

    /// Appends the Host line, where it was recorded or at the beginning; `field` is the recorded one.
    private func appendHost(
        _ field: HeaderField?,
        to request: inout PreparedRequest.Content,
        _ place: inout HostPlace
    ) {
        place = .found
        request.linesBeforeHost = request.lines.count
        let start = request.bytes.count
        let isWritten = field.map { head.writesUsually($0) } ?? true
        if isWritten, !keepsHost || field == nil {
            request.bytes.append(contentsOf: hostLine.span)
            if field != nil { request.hostPrefix = ByteRange(offset: start, count: 6) }
            return
        }
        if let field, head.version != .http2, !field.value.isEmpty {
            request.bytes.append(
                contentsOf: head.bytes.span.extracting(field.name.offset..<field.value.offset)
            )
            request.hostPrefix = ByteRange(start..<request.bytes.count)
        } else {
            request.bytes.append("Host: ")
        }
        if keepsHost, let field {
            request.omitsHost = false
            request.host = request.append(head.bytes[field.value])
        } else {
            request.bytes.append(contentsOf: authority.span)
        }
        request.bytes.append("\r\n")
    }

    /// Appends the mark and the empty line; from here on the bytes are the head as it goes over the wire.
    private func appendMark(of exchange: UInt64, to request: inout PreparedRequest.Content) {
        let start = request.bytes.count
        request.bytes.append(contentsOf: mark.span)
        request.bytes.append(decimal: exchange, endedBy: "\r\n\r\n")
        request.wireHeadCount = request.bytes.count
        request.lines.append(
            FieldLine(
                line: ByteRange(start..<request.bytes.count - 4),
                nameCount: Self.markName.utf8.count,
                hasValue: true,
                known: nil
            )
        )
    }
}

extension Head {
    /// Bytes of the request line, its line end included, where it stands as it would be put together; `nil` elsewhere.
    fileprivate var plainLineCount: Int? {
        guard case .request(let method, let target) = start, version == .http11,
            method.offset == 0, target.offset == method.count + 1, target.end + 11 <= bytes.count,
            bytes.span.extracting(target.end..<target.end + 11).equals(" HTTP/1.1\r\n")
        else { return nil }
        return target.end + 11
    }

    /// Whether the field is spelled `Host: …`.
    fileprivate func writesUsually(_ host: HeaderField) -> Bool {
        version != .http2 && !host.value.isEmpty && host.value.offset == host.name.offset + 6
            && bytes.span.extracting(host.name.offset..<host.value.offset).equals("Host: ")
    }

    /// Whether the request only reads, by its method (RFC 9110, section 9.2.1).
    ///
    /// TRACE repeats a request to whoever asks, and a field may say that another method is meant.
    fileprivate var isSafe: Bool {
        let name = bytes[methodRange]
        guard
            name.elementsEqual("GET".utf8) || name.elementsEqual("HEAD".utf8)
                || name.elementsEqual("OPTIONS".utf8)
        else { return false }
        return fieldIndex(of: "x-http-method-override") == nil && fieldIndex(of: "x-method-override") == nil
            && fieldIndex(of: "x-http-method") == nil
    }
}

/// What became of one recorded request.
package enum Preparation: Sendable {
    case request(PreparedRequest)
    case skipped(SkipReason)
}
