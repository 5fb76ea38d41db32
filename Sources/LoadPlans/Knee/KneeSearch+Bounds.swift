package import Replay

extension KneeSearch.Limits {
    /// Why the load of a plan cannot be multiplied as a search does it.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case course
        /// The first multiple, and those that there are.
        case noRoom(from: Double, least: Double, upTo: Double)

        package var description: String {
            switch self {
            case .course:
                "a search for the limit multiplies one 'speed' or 'rate', and neither a course of them nor 'max'"
            case .noRoom(let from, let least, let upTo):
                "a search for the limit begins at \(Self.times(from)), and this load leaves room for multiples from "
                    + "\(Self.times(least)) to \(Self.times(upTo)), since speeds go from "
                    + "\(Self.times(Speed.range.lowerBound)) to \(Self.times(Speed.range.upperBound))"
            }
        }

        private static func times(_ value: Double) -> String {
            let rounded = (value * 1_000).rounded() / 1_000
            return rounded == rounded.rounded() ? "\(Int(rounded))x" : "\(rounded)x"
        }
    }

    /// The limits within what speeds and rates there are, where each of `pacings` is multiplied.
    package func bounded(by pacings: [Pacing]) throws(Refusal) -> KneeSearch.Limits {
        var limits = self
        for pacing in pacings {
            switch pacing {
            case .speed(let speed):
                limits.least = max(limits.least, Speed.range.lowerBound / speed.factor)
                limits.upTo = min(limits.upTo, Speed.range.upperBound / speed.factor)
            case .rate(let rate):
                limits.least = max(limits.least, Rate.range.lowerBound / rate.perSecond)
                limits.upTo = min(limits.upTo, Rate.range.upperBound / rate.perSecond)
            case .speeds, .rates, .maximum: throw .course
            }
        }
        guard limits.from < limits.upTo, limits.from >= limits.least else {
            throw .noRoom(from: limits.from, least: limits.least, upTo: limits.upTo)
        }
        return limits
    }
}

extension LoadPlan {
    /// What a step of the search in a stage has to keep; what is compared with elsewhere is no bound of a step.
    package func kneeCriteria(of stage: Stage) -> [Criterion] {
        (criteria.filter { $0.stages.isEmpty || $0.stages.contains(stage.name) } + stage.criteria)
            .filter { $0.comparison == nil }
    }
}
