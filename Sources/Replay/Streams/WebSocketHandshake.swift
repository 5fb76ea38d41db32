import Bytes
import Messages
import Signatures

/// What makes a recorded handshake a new one (RFC 6455, section 4.1).
struct WebSocketHandshake: Sendable {
    private let seed: UInt64

    /// `nil` where the transport of the plan cannot carry WebSocket.
    init?(_ plan: ReplayPlan) {
        guard plan.transport.resolved(for: plan.target.scheme) == .wire else { return nil }
        seed = Array(plan.run.utf8).span.number()
    }

    /// A key of an exchange's own, in base64; the recorded one may have been anonymized to something that is none.
    func key(for exchange: UInt64) -> [UInt8] {
        var keys = MaskingKeys(seed: seed ^ exchange &* 0x9E37_79B9_7F4A_7C15)
        var nonce: [UInt8] = []
        for _ in 0..<4 { nonce.appendLittleEndian(keys.next()) }
        return TextCoding.base64.encode(nonce)
    }
}
