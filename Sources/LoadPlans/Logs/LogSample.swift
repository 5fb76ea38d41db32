import Replay

/// Which lines came in which stream of which run, for a part of the runs that is chosen by a hash of their names.
///
/// The memory is bounded: where more than ``limit`` lines are kept, half of the runs are left out.
struct LogSample: Sendable {
    struct Key: Hashable, Sendable {
        var stream: Int
        /// Empty where a line does not say whose it is.
        var run: String
    }

    /// Lines kept, eight bytes each.
    static let limit = 4_000_000

    private(set) var lines: [Key: [UInt64]] = [:]
    private var count = 0
    private let seed: UInt64
    /// Runs whose hash is up to this are kept.
    private(set) var threshold: UInt64

    init(share: Double, seed: UInt64) {
        self.seed = seed
        threshold = share >= 1 ? .max : UInt64(share * 0x1p64)
    }

    /// The share of the runs that is left.
    var share: Double { Double(threshold) / 0x1p64 }

    func hash(_ run: String) -> UInt64 {
        var hash = StableHash(seed: seed)
        hash.combine(Array(run.utf8).span)
        return hash.value
    }

    func includes(_ run: String) -> Bool { threshold == .max || run.isEmpty || hash(run) <= threshold }

    mutating func append(_ line: UInt64, of run: String, in stream: Int) {
        guard includes(run) else { return }
        lines[Key(stream: stream, run: run), default: []].append(line)
        count += 1
        if count > Self.limit { halve() }
    }

    private mutating func halve() {
        threshold /= 2
        lines = lines.filter { $0.key.run.isEmpty ? threshold > .max / 8 : hash($0.key.run) <= threshold }
        count = lines.values.reduce(0) { $0 + $1.count }
    }
}
