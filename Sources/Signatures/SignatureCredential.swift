import Bytes
package import Messages

/// The secrets of one sender under one scheme, and the requests that they are for.
package struct SignatureCredential: Sendable {
    package let scheme: WebhookScheme
    let keys: [SignatureKey]
    /// The requests that the sender sends, such as those of a route or a tenant.
    package let selection: RequestFilter
    /// Scheme, host and path prefix by which the sender knows the receiver; `nil` goes by the request.
    package let url: String?

    /// `secrets` are tried in turn where signatures are checked, the new and the old one during a change. Where they are
    /// made, each makes one if the scheme has room for several, else the first does.
    package init(
        _ scheme: WebhookScheme,
        _ secrets: [SigningSecret],
        selection: RequestFilter = .all,
        url: String? = nil
    ) throws(SecretError) {
        precondition(!secrets.isEmpty, "a credential without a secret")
        // Keys of Standard Webhooks say themselves of which kind they are.
        let isPair = secrets.contains { $0.hasPrefix("whsk_") || $0.hasPrefix("whpk_") }
        let pair = isPair ? SchemeDirectory.builtIn[name: scheme.name + "-ed25519"] : nil
        self.scheme = pair ?? scheme
        self.selection = selection
        self.url = url.map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        var keys: [SignatureKey] = []
        for secret in secrets { keys.append(try SignatureKey(secret, kind: self.scheme.keyKind)) }
        self.keys = keys
    }

    /// Whether signatures can be made with it; public keys only check them.
    package var canSign: Bool { keys.allSatisfy(\.canSign) }

    /// Whether it is for requests of a part of the trace only.
    package var isScoped: Bool { selection != .all }

    /// Whether the sender of a request that is signed in this way has these secrets.
    package func covers(_ other: WebhookScheme, _ head: Head) -> Bool {
        other.family == scheme.family && selection.matches(head)
    }
}

// MARK: Checking

extension SignatureCredential {
    /// What the secrets say about the signature of a request under a scheme of the family; never `unverified`.
    ///
    /// `body` is the body as it was sent, without transfer coding, with its content coding; `moment` is when it was
    /// seen, in nanoseconds since 1970, or `nil` where its age does not count.
    package func verify(
        _ head: Head,
        body: Span<UInt8>,
        as scheme: WebhookScheme,
        at moment: Int64?
    ) -> SignatureState {
        var origins: [[UInt8]] = []
        if scheme.form?.signed.usesURL == true {
            origins = url.map { $0.likelyOrigins } ?? head.likelyOrigins
        }
        return scheme.verify(head, body: body, keys: keys, at: moment, origins: origins)
    }
}

extension Head {
    /// What senders may have written before the target: whether TLS ended before the recorder, and whether the usual
    /// port was named, cannot be seen.
    fileprivate var likelyOrigins: [[UInt8]] {
        var hosts: [[UInt8]] = []
        if let forwarded = value(of: "x-forwarded-host") { hosts.append(Array(forwarded)) }
        if let authority = authorityRange { hosts.append(Array(bytes[authority])) }
        return hosts.flatMap { host in
            ["https://", "http://"].flatMap { SignedOrigin.spellings(scheme: $0, host: host, prefix: []) }
        }
    }
}

extension String {
    /// A URL as it may have been signed: with its port, without it, with the usual one.
    fileprivate var likelyOrigins: [[UInt8]] {
        let scheme = hasPrefix("https://") ? "https://" : "http://"
        let rest = utf8.dropFirst(scheme.utf8.count)
        let host = rest.prefix { $0 != 0x2F }
        return SignedOrigin.spellings(
            scheme: scheme,
            host: Array(host),
            prefix: Array(rest.dropFirst(host.count))
        )
    }
}

