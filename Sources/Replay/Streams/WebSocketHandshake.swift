import Bytes
import Messages
import Signatures

/// What makes a recorded handshake a new one (RFC 6455, section 4.1).
package struct WebSocketHandshake: Sendable {
    private let seed: UInt64

    package init(seed: UInt64) {
        self.seed = seed
    }

    init(_ plan: ReplayPlan) {
        seed = Array(plan.run.utf8).span.number()
    }

    /// A key of an exchange's own, in base64; the recorded one may have been anonymized to something that is none.
    package func key(for exchange: UInt64) -> [UInt8] {
        var keys = MaskingKeys(seed: seed ^ exchange &* 0x9E37_79B9_7F4A_7C15)
        var nonce: [UInt8] = []
        for _ in 0..<4 { nonce.appendLittleEndian(keys.next()) }
        return TextCoding.base64.encode(nonce)
    }
}
