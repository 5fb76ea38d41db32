import SeededRandom

/// Draws up a plan: first when each sender sends, then what.
struct TrafficPlanner {
    /// Deliveries a second outside bursts, and what a burst adds.
    static let calmRate = 95.0
    static let burstRate = 520.0
    /// Where bursts begin and how long they last, as parts of the duration.
    static let bursts = [0.18, 0.50, 0.79]
    static let burstLength = 0.035

    let duration: Int64
    let tenants: [MeshTenant]
    let customers: [Customer]
    var generator: SeededGenerator
    var requests: [PlannedRequest] = []
    var plants: [TrafficPlan.Plant] = []
    private var planted: Set<String> = []

    init(seed: UInt64, duration: Int64, tenants: [MeshTenant]) {
        self.duration = duration
        self.tenants = tenants
        // The same seed decides run ids and the like; its traffic is another stream of numbers.
        var generator = SeededGenerator(seed: seed ^ 0x7261_6666_6963_7631)
        customers = (0..<48).map { _ in Customer(using: &generator) }
        self.generator = generator
    }

    mutating func plan() -> TrafficPlan {
        let senders = tenants.enumerated().flatMap { index, tenant in
            Sender.Style.allCases.enumerated().map { place, style in
                Sender(connection: index * Sender.Style.allCases.count + place, tenant: tenant, style: style)
            }
        }
        planOddities(sender: senders[0])
        planDeliveries(by: senders, from: 0, to: duration, rate: Self.calmRate)
        var connection = senders.count
        for (index, start) in Self.bursts.enumerated() {
            // A burst comes over the connections that are there, and over new ones of one tenant.
            let begin = Int64(start * Double(duration))
            let end = begin + Int64(Self.burstLength * Double(duration))
            let tenant = tenants[index % tenants.count]
            let extra = [0, 1].map { Sender(connection: connection + $0, tenant: tenant, style: .mesh) }
            planDeliveries(by: senders + extra + extra, from: begin, to: end, rate: Self.burstRate)
            connection += extra.count
        }
        planHealthChecks(connection: connection)
        planLogStream(connection: connection + 1)
        return TrafficPlan(requests: inOrder(), duration: duration, plants: plants)
    }

    /// Random moments of a constant mean rate: the time between two is exponentially distributed.
    private mutating func planDeliveries(by senders: [Sender], from: Int64, to end: Int64, rate: Double) {
        var time = Double(from)
        while true {
            time += exponential() / rate * 1e9
            guard time < Double(end) else { return }
            let sender = generator.pick(senders)
            let number = planDelivery(by: sender, at: Int64(time))
            planReading(of: number, by: sender)
        }
    }

    /// A number of the exponential distribution with mean 1, by comparisons alone (von Neumann 1951): a logarithm
    /// may differ in its last bit between machines, and then so would the plan.
    private mutating func exponential() -> Double {
        var whole = 0.0
        while true {
            let first = generator.unit()
            var last = first
            var isOdd = true
            while true {
                let next = generator.unit()
                guard next < last else { break }
                last = next
                isOdd.toggle()
            }
            if isOdd { return whole + first }
            whole += 1
        }
    }

    mutating func plant(_ kind: String, _ value: String) {
        if planted.insert(value).inserted { plants.append(TrafficPlan.Plant(kind: kind, value: value)) }
    }

    /// Sorts by time and renames the requests that others refer to.
    private func inOrder() -> [PlannedRequest] {
        let sorted = requests.sorted { ($0.time, $0.number) < ($1.time, $1.number) }
        var places = [Int](repeating: 0, count: sorted.count)
        for (place, request) in sorted.enumerated() { places[request.number] = place }
        return sorted.enumerated().map { place, request in
            var request = request
            request.number = place
            if case .run(let of, let suffix) = request.target {
                request.target = .run(of: places[of], suffix: suffix)
            }
            return request
        }
    }
}
