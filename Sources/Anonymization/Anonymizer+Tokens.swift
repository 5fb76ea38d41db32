import Bytes
import JSON

extension Anonymizer {
    /// The name under which rules know the claims of a JSON Web Token.
    private static let claims = FieldName(Array("jwt_claims".utf8).span)

    /// Appends the pseudonym of something that a detector found, or notes it in an inspection.
    mutating func replaceFinding(_ kind: PseudonymKind, _ value: Span<UInt8>, to output: inout [UInt8]) {
        if kind == .jwt {
            if !rewriteToken(value, to: &output), !isInspecting { output.append(contentsOf: value) }
            return
        }
        if isInspecting {
            note(kind, value)
            return
        }
        pseudonymizer.append(kind, of: value, to: &output)
        audit.count(kind, byRule: openRule)
    }

    /// Appends a JSON Web Token (RFC 7519) with the values of its claims replaced by the rules for JSON, those below
    /// `jwt_claims` among them, and another signature; one whose claims cannot be read, such as an encrypted one, has
    /// noise behind its header.
    ///
    /// Header and the form of the claims stay, and so do times; who signs the token again has everything that is
    /// needed for it. In an inspection a token counts as one unless its signature carries the mark of noise.
    mutating func rewriteToken(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard let token = JSONWebToken(value), openTexts < Self.maximumNesting else {
            if isInspecting {
                note(.jwt, value)
                return false
            }
            pseudonymizer.append(.jwt, of: value, to: &output)
            audit.count(.jwt, byRule: openRule)
            return true
        }
        openTexts &+= 1
        defer { openTexts &-= 1 }
        let signature = value.extracting(token.signature)
        if isInspecting, !signature.isEmpty, tally != nil || !PlaceholderMark.isOn(signature) {
            note(.value(.jwt))
        }
        var header: [UInt8] = []
        let hasNewHeader = rewritePart(token.header, under: .empty, to: &header)
        var claims: [UInt8] = []
        let hasNewClaims = rewritePart(token.claims, under: Self.claims, to: &claims)
        if isInspecting { return false }
        guard hasNewHeader || hasNewClaims || !signature.isEmpty else { return false }
        let dot = value.firstIndex(of: 0x2E) ?? 0
        if !hasNewHeader { header.append(contentsOf: value.extracting(0..<dot)) }
        if !hasNewClaims {
            claims.append(contentsOf: value.extracting(dot &+ 1..<token.signature.lowerBound &- 1))
        }
        output.append(contentsOf: header)
        output.append(0x2E)
        output.append(contentsOf: claims)
        output.append(0x2E)
        pseudonymizer.appendSignature(signature, of: value, to: &output)
        audit.count(.jwt, byRule: openRule)
        return true
    }

    private mutating func rewritePart(
        _ json: [UInt8],
        under root: FieldName,
        to output: inout [UInt8]
    ) -> Bool {
        var edit = ByteEdit()
        guard (try? rewriteJSON(json.span, under: root, &edit)) != nil, edit.isChanged else { return false }
        edit.finish(json.span)
        Base64.encode(edit.output.span, as: Base64Form(isURLSafe: true, isPadded: false), to: &output)
        return true
    }
}

extension Pseudonymizer {
    /// Appends what takes the place of the signature of a token: noise that depends on all of the token.
    mutating func appendSignature(
        _ signature: Span<UInt8>,
        of token: Span<UInt8>,
        to output: inout [UInt8]
    ) {
        guard !signature.isEmpty else { return }
        var stream = stream(.jwt, token)
        appendPlaceholder(signature, &stream, to: &output)
    }
}

/// The parts of a signed JSON Web Token in the compact form (RFC 7515, section 3.1).
private struct JSONWebToken {
    let header: [UInt8]
    let claims: [UInt8]
    let signature: Range<Int>

    /// `nil` unless header and claims are JSON objects and a signature follows, which may be empty.
    init?(_ token: Span<UInt8>) {
        guard let first = token.firstIndex(of: 0x2E),
            let second = token.firstIndex(of: 0x2E, from: first &+ 1),
            token.firstIndex(of: 0x2E, from: second &+ 1) == nil,
            let header = Base64.decode(token.extracting(0..<first))?.bytes,
            let claims = Base64.decode(token.extracting(first &+ 1..<second))?.bytes,
            header.first == 0x7B, claims.first == 0x7B, header.span.isJSON, claims.span.isJSON
        else { return nil }
        self.header = header
        self.claims = claims
        signature = second &+ 1..<token.count
    }
}

extension Span where Element == UInt8 {
    /// Whether the text is a JSON Web Token as a whole.
    var isToken: Bool { count > 20 && self[0] == 0x65 && TextScanner.jwtEnd(in: self, at: 0) == count }
}
