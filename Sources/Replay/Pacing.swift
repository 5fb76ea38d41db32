/// When the requests of a trace are to be sent.
package enum Pacing: Hashable, Sendable {
    /// In the recorded rhythm, so many times as fast.
    case speed(Speed)
    /// In the recorded rhythm, scaled so that the mean is this rate.
    case rate(Rate)
    /// In the recorded rhythm, at speeds that change in the course of the run.
    case speeds(LoadShape<Speed>)
    /// In the recorded rhythm, scaled so that the mean is these rates in the course of the run.
    case rates(LoadShape<Rate>)
    /// Each as soon as its lane is free and a place among the outstanding ones is.
    case maximum

    /// Whether how fast to go depends on how many requests there are.
    package var needsTotals: Bool {
        switch self {
        case .rate, .rates: true
        case .speed, .speeds, .maximum: false
        }
    }

    /// The speed over the run; `totals` are those of what is sent, and `nil` where nothing is.
    package func curve(totals: TraceTotals?) -> SpeedCurve {
        switch self {
        case .speed(let speed): SpeedCurve(constant: speed.factor)
        case .rate(let rate): SpeedCurve(constant: totals?.factor(for: rate) ?? 1)
        case .speeds(let shape): shape.curve(\.factor)
        case .rates(let shape): shape.curve { totals?.factor(for: $0) ?? 1 }
        case .maximum: SpeedCurve(constant: 0)
        }
    }
}

/// In what rhythm requests arrive.
package enum Arrivals: String, Hashable, Sendable, CaseIterable {
    /// As recorded.
    case recorded
    /// At even gaps.
    case uniform
    /// Each independent of the others, as those of many users are: gaps are distributed exponentially.
    case poisson
}

/// What happens when a request is due and its lane still waits for an answer.
package enum LanePolicy: String, Hashable, Sendable, CaseIterable {
    /// Another connection is opened for the lane and counted.
    case overflow
    /// The request waits; the wait is counted as lane wait.
    case strict
}

extension Pacing {
    /// Reads a speed, or a course of speeds.
    package init(speed text: String) throws(UnreadableValue) {
        self = LoadShape<Speed>.isOne(text) ? .speeds(try LoadShape(speeds: text)) : .speed(try Speed(text))
    }

    /// Reads a rate, or a course of rates.
    package init(rate text: String) throws(UnreadableValue) {
        self = LoadShape<Rate>.isOne(text) ? .rates(try LoadShape(rates: text)) : .rate(try Rate(text))
    }
}
