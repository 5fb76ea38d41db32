import Crypto

extension PseudonymKey {
    /// Two words that depend on the key and tell nothing of it: the first 16 bytes of HMAC-SHA256 of a label.
    package func words(for label: String) -> (first: UInt64, second: UInt64) {
        var mac = HMAC<SHA256>(key: SymmetricKey(data: bytes))
        mac.update(data: Array("tapedeck \(label)".utf8))
        var words: [UInt64] = [0, 0]
        for (index, byte) in mac.finalize().prefix(16).enumerated() {
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
        }
        return (words[0], words[1])
    }
}
