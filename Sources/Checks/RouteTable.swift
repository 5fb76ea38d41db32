import Bytes
import Messages
import Traces

/// The routes of a recording and the rules for each, numbered so that an exchange needs to keep two small numbers.
struct RouteTable: Sendable {
    /// The numbers of a route and of a set of rules.
    struct Place {
        var route: Int
        var ruleSet: Int
    }

    /// Route 0: answers to requests that were not seen.
    static let unknown = 0

    private let rules: CheckRules
    private let parameters: PathParameters
    /// The same but for what the rules spell out.
    private let sparedParameters: PathParameters
    private let limit: Int
    /// By the name of a route as reports say it: one with a name of its own may be several to the noise.
    private let noiseByName: [String: RouteNoise]
    /// By number of route: the noise of its answers, where any is known.
    private(set) var noises: [RouteNoise?] = []
    private(set) var noiseIndices: [NoiseIndex?] = []
    private var indices: [String: Int] = [:]
    private(set) var routes: [CheckedRoute] = []
    private var ruleSetIndices: [[Int]: Int] = [:]
    private(set) var ruleSets: [[CheckRule]] = []
    /// The same sets for routes of which it is known what varies.
    private(set) var ruleSetsWithNoise: [[CheckRule]] = []

    private var lines = RequestLines<Place>()

    init(
        rules: CheckRules,
        noise: NoiseModel? = nil,
        parameters: PathParameters = PathParameters(),
        limit: Int
    ) {
        self.rules = rules
        self.parameters = parameters
        sparedParameters = parameters.sparing(rules.spelledSegments)
        self.limit = limit
        noiseByName = Dictionary(
            (noise?.routes ?? []).map { (rules.routeNames.name(of: parameters.route($0.name)), $0) }
        ) { $0.joined(with: $1) }
        append("(request not seen)")
        append("(other routes)")
        _ = ruleSet(rules.generalIndices)
    }

    /// The numbers of a request's route and of the rules for it.
    mutating func place(_ record: HeadRecord) throws(HeadError) -> Place {
        if let known = lines.value(for: record) { return known }
        let place = self.place(try record.parsed())
        lines.keep(place, for: record)
        return place
    }

    private mutating func place(_ head: borrowing Head) -> Place {
        guard case .request(let method, let target) = head.start else {
            return Place(route: Self.unknown, ruleSet: 0)
        }
        let methodBytes = head.bytes.span.extracting(method.bounds)
        let targetBytes = head.bytes.span.extracting(target.bounds)
        let template =
            String(decoding: head.bytes[method], as: UTF8.self) + " "
            + RouteTemplate(target: targetBytes, parameters: sparedParameters).description
        let name = rules.routeNames.name(method: methodBytes, target: targetBytes)
        return Place(
            route: route(name ?? template, template),
            ruleSet: ruleSet(rules.indices(method: methodBytes, target: targetBytes))
        )
    }

    mutating func update(_ route: Int, _ change: (inout CheckedRoute) -> Void) {
        change(&routes[route])
    }

    private mutating func route(_ name: String, _ template: String) -> Int {
        if let index = indices[name] { return index }
        guard routes.count < limit else { return 1 }
        indices[name] = routes.count
        append(name, noiseByName[name] ?? noiseByName[template] ?? noiseByName[parameters.route(template)])
        return routes.count - 1
    }

    private mutating func append(_ name: String, _ noise: RouteNoise? = nil) {
        routes.append(CheckedRoute(name: name))
        noises.append(noise)
        noiseIndices.append(noise.map { NoiseIndex($0) })
    }

    private mutating func ruleSet(_ members: [Int]) -> Int {
        if let index = ruleSetIndices[members] { return index }
        ruleSetIndices[members] = ruleSets.count
        let set = members.map { rules.rules[$0] }
        ruleSets.append(set)
        ruleSetsWithNoise.append(CheckRules.withNoise(set))
        return ruleSets.count - 1
    }
}
