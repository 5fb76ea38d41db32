import Bytes
import Compression
package import Messages
package import Packets

/// Looks for personal data and secrets in recorded messages without changing them.
///
/// It walks through a message as an ``Anonymizer`` with the same rules does, looks for runs of characters that look drawn
/// by chance, and for planted values in whatever they are wrapped in. Pseudonyms are told by their marks, and so need no
/// key; a value that looks like one by chance, such as an address at `example.com`, goes unreported.
package struct AuditScanner: ~Copyable {
    private var walk: Anonymizer
    private let canaries: CanarySearch?

    /// - Parameter findsUnknownSecrets: Whether runs that look drawn by chance are reported, see ``UnknownSecret``.
    package init(ruleSets: [RuleSet], canaries: CanarySearch? = nil, findsUnknownSecrets: Bool = false) {
        // The key is of no consequence: nothing is pseudonymized.
        guard let key = PseudonymKey([UInt8](repeating: 0, count: PseudonymKey.byteCount)) else {
            preconditionFailure("a key of the right length is a key")
        }
        walk = Anonymizer(ruleSets: ruleSets, key: key)
        walk.findsUnknownSecrets = findsUnknownSecrets
        self.canaries = canaries
    }

    /// Which rules apply to an exchange, read off the head of its request.
    package func scope(of request: borrowing Head) -> RuleScope { walk.scope(of: request) }

    /// What looks like personal data or a secret in a message, in the order in which it stands there; planted values come
    /// last.
    package mutating func findings(in message: RawMessage, _ scope: RuleScope? = nil) -> [AuditFinding] {
        walk.findings = []
        var walked = message
        walk.anonymize(&walked, in: scope)
        var findings = walk.findings ?? []
        if canaries != nil { addCanaries(in: message, to: &findings) }
        return findings
    }

    /// What of a message looks like a pseudonym, beside what looks like personal data or a secret.
    package mutating func look(
        at message: RawMessage,
        _ scope: RuleScope? = nil
    ) -> (pseudonyms: [FoundPseudonym], findings: [AuditFinding]) {
        walk.pseudonyms = []
        defer { walk.pseudonyms = nil }
        let findings = findings(in: message, scope)
        return (walk.pseudonyms ?? [], findings)
    }

    /// What looks like personal data or a secret in one message of a stream.
    package mutating func findings(
        in bytes: [UInt8],
        _ content: StreamedContent,
        _ scope: RuleScope = .unknown,
        of kind: MessageKind = .request
    ) -> [AuditFinding] {
        walk.findings = []
        var walked = bytes
        walk.anonymizeMessage(&walked, content, in: scope, of: kind)
        return (walk.findings ?? []) + canaries(in: bytes.span, at: "message")
    }

    /// What looks like personal data or a known secret in a text that belongs to no message, such as the header of a
    /// trace, which is full of identifiers.
    package mutating func findings(inText bytes: [UInt8], at place: String) -> [AuditFinding] {
        guard !bytes.isEmpty else { return [] }
        walk.findings = []
        let findsUnknownSecrets = walk.findsUnknownSecrets
        walk.findsUnknownSecrets = false
        defer { walk.findsUnknownSecrets = findsUnknownSecrets }
        var output: [UInt8] = []
        walk.enter(.unknown, .request)
        _ = walk.rewriteProse(bytes.span, to: &output)
        let found = (walk.findings ?? []).map { AuditFinding(what: $0.what, place: place) }
        return found + canaries(in: bytes.span, at: place)
    }

    /// The address of a client where it is neither a pseudonym nor of this host.
    ///
    /// A private address in 10/8 or fd00::/8 cannot be told from a pseudonym.
    package func finding(ofClient address: IPAddress) -> AuditFinding? {
        if address.isIPv4 {
            let first = address.low >> 24 & 0xFF
            if first == 10 || first == 127 || address.low & 0xFFFF_FFFF == 0 { return nil }
        } else if address.high >> 56 == 0xFD || address.high == 0 && address.low <= 1 {
            return nil
        }
        return AuditFinding(what: .value(.ip), place: "client-address")
    }
}

extension AuditScanner {
    private func canaries(in bytes: Span<UInt8>, at place: String) -> [AuditFinding] {
        guard let canaries else { return [] }
        return canaries.search(bytes).map { AuditFinding(what: .canary($0 + 1), place: place) }
    }

    private func addCanaries(in message: RawMessage, to findings: inout [AuditFinding]) {
        let head = message.head
        let first = findings.count
        let target = head.target
        let query = target.firstIndex(of: 0x3F) ?? target.count
        findings += canaries(in: target.extracting(0..<query), at: "path")
        if query < target.count {
            findings += canaries(in: target.extracting(query..<target.count), at: "query")
        }
        var place = AuditPlace()
        for index in head.fields.indices {
            let field = head.fields[index]
            place.enter(.header, name: head.name(of: field))
            findings += canaries(in: head.value(of: field), at: place.description)
        }
        // Whatever else a head holds: a reason phrase, the name of a field.
        let known = Set(findings[first...].map(\.what))
        findings += canaries(in: head.bytes.span, at: "header").filter { !known.contains($0.what) }
        findings += canaries(inBody: message)
        findings += canaries(in: message.trailers.span, at: "trailer")
    }

    private func canaries(inBody message: RawMessage) -> [AuditFinding] {
        guard !message.body.isEmpty else { return [] }
        let found = canaries(in: message.body.span, at: "body")
        guard let index = message.head.fieldIndex(of: "content-encoding" as StaticString) else {
            return found
        }
        let coding = ContentCoding(message.head.value(of: message.head.fields[index]))
        guard coding != .identity, coding != .unknown,
            let plain = try? ContentCoding.decode(
                message.body.span,
                coding: coding,
                limit: Anonymizer.maximumDecodedBody
            )
        else { return found }
        let known = Set(found.map(\.what))
        return found + canaries(in: plain.span, at: "body").filter { !known.contains($0.what) }
    }
}
