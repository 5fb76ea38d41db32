/// How the load changes in the course of a run: legs one after the other, the last level of which goes on.
package struct LoadShape<Level: Hashable & Sendable>: Hashable, Sendable {
    package struct Leg: Hashable, Sendable {
        package var from: Level
        /// The same as `from` where the leg is a step.
        package var to: Level
        /// In nanoseconds of the run, at least 1.
        package var duration: UInt64

        package init(from: Level, to: Level, duration: UInt64) {
            self.from = from
            self.to = to
            self.duration = duration
        }
    }

    /// At least one.
    package let legs: [Leg]
    /// As it was given.
    package let text: String

    /// Reads legs separated by commas: a ramp `A..B over 5m` or a step `A for 30s`.
    ///
    /// `read` makes a level of its text; its error is passed on.
    package init(
        _ text: String,
        kind: String,
        example: String,
        read: (String) throws(UnreadableValue) -> Level
    ) throws(UnreadableValue) {
        var legs: [Leg] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let leg = part.trimmed
            let isRamp = leg.contains("..")
            let halves = leg.splitOnce(isRamp ? " over " : " for ")
            guard let (levels, time) = halves, let duration = RunTime(time), duration.nanoseconds > 0 else {
                throw UnreadableValue(text: text, kind: kind, reason: "give legs like \(example)")
            }
            guard isRamp, let (from, to) = levels.splitOnce("..") else {
                let level = try read(String(levels.trimmed))
                legs.append(Leg(from: level, to: level, duration: duration.nanoseconds))
                continue
            }
            legs.append(
                Leg(
                    from: try read(String(from.trimmed)),
                    to: try read(String(to.trimmed)),
                    duration: duration.nanoseconds
                )
            )
        }
        self.legs = legs
        self.text = text
    }

    /// Whether a text is one, and not a level alone.
    package static func isOne(_ text: String) -> Bool {
        text.contains("..") || text.contains(" for ") || text.contains(",")
    }

    /// The legs with what each level is as a multiple of the recorded speed.
    func curve(_ factor: (Level) -> Double) -> SpeedCurve {
        SpeedCurve(legs.map { (factor($0.from), factor($0.to), Double($0.duration)) })
    }
}

extension LoadShape where Level == Speed {
    /// Reads `1x..10x over 5m` or `1x for 1m, 2x for 1m, 5x for 30s`.
    package init(speeds text: String) throws(UnreadableValue) {
        try self.init(text, kind: "course of speeds", example: "1x..10x over 5m or 2x for 1m") {
            text throws(UnreadableValue) in try Speed(text)
        }
    }
}

extension LoadShape where Level == Rate {
    /// Reads `100/s..1000/s over 5m` or `100/s for 1m, 500/s for 30s`.
    package init(rates text: String) throws(UnreadableValue) {
        try self.init(text, kind: "course of rates", example: "100/s..1000/s over 5m or 500/s for 1m") {
            text throws(UnreadableValue) in try Rate(text)
        }
    }
}

/// A length of time in a plan: `250ms`, `10s`, `1h30m`.
package struct RunTime: Hashable, Sendable {
    package let nanoseconds: UInt64

    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    init?(_ text: Substring) {
        guard let value = TraceMoment.offset(text.trimmed) else { return nil }
        nanoseconds = UInt64(value)
    }

    package init(_ text: String) throws(UnreadableValue) {
        guard let value = RunTime(Substring(text)) else {
            throw UnreadableValue(text: text, kind: "duration", reason: "give one like 250ms, 10s or 1h30m")
        }
        self = value
    }

    /// Reads `1s..5s`, or `5s` for from nothing up to it.
    package static func range(_ text: String) throws(UnreadableValue) -> ClosedRange<Int64> {
        guard let (low, high) = Substring(text).splitOnce("..") else {
            return 0...Int64(clamping: try RunTime(text).nanoseconds)
        }
        guard let from = RunTime(low), let to = RunTime(high), from.nanoseconds <= to.nanoseconds else {
            throw UnreadableValue(text: text, kind: "range of durations", reason: "give one like 1s..5s")
        }
        return Int64(clamping: from.nanoseconds)...Int64(clamping: to.nanoseconds)
    }
}

extension Substring {
    /// What stands before and behind the first place of a separator; `nil` where it is not there.
    func splitOnce(_ separator: String) -> (Substring, Substring)? {
        guard let range = firstRange(of: separator) else { return nil }
        return (self[..<range.lowerBound], self[range.upperBound...])
    }
}
