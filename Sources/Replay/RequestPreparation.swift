import Bytes
import Messages
import Signatures
package import Traces

/// Turns recorded requests into what is sent: Host apart, lengths true, marked with the run.
///
/// The mark comes last among the fields. How a request is signed is decided here; ``RequestSigner`` does it when the
/// request is sent.
package struct RequestPreparation: Sendable {
    package static let markName = "X-Tapedeck-Replay"

    private let pathPrefix: [UInt8]
    private let keepsHost: Bool
    private let mark: [UInt8]
    private let signer: RequestSigner
    /// Requests whose Content-Length was set to the length of the stored body.
    package private(set) var lengthsCorrected: UInt64 = 0

    package init(plan: ReplayPlan) {
        pathPrefix = Array(plan.target.pathPrefix.utf8)
        keepsHost = plan.keepsHost
        mark = Array("\(Self.markName): \(plan.run)/".utf8)
        signer = RequestSigner(plan: plan)
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
        if let reason = Self.refusal(of: message) { return .skipped(reason) }
        guard let head = try? message.head.parsed(),
            case .request(let method, let target) = head.start
        else { return .skipped(.unreadableHead) }
        guard head.version == .http11 || head.version == .http10 || head.version == .http2 else {
            return .skipped(.version)
        }
        var request = draft(message, head: head, method: method, target: target)
        if request.method.count == 7, request.bytes[request.method].elementsEqual("CONNECT".utf8) {
            return .skipped(.upgraded)
        }
        if request.bodyMode == .chunked, head.version == .http10 { return .skipped(.version) }
        if request.isHead, request.bodyMode != .none { return .skipped(.bodyOnHead) }

        request.signing = signer.decision(for: message, head: head, answeredWith: status)
        append(head.fields, of: head, to: &request)
        if head.version == .http2 { request.noteLength() }
        request.appendTrailers(message.end.trailers)
        request.appendLine(mark + Array(String(message.exchange).utf8), nameCount: Self.markName.utf8.count)
        return request.isSendable ? .request(request) : .skipped(.unsendableHead)
    }

    private static func refusal(of message: RecordedMessage) -> SkipReason? {
        if message.end.flags.contains(.pushed) { return .pushed }
        if message.end.flags.contains(.unknownFields) { return .unknownFields }
        if message.end.flags.contains(.upgraded) { return .upgraded }
        if !message.end.flags.isDisjoint(with: [.truncated, .gap, .incomplete]) { return .incompleteBody }
        return nil
    }

    private func draft(
        _ message: RecordedMessage,
        head: Head,
        method: ByteRange,
        target: ByteRange
    ) -> PreparedRequest {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(head.bytes.count + mark.count + pathPrefix.count + 96)
        bytes.append(contentsOf: head.bytes[method])
        let targetStart = bytes.count
        // Only the origin form has a path; `*` and absolute forms go out as they are (RFC 9112, section 3.2).
        if head.bytes[target].first == 0x2F { bytes.append(contentsOf: pathPrefix) }
        bytes.append(contentsOf: head.bytes[target])
        let bodyMode: PreparedRequest.BodyMode =
            switch message.head.framing {
            case .chunked: .chunked
            case .none, .length, .untilClose: message.body.isEmpty ? .none : .counted
            }
        return PreparedRequest(
            bytes: bytes,
            method: ByteRange(0..<targetStart),
            target: ByteRange(targetStart..<bytes.count),
            lines: [],
            host: nil,
            omitsHost: keepsHost,
            version: head.version == .http2 ? .http11 : head.version,
            body: message.body,
            bodyMode: bodyMode,
            trailers: [],
            isHead: method.count == 4 && head.bytes[method].elementsEqual("HEAD".utf8),
            closesConnection: head.version == .http10,
            exchange: message.exchange,
            connection: message.connection
        )
    }

    private mutating func append(
        _ fields: [HeaderField],
        of head: Head,
        to request: inout PreparedRequest
    ) {
        request.lines.reserveCapacity(fields.count + 2)
        var corrected = false
        var joinsCookies = false
        for field in fields {
            let name = head.bytes.span.extracting(field.name.bounds)
            if head.version == .http2 {
                if keepsHost, request.host == nil, name.equalsIgnoringCase(":authority") {
                    request.host = request.append(head.bytes[field.value])
                    request.omitsHost = false
                }
                if head.isOfConnection(field) { continue }
                if name.equalsIgnoringCase("cookie") {
                    if !joinsCookies { request.appendLine(name: "cookie".utf8, value: head.joinedCookies) }
                    joinsCookies = true
                    continue
                }
            }
            let known = FieldName(name)
            switch known {
            case .host:
                if keepsHost, request.host == nil {
                    request.host = request.append(head.bytes[field.value])
                    request.omitsHost = false
                }
                continue
            case .replayMark:
                continue
            case .contentLength where request.bodyMode != .chunked:
                let length = Array(String(request.body.count).utf8)
                if head.bytes[field.value].elementsEqual(length) { break }
                corrected = true
                request.appendLine(name: head.bytes[field.name], value: length, known: known)
                continue
            case .connection:
                request.noteConnection(head.bytes.span.extracting(field.value.bounds))
            default:
                break
            }
            request.appendLine(field, of: head, known: known)
        }
        if corrected { lengthsCorrected += 1 }
    }
}

/// What became of one recorded request.
package enum Preparation: Sendable {
    case request(PreparedRequest)
    case skipped(SkipReason)
}
