/// Which session a request belongs to: a hash of the mark that its rule finds, the same in every run.
///
/// Two sessions of a trace have the same key only by accident, once in 2^64 pairs.
package struct SessionKey: Hashable, Sendable {
    package let value: UInt64

    package init(value: UInt64) {
        self.value = value
    }

    /// Where nobody asks for sessions.
    package static let none = SessionKey(value: 0)

    /// A hash of the session and of what is decided about it.
    func hash(seed: UInt64, _ purpose: Purpose, _ number: UInt64 = 0) -> StableHash {
        var hash = StableHash(seed: seed)
        hash.combine(purpose.rawValue)
        hash.combine(value)
        hash.combine(number)
        return hash
    }

    /// What is decided; each decision is independent of the others.
    enum Purpose: UInt64 {
        case sample = 1
        case shard, shift
    }
}