/// What stands before the target in a signed URL.
private enum SignedOrigin {
    /// Senders write the port of the URL that they were given, leave it out, or add the usual one.
    static func spellings(scheme: String, host: [UInt8], prefix: [UInt8]) -> [[UInt8]] {
        let name = host.withoutPort
        let usual = scheme == "https://" ? ":443" : ":80"
        return [host, name, name + Array(usual.utf8)].map { Array(scheme.utf8) + $0 + prefix }
    }
}

extension Array where Element == UInt8 {
    /// A host without the port behind it.
    fileprivate var withoutPort: [UInt8] {
        guard let colon = lastIndex(of: 0x3A), self[(colon + 1)...].allSatisfy(\.isASCIIDigit) else {
            return self
        }
        return Array(self[..<colon])
    }
}

// MARK: Signing

/// How a request is signed again.
package enum SigningManner: UInt8, Sendable {
    /// As a receiver wants it.
    case right
    /// Well-formed and wrong.
    case wrong
    /// Times and identifiers become new; what stands in the signature's place stays as it was recorded.
    case malformed
    /// Times and identifiers become new; there is no signature.
    case missing
}

/// What signing changes in a request.
package struct SignatureEdits: Sendable {
    /// Fields with their new values, by the names that senders give them.
    package var fields: [(name: String, value: [UInt8])]
    /// `nil` where it stays as it is.
    package var target: [UInt8]?
    package var body: [UInt8]?
}

extension SignatureCredential {
    /// What makes a request signed by this sender on an occasion, everything else in it being final; `nil` where it
    /// cannot be signed.
    ///
    /// All signatures of the family that `head` has places for are made new. `age` is how long ago, in nanoseconds, the
    /// request says it was signed.
    package func edits(
        for head: Head,
        body: [UInt8],
        as recorded: WebhookScheme,
        _ manner: SigningManner,
        _ occasion: SigningOccasion,
        age: Int64,
        in directory: SchemeDirectory
    ) -> SignatureEdits? {
        let main =
            recorded.keyKind == scheme.keyKind
            ? recorded
            : directory.schemes.first {
                $0.family == scheme.family && $0.keyKind == scheme.keyKind
                    && $0.fieldName == recorded.fieldName
            } ?? scheme
        var schemes = directory.present(family: main.family, in: head, body: body.span)
            .filter { $0.keyKind == main.keyKind && $0.name != main.name && $0.fieldName != main.fieldName }
        schemes.insert(main, at: 0)
        var request = SignedRequest(head, body: body)
        var occasion = occasion
        if let url { occasion.origin = Array(url.utf8) }
        for scheme in schemes { scheme.refresh(&request, occasion, age: age, adds: manner == .right) }
        if manner == .right || manner == .wrong {
            for scheme in schemes {
                let isSigned = scheme.sign(
                    &request,
                    keys: keys,
                    occasion,
                    age: age,
                    isWrong: manner == .wrong
                )
                guard isSigned || scheme.name != main.name else { return nil }
            }
        }
        return SignatureEdits(
            fields: request.fields,
            target: request.isTargetChanged ? Array(request.head.bytes[request.head.targetRange]) : nil,
            body: request.isBodyChanged ? request.body : nil
        )
    }
}

extension WebhookScheme {
    fileprivate func refresh(
        _ request: inout SignedRequest,
        _ occasion: SigningOccasion,
        age: Int64,
        adds: Bool
    ) {
        switch method {
        case .form(let form): form.refresh(&request, occasion, age: age, adds: adds)
        case .token: break
        case .request(let aws): aws.refresh(&request, occasion, age: age)
        }
    }

    fileprivate func sign(
        _ request: inout SignedRequest,
        keys: [SignatureKey],
        _ occasion: SigningOccasion,
        age: Int64,
        isWrong: Bool
    ) -> Bool {
        switch method {
        case .form(let form): form.sign(&request, keys: keys, occasion, age: age, isWrong: isWrong)
        case .token(let token): token.sign(&request, keys: keys, occasion, isWrong: isWrong)
        case .request(let aws): aws.sign(&request, keys: keys, isWrong: isWrong)
        }
    }
}
