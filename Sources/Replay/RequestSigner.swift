import Bytes
import Messages
import Packets
import Signatures
import Traces

/// What became of the signatures of the requests that were sent.
package struct SignatureCounts: Hashable, Sendable {
    /// Signed with the secret of the run.
    package var signed: UInt64 = 0
    /// Given a wrong signature, an old one, or none, as they were recorded or since the recorded answer turned them away.
    package var invalidated: UInt64 = 0
    /// Signed requests for which the run has no secret; sent as recorded.
    package var kept: UInt64 = 0
    /// Requests that could not be signed although there is a secret; sent as recorded.
    package var unsignable: UInt64 = 0

    package init() {}
}

/// How a request is to be signed when it is sent; decided from what was recorded of it.
package struct PendingSignature: Hashable, Sendable {
    /// The index of the scheme among those of the run.
    var scheme: Int
    /// The index of the credential; `nil` where the run has none for it.
    var credential: Int?
    var manner: SigningManner
    /// How long before sending it says it was signed, in nanoseconds.
    var age: Int64
    /// When it was recorded, in nanoseconds since 1970.
    var recorded: Int64
}

/// Decides how requests are signed, and signs them last of all.
///
/// Valid ones are signed again; so are unverified ones, unless the recorded answer was 401 or 403. Invalid ones stay
/// invalid in their way: wrong, malformed, stale or missing. Signing happens when a request is sent, so that the signed
/// time is the present however long the request has waited.
package struct RequestSigner: Sendable {
    private let credentials: [SignatureCredential]
    private let directory: SchemeDirectory
    private let authority: [UInt8]
    private let originScheme: [UInt8]
    private let run: String
    private let renewsDeliveries: Bool
    /// Of the pass that was signed last.
    private var renewal: (pass: UInt32, ids: DeliveryRenewal)?
    package private(set) var counts = SignatureCounts()

    package init(plan: ReplayPlan) {
        credentials = plan.credentials
        directory = plan.schemes
        authority = Array(plan.target.authority.utf8)
        originScheme = Array("\(plan.target.scheme.rawValue)://".utf8)
        run = plan.run
        renewsDeliveries = plan.renewsDeliveries
    }

    // MARK: Deciding

    /// Whether the recorded answer decides how this request is signed.
    func needsAnswer(_ message: RecordedMessage) -> Bool {
        guard !credentials.isEmpty else { return false }
        if let known = message.head.signature, known.state != SignatureState.unverified.rawValue {
            return false
        }
        guard let head = try? message.head.parsed(), let found = scheme(of: message, head) else {
            return false
        }
        return found.state == .unverified && credential(for: found.scheme, head) != nil
    }

    /// How a request is to be signed; `nil` where nothing is known of a signature.
    func decision(for message: RecordedMessage, head: Head, answeredWith status: UInt16?) -> PendingSignature?
    {
        guard let (scheme, state) = scheme(of: message, head),
            let index = directory.schemes.firstIndex(where: { $0.name == scheme.name })
        else { return nil }
        let credential = credential(for: scheme, head)
        if credential == nil, state == .missing { return nil }
        let manner: SigningManner =
            switch state {
            case .valid, .stale: .right
            case .unverified: status == 401 || status == 403 ? .wrong : .right
            case .invalid: message.head.hasMalformedSignature ? .malformed : .wrong
            case .missing: .missing
            }
        let recorded = message.start.nanoseconds
        return PendingSignature(
            scheme: index,
            credential: credential,
            manner: manner,
            age: state == .stale ? scheme.age(of: head, body: message.body.span, at: recorded) : 0,
            recorded: recorded
        )
    }

    /// The scheme that was recorded, or is found now where the recorder did not know it.
    private func scheme(
        of message: RecordedMessage,
        _ head: Head
    ) -> (scheme: WebhookScheme, state: SignatureState)? {
        if let signature = message.head.signature {
            guard let scheme = directory[name: signature.scheme],
                let state = SignatureState(rawValue: signature.state)
            else { return nil }
            return (scheme, state)
        }
        guard !credentials.isEmpty else { return nil }
        if let scheme = directory.recognise(head, body: message.body.span) { return (scheme, .unverified) }
        // What stands in the place of a signature has lost its form where it was anonymized.
        for credential in credentials where credential.selection.matches(head) {
            let name = Array((credential.scheme.fieldName ?? "").utf8)
            if !name.isEmpty, head.fieldIndex(of: name.span) != nil {
                return (credential.scheme, .unverified)
            }
        }
        return nil
    }

    private func credential(for scheme: WebhookScheme, _ head: Head) -> Int? {
        credentials.firstIndex { $0.covers(scheme, head) }
    }

    // MARK: Signing

    /// Signs a request that is about to be sent at `now`, in nanoseconds since 1970, in the given pass over the trace.
    package mutating func sign(_ request: inout PreparedRequest, pass: UInt32, at now: Int64) {
        guard let pending = request.signing else { return }
        guard let index = pending.credential else {
            counts.kept += 1
            return
        }
        if renewal?.pass != pass {
            renewal = (pass, renewsDeliveries ? DeliveryRenewal(run: run, pass: pass) : .none)
        }
        let authority = request.host.map { Array(request.bytes[$0]) } ?? authority
        let occasion = SigningOccasion(
            now: now,
            origin: originScheme + authority,
            renewal: renewal?.ids ?? .none,
            recorded: pending.recorded
        )
        let edits = credentials[index].edits(
            for: request.head(authority: authority),
            body: request.body,
            as: directory.schemes[pending.scheme],
            pending.manner,
            occasion,
            age: pending.age,
            in: directory
        )
        guard let edits else {
            counts.unsignable += 1
            return
        }
        if pending.manner == .right, pending.age == 0 { counts.signed += 1 } else { counts.invalidated += 1 }
        request.apply(edits)
    }
}

