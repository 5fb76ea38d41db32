import LoadPlans
import Messages
import Replay
import Testing

/// The search for the limit, on a service whose limit is known.
@Suite struct KneeTests {
    private static let budgets = ["p95 <= 500ms", "overhead p95 <= 1s", "success >= 99.9%"]

    private static func find(
        _ bottleneck: SimulatedService.Bottleneck,
        seed: UInt64,
        limits: KneeSearch.Limits = KneeSearch.Limits()
    ) throws -> (finding: KneeFinding, service: SimulatedService) {
        var service = SimulatedService(bottleneck, seed: seed)
        let measure = StepMeasure(
            try budgets.map { try Criterion($0) },
            executions: try RoutePattern("POST /hooks/{id}")
        )
        var search = KneeSearch(limits: limits)
        var names: Set<String> = []
        while case .run(let multiplier, let seconds) = search.next() {
            let (record, resources) = service.run(multiplier: multiplier, seconds: seconds)
            names.formUnion(resources.keys)
            search.take(
                measure.step(
                    record,
                    multiplier: multiplier,
                    offered: service.rate * multiplier,
                    resources: resources
                )
            )
        }
        let resources = MeasuredResource.found(in: Array(names))
        return (KneeFinding(search, resources: resources), service)
    }

    /// Seeds by which the search was made, and others that nobody has looked at; steps as long as usual, and so short that a
    /// line has no time to become long.
    private static let occasions: [(seeds: ClosedRange<UInt64>, seconds: Double)] = [
        (1...10, 10), (7_001...7_010, 10), (314_159...314_168, 4),
    ]

