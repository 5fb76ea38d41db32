/// What webhook senders are in the habit of, on top of what was recorded; every choice follows from the seed.
package struct ProviderHabits: Hashable, Sendable {
    /// A share of the deliveries, and how much later they come, in nanoseconds of recorded time.
    package struct Delay: Hashable, Sendable {
        /// From 0 to 1.
        package var share: Double
        package var by: ClosedRange<Int64>

        package init(share: Double, by: ClosedRange<Int64>) {
            self.share = share
            self.by = by
        }
    }

    /// Deliveries that are held back and come all at once.
    package struct Bursts: Hashable, Sendable {
        /// The share of the windows in which that happens.
        package var share: Double
        /// How long a window is, in nanoseconds of recorded time; at least 1.
        package var window: Int64

        package init(share: Double, window: Int64) {
            self.share = share
            self.window = window
        }
    }

    /// Deliveries that come once more, so much after the first.
    package var duplicates: Delay?
    package var late: Delay?
    /// Deliveries that others overtake.
    package var reorder: Delay?
    package var bursts: Bursts?
    package var retries: RetryPolicy?

    package init() {}

    package static let none = ProviderHabits()

    /// Whether anything happens before a request is sent.
    var changesOrder: Bool { duplicates != nil || late != nil || reorder != nil || bursts != nil }

    private enum Purpose: UInt64 {
        case duplicate = 0x100
        case duplicateDelay, late, lateDelay, reorder, reorderDelay, burst
    }

    /// The request in its new place.
    func placed(_ request: ShapedRequest, seed: UInt64) -> ShapedRequest {
        var placed = request
        if let bursts {
            let window = request.offset / bursts.window
            var hash = StableHash(seed: seed)
            hash.combine(Purpose.burst.rawValue)
            hash.combine(UInt64(window))
            if hash.unit < bursts.share {
                placed.offset = (window + 1).multipliedReportingOverflow(by: bursts.window).partialValue
                placed.habits.insert(.burst)
            }
        }
        for (delay, choice, amount, habit) in [
            (reorder, Purpose.reorder, Purpose.reorderDelay, Delivery.Habits.reordered),
            (late, .late, .lateDelay, .late),
        ] {
            guard let time = delay?.time(of: request, seed: seed, choice.rawValue, amount.rawValue) else {
                continue
            }
            placed.offset = placed.offset.addingReportingOverflow(time).partialValue
            placed.habits.insert(habit)
        }
        return placed
    }

    /// The second delivery of a request that has got its place, where it has one.
    func duplicate(of placed: ShapedRequest, seed: UInt64) -> ShapedRequest? {
        guard
            let time = duplicates?.time(
                of: placed,
                seed: seed,
                Purpose.duplicate.rawValue,
                Purpose.duplicateDelay.rawValue
            )
        else { return nil }
        var duplicate = placed
        duplicate.offset = placed.offset.addingReportingOverflow(time).partialValue
        duplicate.habits = .duplicate
        return duplicate
    }
}

extension ProviderHabits.Delay {
    /// How much later a request comes; `nil` where it is not among the share.
    fileprivate func time(
        of request: ShapedRequest,
        seed: UInt64,
        _ choice: UInt64,
        _ amount: UInt64
    ) -> Int64? {
        guard request.hash(seed: seed, choice).unit < share else { return nil }
        return request.hash(seed: seed, amount).number(in: by)
    }
}