extension PreparedRequest {
    /// The request as a head to be signed: all fields as they are sent, Host among them.
    fileprivate func head(authority: [UInt8]) -> Head {
        var bytes = bytes
        var fields: [HeaderField] = []
        fields.reserveCapacity(lines.count + 1)
        for line in lines {
            var start = line.line.offset + line.nameCount
            while start < line.line.end, bytes[start] != 0x3A { start += 1 }
            start = min(start + 1, line.line.end)
            while start < line.line.end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
            fields.append(
                HeaderField(
                    name: ByteRange(offset: line.line.offset, count: line.nameCount),
                    value: ByteRange(start..<line.line.end)
                )
            )
        }
        if !omitsHost {
            let name = ByteRange(offset: bytes.count, count: 4)
            bytes.append(contentsOf: "Host".utf8)
            let value = ByteRange(offset: bytes.count, count: authority.count)
            bytes.append(contentsOf: authority)
            fields.append(HeaderField(name: name, value: value))
        }
        return Head(
            bytes: bytes,
            start: .request(method: method, target: target),
            version: version,
            fields: fields,
            framing: .none,
            flags: []
        )
    }

    /// Takes over what signing changed; a field that is new goes before the mark, which is last.
    fileprivate mutating func apply(_ edits: SignatureEdits) {
        withContent { $0.apply(edits) }
    }
}

extension PreparedRequest.Content {
    fileprivate mutating func apply(_ edits: SignatureEdits) {
        for (name, value) in edits.fields {
            var isPlaced = false
            for index in lines.indices {
                let line = lines[index]
                guard
                    bytes.span.extracting(line.line.offset..<line.line.offset + line.nameCount)
                        .isSpelled(name)
                else { continue }
                lines[index].line = append(
                    Array(bytes[line.line].prefix(line.nameCount)) + [0x3A, 0x20] + value
                )
                lines[index].hasValue = !value.isEmpty
                isPlaced = true
            }
            guard !isPlaced else { continue }
            let line = append(Array(name.utf8) + [0x3A, 0x20] + value)
            lines.insert(
                FieldLine(line: line, nameCount: name.utf8.count, hasValue: !value.isEmpty, known: nil),
                at: max(lines.count - 1, 0)
            )
        }
        if let target = edits.target { self.target = append(target) }
        guard let body = edits.body else { return }
        self.body = body
        for index in lines.indices where lines[index].known == .contentLength && bodyMode == .counted {
            let name = Array(bytes[lines[index].line].prefix(lines[index].nameCount))
            lines[index].line = append(name + [0x3A, 0x20] + Array(String(body.count).utf8))
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are `name`, letter case aside.
    fileprivate func isSpelled(_ name: String) -> Bool {
        var index = 0
        for byte in name.utf8 {
            guard index < count, self[index].asciiLowercased == byte.asciiLowercased else { return false }
            index += 1
        }
        return index == count
    }
}
