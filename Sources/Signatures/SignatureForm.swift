import Bytes
import Messages

/// A way of signing as data: what is signed, how, and where the signature, the time and the identifiers stand.
///
/// Schemes of this form are built in (``WebhookScheme/builtIn``) or described in YAML
/// (`Documentation/signatures.md`); both are values of this one type.
package struct SignatureForm: Sendable {
    /// How the secret of an HMAC is spelled.
    package enum SecretSpelling: String, Sendable, CaseIterable {
        case text, base64, hex
    }

    /// How a request is told to be signed in this way.
    package enum Recognition: Sendable {
        /// By the presence of the field that holds the signature, whatever is in it.
        case field
        /// Others use the same field: the value must begin as theirs does, or have the length of a signature.
        case shape
        /// There is no field for it: all of these are there too.
        case company([SignaturePlace])
    }

    package var algorithm: SignatureAlgorithm
    package var secret: SecretSpelling
    package var signed: SignatureTemplate
    package var coding: TextCoding
    package var place: SignaturePlace
    package var value: SignatureValue
    /// Where the signed time stands, unless it is a part of the value.
    package var time: SignaturePlace?
    /// What a number that is a time counts; `nil` goes by its length.
    package var unit: TimeUnit?
    /// How many seconds a signed time may be off before receivers refuse it; `nil` where none is known to look.
    package var tolerance: Int64?
    /// The identifiers of the delivery, which a replay makes new; the first is `{id}`.
    package var ids: [SignaturePlace]
    /// Where a SHA-256 of the body stands in hexadecimal.
    package var digest: SignaturePlace?
    /// Fields that a sender adds to each request: by them a request without a signature is known.
    package var marks: [String]
    package var recognition: Recognition

    package init(
        _ algorithm: SignatureAlgorithm,
        secret: SecretSpelling = .text,
        signed: SignatureTemplate = "{body}",
        _ coding: TextCoding = .hex,
        in place: SignaturePlace,
        value: SignatureValue = .plain,
        time: SignaturePlace? = nil,
        unit: TimeUnit? = nil,
        tolerance: Int64? = nil,
        ids: [SignaturePlace] = [],
        digest: SignaturePlace? = nil,
        marks: [String] = [],
        recognition: Recognition = .field
    ) {
        self.algorithm = algorithm
        self.secret = secret
        self.signed = signed
        self.coding = coding
        self.place = place
        self.value = value
        self.time = time
        self.unit = unit
        self.tolerance = tolerance
        self.ids = ids
        self.digest = digest
        self.marks = marks
        self.recognition = recognition
    }

    var keyKind: SignatureKey.Kind {
        switch algorithm {
        case .ed25519: .ed25519
        case .ecdsaP256: .p256
        case .token: .token
        case .hmacSHA1, .hmacSHA256, .hmacSHA384, .hmacSHA512:
            switch secret {
            case .text: .text
            case .base64: .base64
            case .hex: .hex
            }
        }
    }

    /// Why a form that was described cannot work; `nil` where it can.
    package var flaw: String? {
        if signed.usesTimestamp, time == nil, !value.hasTimestamp {
            return "{timestamp} is signed: 'time' says where it stands, unless 'value' has a {timestamp}"
        }
        if signed.usesID, ids.isEmpty { return "{id} is signed: 'ids' says where it stands" }
        if digest.map(\.isInBody) == true { return "a digest of the body cannot stand in the body" }
        return nil
    }

    /// Whether it takes the body to check a signature or to find it.
    var needsBody: Bool { signed.usesBody || place.isInBody }
}

// MARK: Checking

