package import Packets

/// Says which connections are recorded when not all can be: whole ones, by a keyed hash of their two ends.
///
/// Both directions of a connection have one hash, and the same key gives the same choice in every run. When the share
/// falls, what is followed already goes on; only new connections are left out. When it rises, a connection of which the
/// beginning was left out stays out: until `settling` has passed, what is joined in the middle is held against the
/// lowest share there was.
package struct ConnectionSampling: Sendable {
    /// The secret of the hash, so that nobody chooses ends that are never, or always, recorded.
    package struct Key: Hashable, Sendable {
        package var first: UInt64
        package var second: UInt64

        package init(first: UInt64, second: UInt64) {
            self.first = first
            self.second = second
        }
    }

    private let key: Key
    /// Nanoseconds for which a connection may be silent before it counts as forgotten.
    private let settling: Int64
    /// Hashes up to it are recorded.
    private var threshold = UInt64.max
    private var joinThreshold = UInt64.max
    private var raisedAt = PacketTime.distantPast
    /// Of new connections, from 0 to 1.
    package private(set) var share = 1.0

    package init(key: Key, settling: Int64 = 600_000_000_000) {
        self.key = key
        self.settling = settling
    }

    /// Whether any connection may be left out.
    package var isActive: Bool { threshold < .max || joinThreshold < .max }

    /// Records `share` of the new connections from `time` on.
    package mutating func setShare(_ share: Double, at time: PacketTime) {
        let share = min(1, max(0, share))
        let next = share >= 1 ? UInt64.max : UInt64(share * 0x1p64)
        if next > threshold { raisedAt = time }
        self.share = share
        threshold = next
        joinThreshold = min(joinThreshold, next)
    }

    /// Whether a connection that is not followed yet is to be recorded.
    ///
    /// - Parameter opens: Its first segment is the one at hand; otherwise it would be joined in the middle.
    package mutating func keeps(_ flow: FlowKey, opens: Bool, at time: PacketTime) -> Bool {
        if joinThreshold < threshold, time >= raisedAt.advanced(by: settling) { joinThreshold = threshold }
        let limit = opens ? threshold : min(threshold, joinThreshold)
        return limit == .max || hash(flow) < limit
    }

    /// SipHash-2-4 of the two ends (Aumasson and Bernstein, 2012), in a fixed number of words.
    private func hash(_ flow: FlowKey) -> UInt64 {
        var state = SipState(key)
        for end in [flow.lower, flow.upper] {
            state.mix(end.address.high)
            state.mix(end.address.low)
        }
        let family: UInt64 = flow.lower.address.isIPv4 ? 4 : 6
        state.mix(UInt64(flow.lower.port) << 32 | UInt64(flow.upper.port) << 16 | family)
        return state.finish(bytes: 40)
    }
}

private struct SipState {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64

    init(_ key: ConnectionSampling.Key) {
        v0 = key.first ^ 0x736F_6D65_7073_6575
        v1 = key.second ^ 0x646F_7261_6E64_6F6D
        v2 = key.first ^ 0x6C79_6765_6E65_7261
        v3 = key.second ^ 0x7465_6462_7974_6573
    }

    mutating func mix(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    mutating func finish(bytes: UInt64) -> UInt64 {
        mix(bytes << 56)
        v2 ^= 0xFF
        for _ in 0..<4 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    private mutating func round() {
        v0 &+= v1
        v2 &+= v3
        v1 = (v1 << 13 | v1 >> 51) ^ v0
        v3 = (v3 << 16 | v3 >> 48) ^ v2
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v1
        v0 &+= v3
        v1 = (v1 << 17 | v1 >> 47) ^ v2
        v3 = (v3 << 21 | v3 >> 43) ^ v0
        v2 = v2 << 32 | v2 >> 32
    }
}
