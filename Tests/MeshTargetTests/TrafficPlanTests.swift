import MeshTarget
import Testing

@Suite struct TrafficPlanTests {
    static let plan = MeshTraffic.plan(seed: 1)

    /// Everything of a request that reaches the wire.
    static func bytes(of request: PlannedRequest) -> String {
        var text = request.method + " "
        if case .path(let path) = request.target { text += path }
        for (name, value) in request.fields { text += "\n\(name): \(value)" }
        return text + "\n" + String(decoding: request.body.joined(), as: UTF8.self)
    }

    static func summary(_ plan: TrafficPlan) -> [String] {
        plan.requests.map { "\($0.time) \($0.connection) \($0.target) \($0.expectedStatus) " + bytes(of: $0) }
    }

    @Test func isAFunctionOfTheSeed() {
        let again = MeshTraffic.plan(seed: 1)
        #expect(Self.summary(again) == Self.summary(Self.plan))
        #expect(again.plants == Self.plan.plants)
        #expect(Self.summary(MeshTraffic.plan(seed: 2)) != Self.summary(Self.plan))
    }

    @Test func hasBurstsAboveACalm() {
        #expect((1200...2000).contains(Self.plan.requestCount))
        var windows = [Int](repeating: 0, count: 100)
        for request in Self.plan.requests { windows[Int(request.time / 100_000_000)] += 1 }
        // Requests in the busiest and in the middle tenth of a second.
        let sorted = windows.sorted()
        #expect(sorted[99] >= 50)
        #expect(sorted[50] <= 20)
        #expect(Self.plan.connectionCount == 17)
    }

    @Test func isInOrderAndInTime() {
        let times = Self.plan.requests.map(\.time)
        #expect(times == times.sorted())
        #expect(times.allSatisfy { (0..<Self.plan.duration).contains($0) })
        #expect(Self.plan.requests.map(\.number) == Array(0..<Self.plan.requestCount))
    }

    /// A reader asks on the connection of the delivery, after it, for a run that was made.
    @Test func readersFollowTheirDeliveries() {
        var readers = 0
        for request in Self.plan.requests {
            guard case .run(let number, _) = request.target else { continue }
            readers += 1
            let delivery = Self.plan.requests[number]
            #expect(delivery.number < request.number)
            #expect(delivery.connection == request.connection)
            #expect(delivery.expectedStatus == 202)
        }
        #expect(readers > 50)
    }

    static let plans = [plan, MeshTraffic.plan(seed: 3, duration: 1_000_000_000)]

    @Test(arguments: plans.indices) func everyPlantStandsInTheTraffic(index: Int) {
        let plan = Self.plans[index]
        let bytes = plan.requests.map(Self.bytes).joined(separator: "\n")
        for plant in plan.plants {
            #expect(bytes.contains(plant.value), "no \(plant.kind)")
        }
        #expect(Set(plan.canaries).count == plan.canaries.count)
        // A shorter value could stand in a trace by accident.
        #expect(plan.canaries.allSatisfy { $0.utf8.count >= 5 })
    }

    @Test(arguments: plans.indices) func hasEveryKindOfRequest(index: Int) {
        let plan = Self.plans[index]
        #expect(Set(plan.requests.map(\.expectedStatus)) == [200, 202, 401, 404, 409, 415])
        let kinds = Set(plan.plants.map(\.kind))
        let expected: Set = [
            "first name", "last name", "e-mail", "phone number", "address", "card number", "client address",
            "bearer token", "session cookie", "token in a query", "social security number in a form",
        ]
        #expect(kinds.isSuperset(of: expected))
        let fields = Set(plan.requests.flatMap { $0.fields.map { $0.name.lowercased() } })
        #expect(fields.isSuperset(of: ["x-signature", "x-hub-signature-256", "content-encoding", "cookie"]))
        #expect(plan.requests.contains { $0.body.count > 1 })
        #expect(
            plan.requests.contains { if case .run(_, "/logs/stream") = $0.target { true } else { false } }
        )
    }

    @Test func cardNumbersPassTheLuhnCheck() {
        let cards = Self.plan.plants.filter { $0.kind == "card number" }.map(\.value)
        #expect(cards.count > 3)
        for card in cards {
            var sum = 0
            for (place, digit) in card.reversed().compactMap(\.wholeNumberValue).enumerated() {
                let doubled = place % 2 == 1 ? digit * 2 : digit
                sum += doubled > 9 ? doubled - 9 : doubled
            }
            #expect(sum % 10 == 0)
        }
    }

    /// The parts of gzip: RFC 1952 around a stored block, whose check value ends with CRC and length.
    @Test func wrapsBytesInGzip() {
        let bytes = Array("123456789".utf8)
        let head: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        let block: [UInt8] = [1, 9, 0, 0xF6, 0xFF] + bytes
        // CRC-32 of these nine digits is the check value of its catalogue entry.
        let tail: [UInt8] = [0x26, 0x39, 0xF4, 0xCB, 9, 0, 0, 0]
        #expect(StoredGzip.wrap(bytes) == head + block + tail)
        #expect(StoredGzip.wrap([]).count == 23)
        #expect(StoredGzip.wrap([UInt8](repeating: 7, count: 65_536)).count == 10 + 5 + 65_535 + 5 + 1 + 8)
    }
}
