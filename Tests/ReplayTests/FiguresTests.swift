import Messages
import Replay
import SeededRandom
import Testing
import Traces

/// How a run went over time and how its routes fared, with times that exist only here.
@Suite struct FiguresTests {
    private static let millisecond: UInt64 = 1_000_000

    // MARK: Bins

    @Test func everyTimeHasOneBinAndBinsAreWithoutGaps() {
        var next: UInt64 = 0
        for index in 0..<LatencyBins.count {
            let bounds = LatencyBins.bounds(of: index)
            #expect(bounds.lowerBound == next)
            #expect(
                LatencyBins.index(of: bounds.lowerBound) == index || bounds.lowerBound > Latencies.ceiling
            )
            #expect(
                LatencyBins.index(of: bounds.upperBound - 1) == index || bounds.upperBound > Latencies.ceiling
            )
            // Told to within a sixteenth.
            #expect(bounds.count == 1 || bounds.count * 16 <= Int(bounds.lowerBound))
            next = bounds.upperBound
        }
        #expect(next == 1 << 32)
        #expect(LatencyBins.index(of: .max) == LatencyBins.index(of: Latencies.ceiling))
    }

    @Test(
        arguments: [
            // All alike, spread evenly, a few far off, around the edge of exact bins.
            [UInt64](repeating: 1_000, count: 500), Array(1...10_000),
            Array(repeating: 20, count: 990) + Array(repeating: 900_000, count: 10),
            Array(0...40), [7], [3_600_000_000],
        ]
    ) func quantilesAreWithinASixteenth(_ times: [UInt64]) throws {
        var latencies = BinnedLatencies()
        for time in times.shuffled() { latencies.record(microseconds: time) }
        let sorted = times.sorted()
        for share in [0, 0.01, 0.5, 0.9, 0.99, 0.999, 1] {
            let rank = min(sorted.count, max(1, Int((share * Double(sorted.count)).rounded(.up))))
            let exact = Double(sorted[rank - 1])
            let told = Double(try #require(latencies.quantile(share)))
            #expect(abs(told - exact) <= exact / 16 + 1, "\(share) of \(times.count)")
        }
        #expect(latencies.total == UInt64(times.count))
    }

    @Test func nothingHasNoQuantile() {
        #expect(BinnedLatencies().quantile(0.5) == nil)
    }

    // MARK: Over time

    private static func fill(_ timeline: inout Timeline, count: Int, over length: UInt64) -> UInt64 {
        var figures = ReplayFigures(start: 500)
        for index in 0..<count {
            let due = 500 + UInt64(index) * length / UInt64(count)
            figures.note(due: due, sent: index % 10 == 0 ? nil : due + 3 * millisecond)
            figures.note(sendError: UInt64(index % 7) * 1_000, due: due)
            figures.noteAnswer(
                route: 0,
                due: due,
                response: UInt64(1 + index % 50) * millisecond,
                service: millisecond
            )
            figures.noteEnd(
                route: 0,
                due: due,
                outcome: index % 20 == 0 ? .failed(.timeout) : .responded(status: 200),
                bodyBytes: 2
            )
        }
        timeline = figures.timeline
        return UInt64(count)
    }

    /// From a run shorter than one slot to one of weeks.
    @Test(arguments: [1, 40, 11_999, 12_000, 12_001, 60_000, 3_600_000, 2_000_000_000] as [UInt64])
    func doublingKeepsTheSums(_ milliseconds: UInt64) {
        var timeline = Timeline(start: 0)
        let count = Self.fill(&timeline, count: 4_000, over: milliseconds * Self.millisecond)
        #expect(timeline.slots.count <= Timeline.limit)
        #expect(timeline.width % Timeline.leastWidth == 0)
        // Half of the slots at least, once they had to be doubled: not coarser than it needs to be.
        #expect(timeline.width == Timeline.leastWidth || timeline.slots.count > Timeline.limit / 2 - 1)
        #expect(timeline.slots.reduce(0) { $0 + $1.requested } == count)
        #expect(timeline.slots.reduce(0) { $0 + $1.sent } == count - count / 10)
        #expect(timeline.slots.reduce(0) { $0 + $1.failed } == count / 20)
        #expect(timeline.slots.reduce(0) { $0 + $1.timeouts } == count / 20)
        #expect(timeline.slots.reduce(0) { $0 + $1.answered.success } == count - count / 20)
        #expect(timeline.slots.map(\.longest).max() == 50_000)
        for measure in Timeline.Measure.allCases {
            #expect(timeline.distribution(measure).total == count)
            let bySlot = timeline.slots.indices.map { timeline.distribution(measure, in: $0).total }
            #expect(bySlot.reduce(0, +) == count)
        }
    }

    @Test func aSlotHoldsWhatWasDueInIt() {
        var figures = ReplayFigures(start: 0)
        let slot = Timeline.leastWidth
        // Due in the first slot, sent in the third, answered in the ninth.
        figures.note(due: slot / 2, sent: slot * 2)
        figures.noteAnswer(route: 0, due: slot / 2, response: slot * 8, service: slot * 6)
        figures.noteEnd(route: 0, due: slot / 2, outcome: .responded(status: 503), bodyBytes: 0)
        let slots = figures.timeline.slots
        #expect(slots.map(\.requested) == [1, 0, 0] && slots.map(\.sent) == [0, 0, 1])
        #expect(slots[0].answered.serverError == 1 && slots[0].longest == slot * 8 / 1_000)
        #expect(figures.timeline.distribution(.response, in: 0).total == 1)
        #expect(figures.timeline.distribution(.response, in: 2).total == 0)
    }

    @Test func partsOfARunAddUp() {
        var short = Timeline(start: 0)
        var long = Timeline(start: 0)
        _ = Self.fill(&short, count: 500, over: 5_000 * Self.millisecond)
        _ = Self.fill(&long, count: 900, over: 100_000 * Self.millisecond)
        for (one, other) in [(short, long), (long, short)] {
            var sum = one
            sum.add(other)
            #expect(sum.width == long.width && sum.slots.count == long.slots.count)
            #expect(sum.slots.reduce(0) { $0 + $1.requested } == 1_400)
            #expect(sum.distribution(.response).total == 1_400)
        }
    }

    // MARK: Routes

    /// More targets than are remembered, with and without numbers in them, again and again: what is remembered of one
    /// is never taken for another.
    @Test func targetsThatComeAgainKeepTheirRoutes() {
        var figures = ReplayFigures(start: 0)
        var random = SeededGenerator(seed: 3)
        var routes: [String: Int] = [:]
        for _ in 0..<20_000 {
            let method = ["GET", "POST", "PUT"][Int.random(in: 0..<3, using: &random)]
            let number = Int.random(in: 0..<400, using: &random)
            let path = number % 2 == 0 ? "/a\(Self.letters(UInt64(number)))" : "/runs/\(number)"
            let target = number % 3 == 0 ? path + "?page=\(number)" : path
            let place = figures.route(method: method, target: target)
            let name = "\(method) \(RouteTemplate(target: Array(target.utf8).span))"
            #expect(figures.routes.routes[place].name == name)
            #expect(routes[name, default: place] == place)
            routes[name] = place
        }
        #expect(routes.count > 300)
    }

    @Test func routesAreTemplatesAndBounded() throws {
        var book = ReplayFigures(start: 0)
        var source = MemorySource(
            (0..<UInt64(RouteBook.limit) + 50).map { Self.get($0, at: $0, "/\(Self.letters($0))/\($0)") }
        )
        var plan = try ReplayPlan.test()
        plan.keepsFigures = true
        let run = try Simulation.run(plan, &source)
        let figures = try #require(run.summary.figures)
        #expect(figures.routes.routes.count == RouteBook.limit)
        #expect(figures.routes.busiest.first?.name == "(other routes)")
        #expect(figures.routes.busiest.first?.sent == 51)
        #expect(figures.routes.busiest.dropFirst().allSatisfy { $0.sent == 1 && $0.name.hasSuffix("/{id}") })
        book.add(figures)
        book.add(figures)
        #expect(book.routes.routes.count == RouteBook.limit)
        #expect(book.routes.routes.reduce(0) { $0 + $1.sent } == 2 * UInt64(RouteBook.limit + 50))
    }

    /// A number in words of letters, which are no identifiers.
    private static func letters(_ number: UInt64) -> String {
        var (rest, word) = (number, "p")
        repeat {
            word.unicodeScalars.append(Unicode.Scalar(UInt8(97 + rest % 26)))
            rest /= 26
        } while rest > 0
        return word
    }

    private static func get(_ exchange: UInt64, at milliseconds: UInt64, _ target: String) -> RecordedMessage
    {
        .recorded(
            .request,
            exchange,
            on: exchange,
            at: Int64(milliseconds),
            "GET \(target) HTTP/1.1|Host: a.example"
        )
    }

    // MARK: A run

    /// 100 requests a second for 3 s to a target under a path; every tenth fails, those of the second second hang.
    @Test func aRunKeepsItsFigures() throws {
        var source = MemorySource((0..<300).map { Self.get($0, at: $0 * 10, "/runs/\($0)?x=\($0)") })
        var plan = try ReplayPlan.test { $0.target = try ReplayTarget("http://127.0.0.1:9/base") }
        plan.keepsFigures = true
        let run = try Simulation.run(plan, &source) { scheduled in
            let at = scheduled.intended - Simulation.epoch
            let isHung = at >= 1_000 * Self.millisecond && at < 2_000 * Self.millisecond
            return Simulation.Fate(
                delay: isHung ? 500 * Self.millisecond : 2 * Self.millisecond,
                outcome: scheduled.request.exchange % 10 == 0 ? .failed(.reset) : .responded(status: 201)
            )
        }
        let figures = try #require(run.summary.figures)
        #expect(figures.routes.busiest.map(\.name) == ["GET /runs/{id}"])
        let route = try #require(figures.routes.busiest.first)
        #expect(route.sent == 300 && route.failed == 30 && route.answered.success == 270)
        #expect(route.serviceTime.total == 270 && route.longestService == 500_000)
        let timeline = figures.timeline
        #expect(timeline.slots.count == 60 && timeline.slots.allSatisfy { $0.requested == 5 && $0.sent == 5 })
        let hung = (20..<40).map { timeline.distribution(.response, in: $0).quantile(0) ?? 0 }
        #expect(hung.allSatisfy { $0 > 460_000 })
        let well = (Array(0..<20) + Array(40..<60)).map {
            timeline.distribution(.response, in: $0).quantile(1) ?? 0
        }
        #expect(well.allSatisfy { $0 < 2_200 })
        #expect(timeline.slots.map(\.peakInFlight).max() ?? 0 >= 50)
    }

    @Test func nobodyWhoDidNotAskHasFigures() throws {
        var source = MemorySource([.get(0)])
        #expect(try Simulation.run(try .test(), &source).summary.figures == nil)
    }

    /// What is due and never sent was asked for all the same.
    @Test func whatIsNotSentWasAskedFor() throws {
        var source = MemorySource((0..<10).map { .get($0, on: 0, at: Int64($0) * 100) })
        var plan = try ReplayPlan.test()
        plan.keepsFigures = true
        plan.lanes = .strict
        let run = try Simulation.run(plan, &source, interrupts: [450, 460]) { _ in
            Simulation.Fate(delay: 10_000 * Self.millisecond, outcome: .responded(status: 200))
        }
        let slots = try #require(run.summary.figures).timeline.slots
        #expect(slots.reduce(0) { $0 + $1.requested } == 5)
        #expect(slots.reduce(0) { $0 + $1.sent } == 1)
        #expect(slots.reduce(0) { $0 + $1.aborted } == 1)
    }
}
