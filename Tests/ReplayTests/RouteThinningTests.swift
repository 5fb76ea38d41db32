import Messages
import Replay
import Testing
import Traces

/// A part of a trace with the mix of the whole.
@Suite struct RouteThinningTests {
    /// Three routes, the third of them rare, in an order that goes with the share.
    private static let trace = (0..<600).map { index in
        let path = index % 20 == 7 ? "/rare" : index % 2 == 0 ? "/even/\(index)" : "/odd"
        return RecordedMessage.recorded(
            .request,
            UInt64(index),
            at: Int64(index * 10),
            "GET \(path) HTTP/1.1|Host: a"
        )
    }

    /// What passes, by the start of its path, and the last moment.
    private func passing(_ share: Double, loops: UInt32 = 1) throws -> (paths: [String: Int], last: Int64) {
        var plan = try ReplayPlan.test()
        plan.thinning = share
        plan.loops = loops
        var source = MemorySource(Self.trace)
        let totals = try TraceSurvey(of: &source, plan: plan).totals
        var feed = RequestFeed(plan: plan, schedule: Schedule(start: 0, factor: 1))
        var paths: [String: Int] = [:]
        var count: UInt64 = 0
        var last: Int64 = 0
        while case .request(let scheduled)? = try feed.next(from: &source) {
            count += 1
            let place = Int(scheduled.request.exchange)
            last = Int64(place * 10)
            paths[place % 20 == 7 ? "rare" : place % 2 == 0 ? "even" : "odd", default: 0] += 1
        }
        // What is surveyed beforehand is what comes.
        #expect(totals?.requests == count / UInt64(loops))
        return (paths, last)
    }

    @Test(arguments: [0.5, 0.25, 0.1, 1.0 / 3])
    func thePartHasTheMixOfTheWhole(_ share: Double) throws {
        let (paths, last) = try passing(share)
        // Within one of what is due to each.
        for (route, count) in ["even": 300.0, "odd": 270, "rare": 30] {
            #expect((Double(paths[route] ?? 0) - count * share).magnitude <= 1, "\(route): \(paths)")
        }
        #expect(last > 5_700)
    }

    /// Names that do not look like parameters are routes of their own, each of which is thinned alone, until they are known.
    @Test(arguments: [(true, 25...25), (false, 5...45)])
    func namesThatAreKnownShareARoute(_ isKnown: Bool, _ count: ClosedRange<Int>) throws {
        var plan = try ReplayPlan.test()
        plan.thinning = 0.25
        plan.loops = 1
        if isKnown { plan.parameters = PathParameters([.init(prefix: "/people/", exceptions: [])]) }
        let trace = (0..<100).map { index in
            RecordedMessage.recorded(
                .request,
                UInt64(index),
                at: Int64(index),
                "GET /people/\(String(repeating: "x", count: index + 1)) HTTP/1.1|Host: a"
            )
        }
        var source = MemorySource(trace)
        let totals = try TraceSurvey(of: &source, plan: plan).totals
        #expect(count.contains(Int(totals?.requests ?? 0)), "\(totals?.requests ?? 0)")
    }

    @Test func everyPassIsTheSame() throws {
        let once = try passing(0.2).paths
        #expect(try passing(0.2, loops: 3).paths == once.mapValues { $0 * 3 })
    }

    @Test func theWholeIsUntouched() throws {
        #expect(try passing(1).paths == ["even": 300, "odd": 270, "rare": 30])
    }
}
