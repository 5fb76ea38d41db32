import SeededRandom

/// Secrets of well-known shapes, made up from a seed.
enum Credential {
    static func text(_ length: Int, using generator: inout SeededGenerator) -> String {
        String(decoding: (0..<length).map { _ in generator.pick(letters) }, as: UTF8.self)
    }

    static func hex(_ length: Int, using generator: inout SeededGenerator) -> String {
        (0..<length).map { _ in String(generator.below(16), radix: 16) }.joined()
    }

    /// A random UUID (RFC 9562, section 5.4).
    static func uuid(using generator: inout SeededGenerator) -> String {
        let groups = [8, 4, 3, 3, 12].map { hex($0, using: &generator) }
        let variant = String(8 + generator.below(4), radix: 16)
        return "\(groups[0])-\(groups[1])-4\(groups[2])-\(variant)\(groups[3])-\(groups[4])"
    }

    /// A key in the shape of one of the services whose keys scanners know.
    static func apiKey(using generator: inout SeededGenerator) -> String {
        switch generator.below(3) {
        case 0: "ghp_" + text(36, using: &generator)
        case 1: "sk_live_" + text(24, using: &generator)
        default: "AKIA" + text(16, using: &generator).uppercased()
        }
    }

    /// A JSON web token of `subject` (RFC 7519); its signature is made up too.
    static func webToken(subject: String, using generator: inout SeededGenerator) -> String {
        let head = base64URL(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
        let claims = base64URL(Array(#"{"sub":"\#(subject)","exp":1893456000}"#.utf8))
        return "\(head).\(claims).\(text(43, using: &generator))"
    }

    /// RFC 4648, section 5, without padding.
    static func base64URL(_ bytes: [UInt8]) -> String {
        var encoded: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word = group.reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
            word <<= 8 * UInt32(3 - group.count)
            for place in 0...group.count {
                encoded.append(base64Digits[Int(word >> (18 - 6 * UInt32(place)) & 63)])
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let base64Digits = letters + Array("-_".utf8)
}
