import Crypto
import Foundation

/// The HS256 tokens that readers show (RFC 7515, RFC 7519).
package struct WebToken: Sendable {
    /// What a token says.
    package struct Claims: Codable, Sendable, Equatable {
        package var sub: String
        package var project_id: String
        /// Seconds since 1970.
        package var exp: Int64

        package init(sub: String, project: String, expires: Int64) {
            self.sub = sub
            project_id = project
            exp = expires
        }
    }

    private struct Header: Codable {
        var alg: String
    }

    private let key: SymmetricKey

    /// The key is a function of the seed, and guards nothing but a stand-in.
    package init(seed: UInt64) {
        key = SymmetricKey(data: SHA256.hash(data: Array("mesh web token key \(seed)".utf8)))
    }

    package func sign(_ claims: Claims) -> String {
        let body = (try? JSONEncoder().encode(claims)) ?? Data()
        let signed = Self.encode(#"{"alg":"HS256","typ":"JWT"}"#.utf8) + "." + Self.encode(body)
        let code = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key)
        return signed + "." + Self.encode(code)
    }

    /// What a token says, if it was signed with the key and has not expired at `now`, in seconds since 1970.
    package func claims(of token: some StringProtocol, now: Int64) -> Claims? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.decode(parts[0]), let body = Self.decode(parts[1]),
            let code = Self.decode(parts[2]),
            // Only this algorithm: a token that names another one, or none, says nothing.
            let named = try? JSONDecoder().decode(Header.self, from: header), named.alg == "HS256",
            HMAC<SHA256>.isValidAuthenticationCode(
                code,
                authenticating: Array("\(parts[0]).\(parts[1])".utf8),
                using: key
            ),
            let claims = try? JSONDecoder().decode(Claims.self, from: body), claims.exp > now
        else { return nil }
        return claims
    }

    /// RFC 4648, section 5, without padding.
    private static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    private static func decode(_ text: some StringProtocol) -> Data? {
        guard !text.contains(where: { $0 == "+" || $0 == "/" || $0 == "=" }) else { return nil }
        let plain = String(text).replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
    }
}
