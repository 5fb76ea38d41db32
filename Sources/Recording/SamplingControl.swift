/// Decides how large a share of new connections a recorder can afford, before anything is lost at random.
///
/// It is fed what the recorder takes of the machine. Past a mark the share is halved, once a step; when everything has
/// been well below its mark for a while, it is doubled again. Time is that of a clock that only goes forward.
package struct SamplingControl: Sendable {
    package struct Limits: Hashable, Sendable {
        /// The largest share, which is what is recorded while all is well.
        package var share = 1.0
        /// Share of one processor, so that 2 is two of them; `nil` where it does not matter.
        package var cpu: Double?
        /// Resident bytes; `nil` where they do not matter.
        package var memory: UInt64?
        /// Share of the capture ring that may wait to be read.
        package var ring = 0.25

        package init() {}
    }

    package struct Load: Hashable, Sendable {
        package var cpu: Double
        package var memory: UInt64
        package var ring: Double

        package init(cpu: Double, memory: UInt64, ring: Double) {
            self.cpu = cpu
            self.memory = memory
            self.ring = ring
        }
    }

    /// Why the share was changed.
    package enum Cause: String, Hashable, Sendable {
        case cpu = "processor"
        case memory
        case ring = "capture ring"
        case calm
    }

    package struct Change: Hashable, Sendable {
        package var share: Double
        package var cause: Cause
    }

    /// The share falls no lower: so much is always recorded.
    package static let leastShare = 1.0 / 1_024
    /// Nanoseconds between two steps down; a step takes effect as connections begin.
    package static let stepInterval: UInt64 = 1_000_000_000
    /// Nanoseconds of calm before a step up.
    package static let calmInterval: UInt64 = 10_000_000_000
    /// Below this part of a mark all is calm.
    package static let calmPart = 0.6

    private let limits: Limits
    private var share: Double
    private var lastStep: UInt64?
    private var calmSince: UInt64?

    package init(_ limits: Limits) {
        self.limits = limits
        share = limits.share
    }

    /// Takes what the recorder uses now; a new share when it is to be changed.
    package mutating func adjust(_ load: Load, at time: UInt64) -> Change? {
        let (pressure, cause) = pressure(of: load)
        if pressure < Self.calmPart {
            let since = calmSince ?? time
            calmSince = since
            guard share < limits.share, time - since >= Self.calmInterval else { return nil }
            calmSince = time
            return change(to: min(limits.share, share * 2), .calm, at: time)
        }
        calmSince = nil
        guard pressure >= 1, share > Self.leastShare,
            time - (lastStep ?? 0) >= Self.stepInterval || lastStep == nil
        else {
            return nil
        }
        return change(to: max(Self.leastShare, share / 2), cause, at: time)
    }

    private mutating func change(to share: Double, _ cause: Cause, at time: UInt64) -> Change {
        self.share = share
        lastStep = time
        return Change(share: share, cause: cause)
    }

    /// The largest part of a mark, and whose it is.
    private func pressure(of load: Load) -> (Double, Cause) {
        var worst = (load.ring / limits.ring, Cause.ring)
        if let cpu = limits.cpu, load.cpu / cpu > worst.0 { worst = (load.cpu / cpu, .cpu) }
        if let memory = limits.memory {
            let part = Double(load.memory) / Double(memory)
            if part > worst.0 { worst = (part, .memory) }
        }
        return worst
    }
}
