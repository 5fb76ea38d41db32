import SeededRandom

/// Clients that behave badly on purpose, some requests out of all; the same seed chooses the same requests.
package struct ClientFaults: Hashable, Sendable {
    package var seed: UInt64 = 1
    /// The share of requests whose answer is read slowly, 0 to 1.
    package var slowReaders = 0.0
    /// How fast such an answer is read.
    package var slowBytesPerSecond = 1_024
    /// For how long it is; then the rest is read at once. Nanoseconds.
    package var slowTime: UInt64 = 10_000_000_000
    /// The share of requests that begin and say no more, 0 to 1.
    package var halfOpen = 0.0
    /// How long such a connection stays open. Nanoseconds.
    package var halfOpenTime: UInt64 = 10_000_000_000
    /// The share of requests with a body whose client leaves in the middle of it, 0 to 1.
    package var abortedBodies = 0.0

    package init() {}

    /// Whether the shares are what they can be: each from 0 to 1, and all together no more than 1.
    package var isValid: Bool {
        let shares = [slowReaders, halfOpen, abortedBodies]
        return shares.allSatisfy { $0 >= 0 && $0 <= 1 } && shares.reduce(0, +) <= 1.000_001
            && slowBytesPerSecond > 0
    }

    /// What befalls a request, if anything does.
    package func fault(exchange: UInt64, loop: UInt32, hasBody: Bool) -> ClientFault? {
        let number = exchange &* SeededGenerator.step &+ UInt64(loop) &* 0xC2B2_AE3D_27D4_EB4F
        let place = SeededGenerator.unit(SeededGenerator.mixed(seed &+ number))
        if place < slowReaders { return .slowReader }
        if place < slowReaders + halfOpen { return .halfOpen }
        if place < slowReaders + halfOpen + abortedBodies { return hasBody ? .abortedBody : nil }
        return nil
    }
}

/// What a client does on purpose.
package enum ClientFault: String, Hashable, Sendable, CaseIterable {
    /// It reads the answer slowly.
    case slowReader = "slow_reader"
    /// It sends half of the head, says no more for a while, and vanishes with a reset.
    case halfOpen = "half_open"
    /// It leaves in the middle of the body.
    case abortedBody = "aborted_body"
}
