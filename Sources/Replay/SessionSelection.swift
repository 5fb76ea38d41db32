/// Which sessions of a trace a run replays: a share of them, and of those the part of one machine among several.
///
/// A session is chosen by its key and the seed alone, so that the same seed chooses the same sessions on every machine,
/// and the shards of a run are disjoint and make up the whole.
package struct SessionSelection: Hashable, Sendable {
    /// More than 0, up to 1.
    package var sample: Double = 1
    package var shard: Shard = .whole

    package init() {}

    package static let all = SessionSelection()

    /// Whether a session belongs to the sample, on whatever machine.
    func samples(_ session: SessionKey, seed: UInt64) -> Bool {
        sample >= 1 || session.hash(seed: seed, .sample).unit < sample
    }

    /// Whether a session of the sample is replayed by this machine.
    func isHere(_ session: SessionKey, seed: UInt64) -> Bool {
        guard shard.count > 1 else { return true }
        return session.hash(seed: seed, .shard).value % UInt64(shard.count) == UInt64(shard.index - 1)
    }
}

/// One of several parts of a replay, counted from 1.
package struct Shard: Hashable, Sendable, CustomStringConvertible {
    package static let maximumCount = 10_000
    package static let whole = Shard(index: 1, count: 1)

    package let index: Int
    package let count: Int

    private init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }

    /// Reads `2/8` or `2 of 8`.
    package init(_ text: String) throws(UnreadableValue) {
        let parts =
            text.contains("/")
            ? text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            : text.split(separator: " of ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(plainDigits: parts[0].trimmed),
            let count = Int(plainDigits: parts[1].trimmed)
        else { throw UnreadableValue(text: text, kind: "shard", reason: "give one like 2/8 or 2 of 8") }
        guard (1...Self.maximumCount).contains(count), (1...count).contains(index) else {
            throw UnreadableValue(
                text: text,
                kind: "shard",
                reason: "shards are numbered from 1 to their number, \(Self.maximumCount) at most"
            )
        }
        self.init(index: index, count: count)
    }

    package var description: String { "\(index)/\(count)" }
}

/// A part of a whole: more than 0, up to 1.
package struct Share: Hashable, Sendable {
    package let value: Double

    /// Reads `25%` or `0.25`.
    package init(_ text: String) throws(UnreadableValue) {
        let isPercent = text.hasSuffix("%")
        guard let number = Double(plainDecimal: isPercent ? text.dropLast() : Substring(text)) else {
            throw UnreadableValue(text: text, kind: "share", reason: "give one like 25% or 0.25")
        }
        value = isPercent ? number / 100 : number
        guard value > 0, value <= 1 else {
            throw UnreadableValue(text: text, kind: "share", reason: "shares go from more than 0 to 100%")
        }
    }
}

extension Int {
    /// Reads up to 18 digits and nothing else.
    init?(plainDigits text: Substring) {
        guard (1...18).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let value = Int(text)
        else { return nil }
        self = value
    }
}
