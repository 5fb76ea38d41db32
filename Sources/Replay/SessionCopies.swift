/// How the sessions of a trace are cloned, so that there are more users and not the same ones in a hurry.
package struct SessionCopies: Hashable, Sendable {
    /// The highest number of sessions that stand for one.
    package static let maximumCount = 1_000

    /// How many sessions stand for one, itself included; 1 leaves everything as it is.
    package var count: UInt32 = 1
    /// A copy is later than its session by up to so much recorded time, in nanoseconds; the same for all its requests,
    /// so the times between them stay.
    package var spread: Int64 = 10_000_000_000
    /// Where values stand that tell users apart, besides session cookies, bearer tokens and what the session goes by.
    package var identities: [SessionRule.Mark] = []
    /// Whether the copies get identities of their own.
    package var renewsIdentities = true

    package init() {}

    package static let none = SessionCopies()

    /// How much later than its session a copy is, in recorded time.
    func shift(of session: SessionKey, copy: UInt32, seed: UInt64) -> Int64 {
        guard copy > 0, spread > 0 else { return 0 }
        return session.hash(seed: seed, .shift, UInt64(copy)).number(in: 0...spread)
    }
}
