import Bytes
package import Messages

/// A way in which webhook senders sign their requests.
package struct WebhookScheme: Sendable {
    /// How the signature is made; kept apart, so that a scheme is passed around as a few words.
    indirect enum Method: Sendable {
        case form(SignatureForm)
        /// A JSON Web Token whose claims are signed, not the request (RFC 7519).
        case token(JSONWebTokenScheme)
        /// AWS Signature Version 4.
        case request(AWSSignature)
    }

    /// The name on the command line and in traces.
    package let name: String
    /// Schemes of one family are used by the same senders with the same secret.
    package let family: String
    /// What it is, in a line.
    package let summary: String
    let method: Method

    package init(_ name: String, family: String? = nil, _ summary: String, _ form: SignatureForm) {
        self.init(name, family: family, summary, method: .form(form))
    }

    init(_ name: String, family: String? = nil, _ summary: String, method: Method) {
        self.name = name
        self.family = family ?? name
        self.summary = summary
        self.method = method
    }

    /// The description of a scheme that is data.
    package var form: SignatureForm? {
        if case .form(let form) = method { return form }
        return nil
    }

    var keyKind: SignatureKey.Kind {
        switch method {
        case .form(let form): form.keyKind
        case .token: .text
        case .request: .aws
        }
    }

    /// The header field that holds the signature, by the name that senders give it.
    package var fieldName: String? {
        switch method {
        case .form(let form): form.place.headerName
        case .token, .request: "Authorization"
        }
    }

    /// Fields by which a request of such a sender is known even without a signature.
    var marks: [String] {
        guard case .form(let form) = method else { return [] }
        let times = [form.time].compactMap { $0?.headerName }
        return form.marks + times + form.ids.compactMap(\.headerName)
    }

    var needsBody: Bool {
        switch method {
        case .form(let form): form.needsBody
        case .token: false
        case .request: true
        }
    }

    /// How many seconds a signed time may be off, where receivers look at it.
    package var tolerance: Int64? {
        switch method {
        case .form(let form): form.tolerance
        case .token: nil
        case .request: AWSSignature.tolerance
        }
    }
}

extension WebhookScheme: CustomStringConvertible {
    package var description: String { name }
}

// MARK: Use

extension WebhookScheme {
    /// Whether the field that holds its signatures is there, whatever is in it.
    package func isFieldPresent(in head: Head) -> Bool {
        guard let fieldName, fieldName != "Authorization" else { return false }
        return head.fieldIndex(of: Array(fieldName.utf8).span) != nil
    }

    /// Whether a field is there that only its senders add.
    package func isMarked(_ head: Head) -> Bool {
        marks.contains { head.fieldIndex(of: Array($0.utf8).span) != nil }
    }
}

extension WebhookScheme {
    /// Whether the value of a field of the scheme's name is one of this scheme, right or wrong.
    func recognises(_ value: Span<UInt8>) -> Bool {
        switch method {
        case .form(let form): form.recognises(value)
        case .token(let token): token.recognises(value)
        case .request(let request): request.recognises(value)
        }
    }

    /// What these keys say about the signature of a request; never `unverified`.
    func verify(
        _ head: Head,
        body: Span<UInt8>,
        keys: [SignatureKey],
        at moment: Int64?,
        origins: [[UInt8]]
    ) -> SignatureState {
        let keys = keys.filter { $0.kind == keyKind }
        switch method {
        case .form(let form): return form.verify(head, body: body, keys: keys, at: moment, origins: origins)
        case .token(let token): return token.verify(head, keys: keys, at: moment)
        case .request(let request): return request.verify(head, body: body, keys: keys, at: moment)
        }
    }

    /// Whether what stands where the signature belongs cannot be one under any key.
    package func isMalformed(_ head: Head, body: Span<UInt8>) -> Bool {
        switch method {
        case .form(let form): form.isMalformed(head, body: body)
        case .token(let token): token.isMalformed(head)
        case .request(let request): request.isMalformed(head)
        }
    }

    /// How old the signed time of a stale request is made, in nanoseconds: as old as it was where that can be read.
    package func age(of head: Head, body: Span<UInt8>, at moment: Int64) -> Int64 {
        let tolerance = (self.tolerance ?? 300) * 1_000_000_000
        if case .form(let form) = method, let age = form.age(of: head, body: body, at: moment),
            age.magnitude > UInt64(tolerance), age.magnitude < UInt64(Int64.max) / 2
        {
            return age
        }
        return 2 * tolerance
    }
}

extension SignatureForm {
    fileprivate func recognises(_ text: Span<UInt8>) -> Bool {
        guard case .shape = recognition,
            let pattern = value.patterns.first(where: { $0.part == .signature })
        else { return true }
        guard pattern.before.isEmpty else {
            var start = 0
            while start <= text.count {
                let end = value.separator.flatMap { text.firstIndex(of: $0, from: start) } ?? text.count
                let part = text.extracting(start..<end)
                if part.count >= pattern.before.count,
                    part.extracting(first: pattern.before.count).equalsIgnoringCase(pattern.before.span)
                {
                    return true
                }
                start = end + 1
            }
            return false
        }
        return algorithm.byteCount.map { coding.length(of: $0) == text.count } ?? true
            && coding.decode(text) != nil
    }
}