extension SignatureForm {
    /// What is known of the signature of a request by these keys.
    ///
    /// `moment` is when it was seen, in nanoseconds since 1970. `origins` are what may stand before the target in the
    /// URL that was signed. Every comparison takes the same time wherever the signatures differ.
    func verify(
        _ head: Head,
        body: Span<UInt8>,
        keys: [SignatureKey],
        at moment: Int64?,
        origins: [[UInt8]]
    ) -> SignatureState {
        guard let text = place.value(in: head, body: body) else { return .missing }
        guard let reading = value.read(text) else { return .invalid }
        let timestamp = reading.timestamp ?? time.flatMap { $0.value(in: head, body: body) }
        guard timestamp != nil || !signed.usesTimestamp else { return .invalid }
        if let digest, let stated = digest.value(in: head, body: body),
            stated.span.equalsIgnoringCase(
                String(decoding: TextCoding.hex.encode([UInt8].sha256(body)), as: UTF8.self)
            )
                == false
        {
            return .invalid
        }
        var values = SignedValues()
        values.timestamp = timestamp ?? []
        values.id = ids.first.flatMap { $0.value(in: head, body: body) } ?? []
        if case .query(let name) = place { values.signatureParameter = Array(name.utf8) }
        for origin in signed.usesURL ? origins : [[]] {
            values.origin = origin
            let content = signed.content(of: head, body: body, values)
            for key in keys where isMade(by: key, of: content, body: body, reading.signatures) {
                return isLate(timestamp, at: moment) ? .stale : .valid
            }
        }
        return .invalid
    }

    private func isMade(
        by key: SignatureKey,
        of content: SignedContent,
        body: Span<UInt8>,
        _ signatures: [[UInt8]]
    ) -> Bool {
        switch key.material {
        case .shared(let secret):
            if algorithm == .token { return signatures.contains { secret.isEqualInConstantTime(to: $0) } }
            guard let code = algorithm.authenticationCode(content, key: secret, body: body) else {
                return false
            }
            // Receivers compare text, so digits of the other case are as wrong for them as wrong digits.
            let expected = coding.encode(code)
            var isFound = false
            for signature in signatures where expected.isEqualInConstantTime(to: signature) { isFound = true }
            return isFound
        case .ed25519, .p256:
            let bytes = content.bytes(body: body)
            return signatures.contains { text in
                coding.decode(text.span).map { key.verifies($0, for: bytes) } ?? false
            }
        case .aws: return false
        }
    }

    private func isLate(_ timestamp: [UInt8]?, at moment: Int64?) -> Bool {
        guard let tolerance, let moment, let timestamp, let time = SignedTime(timestamp.span, unit: unit)
        else {
            return false
        }
        let (difference, overflow) = moment.subtractingReportingOverflow(time.nanoseconds)
        return overflow || difference.magnitude > UInt64(tolerance) * 1_000_000_000
    }

    /// Whether what stands in the signature's place could be no signature of this form, under whatever key.
    func isMalformed(_ head: Head, body: Span<UInt8>) -> Bool {
        guard algorithm != .token, let text = place.value(in: head, body: body) else { return false }
        guard let reading = value.read(text) else { return true }
        return !reading.signatures.contains { signature in
            guard let bytes = coding.decode(signature.span), !bytes.isEmpty else { return false }
            return algorithm.byteCount.map { $0 == bytes.count } ?? true
        }
    }

    /// How long before `moment` a request was signed, in nanoseconds, where its time can be read.
    func age(of head: Head, body: Span<UInt8>, at moment: Int64) -> Int64? {
        guard let text = time.flatMap({ $0.value(in: head, body: body) }),
            let signedAt = SignedTime(text.span, unit: unit)
        else { return nil }
        let (age, overflow) = moment.subtractingReportingOverflow(signedAt.nanoseconds)
        return overflow ? nil : age
    }
}

// MARK: Signing

extension SignatureForm {
    /// Makes time, identifiers and digest of the body new.
    func refresh(_ request: inout SignedRequest, _ occasion: SigningOccasion, age: Int64, adds: Bool) {
        for id in ids where !request.renewed.contains(id) {
            guard let old = id.value(in: request.head, body: request.body.span), !old.isEmpty else {
                continue
            }
            request.put(occasion.renewal.renewed(old.span), at: id, addsField: false)
            request.renewed.append(id)
        }
        if let time {
            let old = time.value(in: request.head, body: request.body.span)
            request.put(timestamp(like: old, occasion.now - age), at: time, addsField: adds)
        }
        if let digest {
            let digestOfBody = TextCoding.hex.encode([UInt8].sha256(request.body.span))
            request.put(digestOfBody, at: digest, addsField: false)
        }
    }

