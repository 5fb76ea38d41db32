import Crypto

extension RuleSet {
    /// The first eight bytes of the SHA-256 of a rule set's file, in hexadecimal.
    package static func fingerprint(of file: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in SHA256.hash(data: file).prefix(8) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
