import Bytes

extension Anonymizer {
    private static let credential = Treatment(.pseudonymize, as: .credential)

    /// Appends `Authorization` with its scheme; of `Basic` with another user and password, of schemes with parameters
    /// such as `Digest` with what names the method and what is signed, and with claims of the same form where a JSON Web
    /// Token proves it.
    mutating func rewriteAuthorization(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard let blank = value.firstIndex(of: 0x20) else {
            return treat(value, Self.credential, to: &output)
        }
        var start = blank
        while start < value.count, value[start] == 0x20 { start &+= 1 }
        let proof = value.extracting(start..<value.count)
        var made: [UInt8] = []
        let isChanged: Bool
        if value.extracting(0..<blank).equalsIgnoringCase("basic"), let (user, form) = Base64.decode(proof) {
            var shaped: [UInt8] = []
            isChanged = rewriteUser(user.span, to: &shaped)
            Base64.encode(shaped.span, as: form, to: &made)
        } else if proof.looksLikeParameters {
            isChanged = rewriteProof(proof, to: &made)
        } else {
            isChanged = treat(proof, Self.credential, to: &made)
        }
        guard isChanged else { return false }
        output.append(contentsOf: value.extracting(0..<start))
        output.append(contentsOf: made)
        return true
    }

    /// Appends `user:password` (RFC 7617, section 2): the user as what it is, a name unless detectors know it.
    private mutating func rewriteUser(_ user: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        let colon = user.firstIndex(of: 0x3A)
        let nameChanged = rewriteUserName(user.extracting(0..<(colon ?? user.count)), to: &output)
        guard let colon else { return nameChanged }
        output.append(0x3A)
        let wordChanged = treat(user.extracting(colon &+ 1..<user.count), Self.credential, to: &output)
        return nameChanged || wordChanged
    }

    private mutating func rewriteUserName(_ name: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        if let found = text.next(in: name, from: 0), found.range == 0..<name.count {
            replaceFinding(found.kind, name, to: &output)
            return !isInspecting
        }
        return treat(name, Treatment(.pseudonymize, as: .name), to: &output)
    }

    /// Appends `Cookie` with its names and other values.
    mutating func rewriteCookie(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        rewriteParameters(value, separator: 0x3B, to: &output) { walk, name in walk.treatment(ofCookie: name)
        }
    }

    /// Appends `Set-Cookie` with another value; name and attributes stay, but for what detectors find in them.
    mutating func rewriteSetCookie(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        let end = value.firstIndex(of: 0x3B) ?? value.count
        let pair = value.extracting(0..<end)
        var made: [UInt8] = []
        let isChanged = rewriteCookie(pair, to: &made)
        if !isChanged { made.append(contentsOf: pair) }
        let attributes = value.extracting(end..<value.count)
        let hasNewAttributes = rewriteEscaped(attributes, to: &made)
        if !hasNewAttributes { made.append(contentsOf: attributes) }
        guard isChanged || hasNewAttributes else { return false }
        output.append(contentsOf: made)
        return true
    }

    /// A cookie is what rules for fields say of its name, so that a value in it has the pseudonym that it has elsewhere;
    /// else a credential.
    private mutating func treatment(ofCookie name: Span<UInt8>) -> Treatment {
        if let named = use(ofField: name, under: .empty, in: .form).treatment, named.action == .pseudonymize {
            return named
        }
        return Self.credential
    }

    /// Appends the parameters of a scheme of `Authorization` with other values for those that prove something.
    private mutating func rewriteProof(_ proof: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        rewriteParameters(proof, separator: 0x2C, to: &output) { _, name in
            AuthorizationParameter(name).treatment
        }
    }

    /// Appends a list of `name=value` with other values; what has no name is a value. `treatment` answers `nil` for a
    /// value that detectors alone look at.
    private mutating func rewriteParameters(
        _ source: Span<UInt8>,
        separator: UInt8,
        to output: inout [UInt8],
        _ treatment: (inout Anonymizer, Span<UInt8>) -> Treatment?
    ) -> Bool {
        var edit = ByteEdit()
        var start = 0
        while start < source.count {
            let end = source.endOfParameter(from: start, separator)
            var first = start
            while first < end, source[first] == 0x20 { first &+= 1 }
            var value = first
            while value < end, source[value] != 0x3D { value &+= 1 }
            let name = source.extracting(first..<(value < end ? value : first))
            value = value < end ? value &+ 1 : first
            while value < end, source[value] == 0x20 || source[value] == 0x22 { value &+= 1 }
            var stop = end
            while stop > value, source[stop &- 1] == 0x20 || source[stop &- 1] == 0x22 { stop &-= 1 }
            let found = treatment(&self, name)
            replaceCoded(first..<first &+ name.count, of: source, nil, plusIsBlank: false, &edit)
            if found?.kind == .credential, name.equalsIgnoringCase("credential") {
                // A key and its scope (AWS Signature Version 4), which whoever signs again needs.
                stop = source.extracting(0..<stop).firstIndex(of: 0x2F, from: value) ?? stop
            }
            replaceCoded(value..<stop, of: source, found, plusIsBlank: false, &edit)
            start = end &+ 1
        }
        guard edit.isChanged else { return false }
        edit.finish(source)
        output.append(contentsOf: edit.output)
        return true
    }
}

/// What a parameter of `Authorization` is for.
private enum AuthorizationParameter {
    /// It says how something is proved.
    case method
    case user
    case proof

    /// RFC 7616, RFC 5849, RFC 9421 with its predecessors, AWS Signature Version 4.
    private static let methods: [StaticString] = [
        "realm", "algorithm", "qop", "nc", "charset", "stale", "userhash", "uri", "oauth_signature_method",
        "oauth_timestamp", "oauth_version", "headers", "created", "expires", "signedheaders", "version",
        "keyid",
        "ts", "ext", "app", "dlg",
    ]

    init(_ name: Span<UInt8>) {
        if name.equalsIgnoringCase("username") || name.equalsIgnoringCase("username*") {
            self = .user
        } else {
            self = Self.methods.contains { name.equalsIgnoringCase($0) } ? .method : .proof
        }
    }

    var treatment: Treatment? {
        switch self {
        case .method: nil
        case .user: Treatment(.pseudonymize, as: .name)
        case .proof: Treatment(.pseudonymize, as: .credential)
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether a proof is `name=value` rather than a token that ends in the padding of base64.
    fileprivate var looksLikeParameters: Bool {
        guard let equals = firstIndex(of: 0x3D), equals > 0, equals &+ 1 < count, self[equals &+ 1] != 0x3D
        else { return false }
        for index in 0..<equals where !self[index].isWordByte && self[index] != 0x2D && self[index] != 0x2A {
            return false
        }
        return true
    }

    /// Where the separator stands, outside quotes, that ends the parameter.
    fileprivate func endOfParameter(from start: Int, _ separator: UInt8) -> Int {
        var index = start
        var isQuoted = false
        while index < count {
            if self[index] == 0x22 {
                isQuoted.toggle()
            } else if self[index] == 0x5C, isQuoted {
                index &+= 1
            } else if self[index] == separator, !isQuoted || firstIndex(of: 0x22, from: index) == nil {
                return index
            }
            index &+= 1
        }
        return count
    }
}