    private func timestamp(like old: [UInt8]?, _ nanoseconds: Int64) -> [UInt8] {
        let style = old.flatMap { SignedTime($0.span, unit: unit) }?.style
        return SignedTime(
            nanoseconds: nanoseconds,
            style: style ?? .number(unit: (unit ?? .seconds).nanoseconds)
        ).text
    }

    /// Puts a signature into a request of which everything else is final; a wrong one is well-formed.
    ///
    /// `false` where there is no place for it or no key that signs.
    func sign(
        _ request: inout SignedRequest,
        keys: [SignatureKey],
        _ occasion: SigningOccasion,
        age: Int64,
        isWrong: Bool
    ) -> Bool {
        if place.headerName == nil, place.value(in: request.head, body: request.body.span) == nil {
            return false
        }
        var values = SignedValues()
        if value.hasTimestamp {
            let old = place.value(in: request.head, body: request.body.span).flatMap {
                value.read($0)?.timestamp
            }
            values.timestamp = timestamp(like: old, occasion.now - age)
        } else if let time {
            values.timestamp = time.value(in: request.head, body: request.body.span) ?? []
        }
        // A time in the body that is not there is not made up.
        guard isWrong || !signed.usesTimestamp || !values.timestamp.isEmpty else { return false }
        values.id = ids.first.flatMap { $0.value(in: request.head, body: request.body.span) } ?? []
        values.origin = occasion.origin
        if case .query(let name) = place { values.signatureParameter = Array(name.utf8) }
        var content = signed.content(of: request.head, body: request.body.span, values)
        // A byte more is signed, so that the signature is one of other content.
        if isWrong { content.append([0]) }
        var signatures: [[UInt8]] = []
        for key in keys {
            guard let made = signature(of: content, body: request.body.span, key, isWrong: isWrong) else {
                continue
            }
            signatures.append(made)
        }
        guard !signatures.isEmpty else { return false }
        request.put(value.text(signatures: signatures, timestamp: values.timestamp), at: place)
        return true
    }

    private func signature(
        of content: SignedContent,
        body: Span<UInt8>,
        _ key: SignatureKey,
        isWrong: Bool
    ) -> [UInt8]? {
        switch key.material {
        case .shared(let secret):
            if algorithm == .token { return isWrong ? secret.otherToken : secret }
            return algorithm.authenticationCode(content, key: secret, body: body).map { coding.encode($0) }
        case .ed25519, .p256: return key.signature(for: content.bytes(body: body)).map { coding.encode($0) }
        case .aws: return nil
        }
    }
}

extension Array where Element == UInt8 {
    /// Another token of the same length and kinds of characters.
    fileprivate var otherToken: [UInt8] {
        var isOther = false
        let token = map { byte -> UInt8 in
            guard byte.isASCIIDigit || byte.isLetter else { return byte }
            isOther = true
            if byte.isASCIIDigit { return byte == 0x39 ? 0x30 : byte + 1 }
            return byte | 0x20 == 0x7A ? byte - 25 : byte + 1
        }
        return isOther ? token : token + [0x78]
    }
}

/// When and for whom a request is signed.
package struct SigningOccasion: Sendable {
    /// Nanoseconds since 1970.
    package var now: Int64
    /// What stands before the target in the URL by which the receiver is known.
    package var origin: [UInt8]
    package var renewal: DeliveryRenewal
    /// When the request was recorded, in nanoseconds since 1970.
    package var recorded: Int64

    package init(now: Int64, origin: [UInt8], renewal: DeliveryRenewal, recorded: Int64) {
        self.now = now
        self.origin = origin
        self.renewal = renewal
        self.recorded = recorded
    }
}
