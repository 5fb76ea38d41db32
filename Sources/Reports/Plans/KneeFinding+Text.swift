package import LoadPlans

extension KneeFinding {
    /// What was found, a sentence each.
    package var sentences: [String] {
        var sentences: [String] = []
        switch limit {
        case .found(let safe, let breaks) where safe > 0:
            sentences.append(
                "safe up to \(Self.times(safe)) the recorded load; at \(Self.times(breaks)) it breaks"
            )
        case .found(_, let breaks):
            sentences.append("it breaks at \(Self.times(breaks)) the recorded load, and nothing below held")
        case .notFound(let upTo): sentences.append("not found up to \(Self.times(upTo)) the recorded load")
        case .replayer(let limit):
            sentences.append(
                "the replayer was the limit at \(Self.times(limit)) the recorded load; more is not known of the target"
            )
        }
        if let route {
            sentences.append("the first to break is \(route)" + (budget.map { ", by \($0)" } ?? ""))
        }
        if let first = resources.first { sentences.append("what saturates is likely \(first.name)") }
        if let fit, let peak = fit.peak {
            let load = peak.load.isFinite ? " with \(Quantity.digits(peak.load)) requests at once" : ""
            sentences.append(
                "by the universal scalability law the most is \(Quantity.rate(perSecond: peak.throughput))\(load) "
                    + "(σ \(Quantity.fixed(fit.sigma, decimals: 4)), κ \(Quantity.fixed(fit.kappa, decimals: 6)), "
                    + "R² \(Quantity.fixed(fit.determination, decimals: 3)))"
            )
        }
        return sentences
    }

    private static func times(_ multiplier: Double) -> String { "\(Quantity.digits(multiplier))x" }
}

extension PlanRun.Bottleneck {
    /// The likeliest resources of a finding.
    package static func found(by finding: KneeFinding) -> [PlanRun.Bottleneck] {
        finding.resources.prefix(5).map { resource in
            PlanRun.Bottleneck(
                title: "\(resource.name) (\(Quantity.percent(resource.score)) sure)",
                evidence: resource.evidence
            )
        }
    }
}

extension PlanReport {
    static let kneeColumns: [Column] = [
        ("Load", true), ("Offered", true), ("Answered", true), ("By the law", true), ("Residual", true),
        ("Mean response", true), ("Worst route", false), ("Of its bound", true), ("What was observed", false),
    ]

    /// The steps of the search, with what the law says of them.
    var kneeRows: [[String]] {
        guard let knee = run.knee else { return [] }
        return knee.steps.map { step in
            let worst = step.routes.max { $0.use < $1.use }
            let law = knee.fit.map { $0.throughput(at: step.throughput * step.meanResponse) }
            let residual = law.flatMap { step.throughput > 0 ? 1 - $0 / step.throughput : nil }
            return [
                "\(Quantity.digits(step.multiplier))x", Quantity.rate(perSecond: step.offered),
                Quantity.rate(perSecond: step.throughput),
                law.map { Quantity.rate(perSecond: $0) } ?? "–",
                residual.map { ($0 < 0 ? "−" : "") + Quantity.percent($0.magnitude) } ?? "–",
                Quantity.duration(nanoseconds: Int64(min(step.meanResponse * 1e9, 9e18))),
                worst?.name ?? "–", worst.map { Quantity.percent($0.use) } ?? "–", step.folder ?? "–",
            ]
        }
    }
}