    /// Ten runs each: the planted route and resource named first in nine of them, the multiplier within 15 %.
    @Test(arguments: SimulatedService.Bottleneck.allCases, occasions)
    func thePlantedBottleneckIsNamed(
        _ bottleneck: SimulatedService.Bottleneck,
        _ occasion: (seeds: ClosedRange<UInt64>, seconds: Double)
    ) throws {
        var named = 0
        var limits = KneeSearch.Limits()
        limits.seconds = occasion.seconds
        for seed in occasion.seeds {
            let (finding, service) = try Self.find(bottleneck, seed: seed, limits: limits)
            guard case .found(let safe, let breaks) = finding.limit else {
                Issue.record("\(bottleneck), seed \(seed): \(finding.limit)")
                continue
            }
            #expect(
                (safe / service.limit - 1).magnitude <= 0.15,
                "\(bottleneck), seed \(seed): \(safe) of \(service.limit)"
            )
            #expect(safe < breaks && breaks / safe < 1.15)
            let first = finding.resources.first
            if finding.route == service.expected.route, finding.budget == service.expected.budget,
                first?.name == service.expected.resource
            {
                named += 1
            } else {
                print(
                    "\(bottleneck) seed \(seed): \(finding.route ?? "none"), \(finding.resources.prefix(3))"
                )
            }
            #expect(first?.evidence.isEmpty == false)
        }
        #expect(named >= 9, "\(bottleneck): named in \(named) of 10")
    }

    @Test func whatDoesNotBreakIsNotFound() {
        var search = KneeSearch()
        var multipliers: [Double] = []
        while case .run(let multiplier, _) = search.next() {
            multipliers.append(multiplier)
            search.take(Self.step(multiplier, use: 0.1))
        }
        #expect(search.finding == .notFound(upTo: 64))
        #expect(multipliers.first == 1 && multipliers.last == 64 && multipliers == multipliers.sorted())
        #expect(KneeFinding(search, resources: []).route == nil)
    }

    /// Beyond what the replayer can send nothing is known.
    @Test func theReplayerAsTheLimitIsTold() {
        var search = KneeSearch()
        while case .run(let multiplier, _) = search.next() {
            var step = Self.step(multiplier, use: multiplier > 10 ? 3 : 0.1)
            step.isReplayerBound = multiplier > 5
            search.take(step)
        }
        guard case .replayer(let limit) = search.finding else {
            Issue.record("\(search.finding)")
            return
        }
        #expect(limit > 5 && limit < 10)
    }

    /// What held for short and could not be sent for longer is not known to hold, and whether it breaks is not known either.
    @Test(arguments: [false, true])
    func theReplayerAsTheLimitOfWhatIsSeenForLonger(_ breaks: Bool) {
        let limits = KneeSearch.Limits()
        var search = KneeSearch(limits: limits)
        while case .run(let multiplier, let seconds) = search.next() {
            let isConfirmation = seconds > limits.seconds
            var step = Self.step(multiplier, use: multiplier > 5 || breaks && isConfirmation ? 3 : 0.1)
            step.isReplayerBound = isConfirmation
            search.take(step)
        }
        guard case .replayer(let limit) = search.finding else {
            Issue.record("\(search.finding)")
            return
        }
        #expect(limit <= 5)
        #expect(search.steps.contains { $0.isReplayerBound && $0.multiplier == limit })
    }

    @Test func whatBreaksAtOnceHasNoSafeLoadAbove() {
        var search = KneeSearch()
        while case .run(let multiplier, _) = search.next() {
            search.take(Self.step(multiplier, use: multiplier * 2))
        }
        guard case .found(let safe, let breaks) = search.finding else {
            Issue.record("\(search.finding)")
            return
        }
        #expect(safe <= 0.5 && breaks > 0.5 && breaks / safe < 1.07)
    }

    /// A step whose interval holds both sides is run again, for longer, and not without end.
    @Test func aStepInDoubtIsRepeated() {
        var search = KneeSearch()
        var asked: [KneeSearch.Ask] = []
        for _ in 0..<3 {
            asked.append(search.next())
            search.take(Self.step(1, use: 0.99, uncertainty: 0.05))
        }
        #expect(
            asked == [
                .run(multiplier: 1, seconds: 10), .run(multiplier: 1, seconds: 20),
                .run(multiplier: 1, seconds: 30),
            ]
        )
        #expect(search.next() == .run(multiplier: 1.5, seconds: 10) && search.steps.count == 1)
    }

    @Test func aSearchEnds() {
        var search = KneeSearch()
        var count = 0
        // Holds and breaks at random.
        while case .run(let multiplier, _) = search.next(), count < 1_000 {
            count += 1
            search.take(Self.step(multiplier, use: count % 3 == 0 ? 2 : 0.5))
        }
        #expect(count <= search.limits.steps)
    }

    /// What a dry run says of a search is what no search goes beyond: every step is in doubt, and each so many breaks.
    @Test(arguments: [1, 2, 3, 5] as [Int])
    func noStepIsLongerThanTheLongest(_ divisor: Int) {
        var limits = KneeSearch.Limits()
        limits.seconds = 4
        var search = KneeSearch(limits: limits)
        var lengths: [Double] = []
        while case .run(let multiplier, let seconds) = search.next() {
            lengths.append(seconds)
            let use = lengths.count % divisor == 0 ? 1.01 : 0.99
            search.take(Self.step(multiplier, use: use, uncertainty: 0.05))
        }
        #expect(lengths.count <= limits.steps)
        #expect(lengths.allSatisfy { (limits.seconds...limits.longestStep).contains($0) })
    }

    /// Loads that are multiplied, the first multiple and the highest, and why they are refused or where the search ends.
    @Test(
        arguments: [
            ([], 1, 64, "1 to 64"),
            (["1x"], 1, 64, "1 to 64"),
            // Speeds go up to 100x; of several the one that has least room counts.
            (["10x"], 1, 64, "1 to 10"),
            (["10x", "50x"], 1, 64, "1 to 2"),
            (["100000/s"], 2, 16, "2 to 10"),
            // Nothing below the slowest speed, nothing above the highest rate.
            (["0.1x"], 0.5, 4, "begins at 0.5x, and this load leaves room for multiples from 1x to 4x"),
            (
                ["900000/s"], 2, 16,
                "begins at 2x, and this load leaves room for multiples from 0.016x to 1.111x"
            ),
            (["1x..2x over 5s"], 1, 64, "neither a course of them nor 'max'"),
            (["10/s..20/s over 5s"], 1, 64, "neither a course of them nor 'max'"),
            (["1x", "max"], 1, 64, "neither a course of them nor 'max'"),
        ] as [([String], Double, Double, String)]
    )
    func aSearchStaysWithinSpeedsAndRates(
        _ loads: [String],
        _ from: Double,
        _ upTo: Double,
        _ expected: String
    ) throws {
        let pacings = try loads.map { load -> Pacing in
            if load == "max" { return .maximum }
            return load.contains("/") ? try Pacing(rate: load) : try Pacing(speed: load)
        }
        var limits = KneeSearch.Limits()
        (limits.from, limits.upTo) = (from, upTo)
        let found: String
        do throws(KneeSearch.Limits.Refusal) {
            let bounded = try limits.bounded(by: pacings)
            found = "\(Int(bounded.from)) to \(Int(bounded.upTo))"
        } catch {
            found = error.description
        }
        #expect(found.contains(expected), "\(found)")
    }

    private static func step(_ multiplier: Double, use: Double, uncertainty: Double = 0) -> KneeStep {
        var step = KneeStep(
            multiplier: multiplier,
            offered: multiplier,
            throughput: multiplier,
            meanResponse: 0.01
        )
        step.routes = [
            KneeStep.Route(name: "GET /", use: use, uncertainty: uncertainty, errors: 0, median: 0.01)
        ]
        return step
    }

    /// Points of a law are fitted by that law.
    @Test(arguments: [(100.0, 0.0, 0.0), (100, 0.1, 0), (50, 0.05, 0.001), (1_000, 0.3, 0.01)])
    func aLawIsFoundAgain(_ lambda: Double, _ sigma: Double, _ kappa: Double) throws {
        let steps = [1.0, 2, 4, 8, 12, 16, 24, 32].map { load in
            let throughput = lambda * load / (1 + sigma * (load - 1) + kappa * load * (load - 1))
            return KneeStep(
                multiplier: load,
                offered: throughput,
                throughput: throughput,
                meanResponse: load / throughput
            )
        }
        let fit = try #require(ScalabilityFit(steps))
        #expect((fit.lambda / lambda - 1).magnitude < 0.02)
        #expect((fit.sigma - sigma).magnitude < 0.01 && (fit.kappa - kappa).magnitude < 0.001)
        #expect(fit.residuals.count == steps.count && fit.residuals.allSatisfy { $0.magnitude < 0.01 })
        #expect(fit.determination > 0.99 || sigma > 0.2)
        #expect(ScalabilityFit(Array(steps.prefix(2))) == nil)
    }

    /// Of what was observed in a step the series of resources are enough.
    @Test(arguments: SimulatedService.Bottleneck.allCases)
    func theSeriesOfResourcesAreAllThatTellsOfThem(_ bottleneck: SimulatedService.Bottleneck) throws {
        var service = SimulatedService(bottleneck, seed: 11)
        let measure = StepMeasure(try Self.budgets.map { try Criterion($0) })
        var whole: [KneeStep] = []
        var few: [KneeStep] = []
        for load in [0.25, 0.5, 1, 1.5] {
            let multiplier = service.limit * load
            var (record, resources) = service.run(multiplier: multiplier, seconds: 10)
            resources["mesh_runs_running"] = load
            let found = MeasuredResource.found(in: Array(resources.keys))
            whole.append(
                measure.step(record, multiplier: multiplier, offered: multiplier, resources: resources)
            )
            let series = Set(found.flatMap(\.series))
            #expect(!series.contains("mesh_runs_running"))
            resources = resources.filter { series.contains($0.key) }
            few.append(
                measure.step(record, multiplier: multiplier, offered: multiplier, resources: resources)
            )
        }
        let found = MeasuredResource.found(in: Array(few[0].resources.keys))
        let ranked = Saturation.ranked(found, over: few)
        #expect(!ranked.isEmpty && ranked == Saturation.ranked(found, over: whole))
    }

    /// How much of each is in use from the lowest load to where it breaks, and what is named first.
    private static let busyElsewhere: [(uses: [String: ClosedRange<Double>], first: String)] = [
        (
            ["mesh_loop_busy_seconds_per_second": 0.38...0.99, "machine_busy_share": 0.29...1],
            "processor time of mesh_loop"
        ),
        (["mesh_pool_in_use": 1...10, "mesh_pool_size": 10...10], "mesh_runs"),
        (["machine_busy_share": 1...1], "mesh_runs"),
    ]

    /// Another program takes of the machine while the load rises: nobody holds processor time, so that what waits is not what
    /// the processors grew by. A pool that is held for longer is a victim of what its holders wait for. What was as busy before
    /// the load came is not what gives way.
    @Test(arguments: busyElsewhere)
    func whatIsBusyWithOtherThingsIsNotNamed(_ uses: [String: ClosedRange<Double>], _ first: String) {
        var (low, high) = (Self.step(1, use: 0.1), Self.step(2.76, use: 2))
        (low.throughput, high.throughput) = (20, 52)
        (low.meanResponse, high.meanResponse) = (0.02, 0.27)
        low.resources = uses.mapValues(\.lowerBound)
        high.resources = uses.mapValues(\.upperBound)
        low.resources["mesh_runs_waiting"] = 0
        high.resources["mesh_runs_waiting"] = 5
        let found = MeasuredResource.found(in: Array(high.resources.keys))
        #expect(Saturation.ranked(found, over: [low, high]).first?.name == first)
    }

    @Test func resourcesAreToldByTheirNames() {
        let found = MeasuredResource.found(in: [
            "mesh_pool_in_use", "mesh_pool_size", "mesh_pool_waiting", "mesh_pool_wait_seconds_mean",
            "mesh_worker_busy_ratio",
            "mesh_queue_depth", "process_cpu_share{process=\"mesh-target\"}",
            "mesh_dependency_wait_seconds_per_second",
            "mesh_runs_running", "mesh_database_sessions{wait=\"Lock\"}",
            "mesh_database_sessions{wait=\"Client\"}",
            "mesh_route_busy_seconds_per_second{route=\"/a\"}",
        ])
        #expect(
            found.map(\.name) == [
                "locks of mesh_database", "mesh_dependency", "mesh_pool", "mesh_worker",
                "processor time of mesh_route{route=\"/a\"}", "processors of mesh-target",
            ]
        )
        let pool = found[2]
        #expect(pool.limit == .series("mesh_pool_size") && pool.waits.count == 2)
        #expect(found[3].waits == [.waiting("mesh_queue_depth")])
    }
}
