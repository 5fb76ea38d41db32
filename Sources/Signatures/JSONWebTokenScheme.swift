import Bytes
import JSON
import Messages

/// Tokens of `Authorization: Bearer` that are signed with a shared secret (RFC 7515, RFC 7519): HS256, HS384, HS512.
///
/// Only the claims are signed, not the request. A replay moves their times by as much as the request has moved, so a
/// token that was good for another ten minutes is so again.
struct JSONWebTokenScheme: Sendable {
    private static let bearer: StaticString = "bearer "
    /// The claims that are times (RFC 7519, section 4.1; OpenID Connect Core, section 2).
    private static let times = ["exp", "iat", "nbf", "auth_time"]

    /// A token taken apart.
    private struct Token {
        /// What stands before it: `Bearer` as it is spelled, and blanks.
        var scheme: [UInt8]
        var header: [UInt8]
        var claims: [UInt8]
        var signature: [UInt8]

        /// The three parts as they are written; `nil` where there are not three.
        init?(_ value: Span<UInt8>) {
            guard value.count > 7, value.extracting(first: 7).equalsIgnoringCase(JSONWebTokenScheme.bearer)
            else {
                return nil
            }
            let text = Array(value)
            let start = text[7...].firstIndex { $0 != 0x20 } ?? text.endIndex
            let parts = text[start...].split(separator: 0x2E, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            scheme = Array(text[..<start])
            header = Array(parts[0])
            claims = Array(parts[1])
            signature = Array(parts[2])
        }

        var algorithm: SignatureAlgorithm? {
            guard let json = TextCoding.base64URL.decode(header.span),
                let name = JSONPointer("/alg")?.text(in: json.span)
            else { return nil }
            switch String(decoding: name, as: UTF8.self) {
            case "HS256": return .hmacSHA256
            case "HS384": return .hmacSHA384
            case "HS512": return .hmacSHA512
            default: return nil
            }
        }

        /// The claims, where they are a JSON text.
        var claimsText: [UInt8]? {
            guard let json = TextCoding.base64URL.decode(claims.span), json.first == 0x7B else { return nil }
            return json
        }

        /// The signature over header and claims.
        func signed(with key: [UInt8], _ algorithm: SignatureAlgorithm, isWrong: Bool = false) -> [UInt8]? {
            var content = SignedContent(before: header + [0x2E] + claims)
            if isWrong { content.append([0]) }
            return algorithm.authenticationCode(content, key: key, body: Span()).map {
                TextCoding.base64URL.encode($0)
            }
        }
    }

    func recognises(_ value: Span<UInt8>) -> Bool {
        // Every JSON object with a string key begins so in base64.
        guard value.count > 10, value.extracting(first: 7).equalsIgnoringCase(Self.bearer) else {
            return false
        }
        guard value[7] == 0x65, value[8] == 0x79 else { return false }
        return Token(value)?.algorithm != nil
    }

    func verify(_ head: Head, keys: [SignatureKey], at moment: Int64?) -> SignatureState {
        guard let value = head.value(of: "authorization") else { return .missing }
        guard let token = Token(value), let algorithm = token.algorithm else { return .invalid }
        for key in keys {
            guard case .shared(let secret) = key.material,
                token.signed(with: secret, algorithm)?.isEqualInConstantTime(to: token.signature) == true
            else { continue }
            return moment.map { isOutOfTime(token, at: $0) } == true ? .stale : .valid
        }
        return .invalid
    }

    private func isOutOfTime(_ token: Token, at moment: Int64) -> Bool {
        guard let claims = token.claimsText else { return false }
        func seconds(_ name: String) -> Double? {
            JSONPointer("/\(name)")?.text(in: claims.span).flatMap {
                Double(String(decoding: $0, as: UTF8.self))
            }
        }
        let now = Double(moment) / 1e9
        if let expiry = seconds("exp"), expiry <= now { return true }
        // Clocks differ; receivers allow for a minute.
        if let start = seconds("nbf"), start > now + 60 { return true }
        return false
    }

    func isMalformed(_ head: Head) -> Bool {
        guard let value = head.value(of: "authorization") else { return false }
        guard let token = Token(value), let algorithm = token.algorithm else { return true }
        return TextCoding.base64URL.decode(token.signature.span)?.count != algorithm.byteCount
    }

    /// Puts a token with new times and a new signature in the place of the recorded one.
    func sign(
        _ request: inout SignedRequest,
        keys: [SignatureKey],
        _ occasion: SigningOccasion,
        isWrong: Bool
    ) -> Bool {
        let head = request.head
        guard let value = head.value(of: "authorization"), var token = Token(value),
            case .shared(let key)? = keys.first?.material
        else { return false }
        let algorithm: SignatureAlgorithm
        if let known = token.algorithm {
            algorithm = known
        } else {
            algorithm = .hmacSHA256
            token.header = TextCoding.base64URL.encode(#"{"alg":"HS256","typ":"JWT"}"#.utf8)
        }
        token.claims = TextCoding.base64URL.encode(claims(of: token, occasion))
        guard let signature = token.signed(with: key, algorithm, isWrong: isWrong) else { return false }
        let text = token.scheme + token.header + [0x2E] + token.claims + [0x2E] + signature
        request.put(text, at: .header("Authorization"))
        return true
    }

    /// The claims with their times moved; of claims that cannot be read nothing but the times is left, for an hour.
    private func claims(of token: Token, _ occasion: SigningOccasion) -> [UInt8] {
        let now = occasion.now.dividingDown(by: 1_000_000_000)
        guard var claims = token.claimsText, claims.span.isJSON else {
            return Array(#"{"iat":\#(now),"nbf":\#(now),"exp":\#(now + 3_600)}"#.utf8)
        }
        let shift = now - occasion.recorded.dividingDown(by: 1_000_000_000)
        for name in Self.times {
            guard let target = JSONPointer("/\(name)")?.find(in: claims.span), !target.isString else {
                continue
            }
            let spelling = String(decoding: claims[target.range], as: UTF8.self)
            let whole = spelling.prefix { $0 != "." }
            guard let seconds = Int64(whole), seconds.magnitude < 1 << 40 else { continue }
            let moved = String(seconds + shift) + spelling.dropFirst(whole.count)
            claims.replaceSubrange(target.range, with: moved.utf8)
        }
        return claims
    }
}

extension Span where Element == UInt8 {
    /// Whether the text is JSON from its first byte to its last.
    fileprivate var isJSON: Bool {
        var scanner = JSONScanner(self)
        do {
            while try scanner.next() != nil {}
            return true
        } catch {
            return false
        }
    }
}
