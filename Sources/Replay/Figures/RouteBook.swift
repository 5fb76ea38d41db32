import Bytes
package import Messages

/// What became of the requests of each route of a run.
///
/// A route is a method and the template of a path. Looking one up allocates nothing once it is known; the number of
/// routes is bounded, and what is beyond the limit shares one.
package struct RouteBook: Sendable {
    package struct Route: Sendable {
        /// `POST /hooks/{id}`, as bytes of the wire.
        fileprivate let key: [UInt8]
        package var sent: UInt64 = 0
        package var answered = StatusClasses()
        package var failed: UInt64 = 0
        package var aborted: UInt64 = 0
        /// Bodies in bytes: as they were sent, and as far as they were received.
        package var requestBytes: UInt64 = 0
        package var answerBytes: UInt64 = 0
        package var responseTime = BinnedLatencies()
        package var serviceTime = BinnedLatencies()
        /// The longest of each, in microseconds.
        package var longestResponse: UInt64 = 0
        package var longestService: UInt64 = 0

        package init(key: [UInt8]) {
            self.key = key
        }

        /// With U+FFFD for what is no UTF-8.
        package var name: String { String(decoding: key, as: UTF8.self) }

        /// Adds what is known of another route, or of the same one in another part.
        package mutating func add(_ other: Route) {
            sent += other.sent
            answered.add(other.answered)
            failed += other.failed
            aborted += other.aborted
            requestBytes &+= other.requestBytes
            answerBytes &+= other.answerBytes
            responseTime.add(other.responseTime)
            serviceTime.add(other.serviceTime)
            longestResponse = max(longestResponse, other.longestResponse)
            longestService = max(longestService, other.longestService)
        }
    }

    /// Routes told apart.
    package static let limit = 1_000
    /// Bytes of a method that tell it from others.
    private static let methodLimit = 32
    /// The place of what is beyond the limit.
    static let others = 0

    /// In the order in which they were met; the first one is for those beyond the limit.
    package private(set) var routes = [Route(key: Array("(other routes)".utf8))]
    private var places: [[UInt8]: Int] = [:]
    private var recent = RecentTargets()
    private let parameters: PathParameters
    /// The key that is looked up, in storage that serves one after another.
    private var scratch: [UInt8] = []

    /// `parameters` are those of the paths of what is replayed.
    package init(parameters: PathParameters = PathParameters()) {
        self.parameters = parameters
        scratch.reserveCapacity(Self.methodLimit + RouteTemplate.maximumCount + 8)
    }

    /// Those of which something was sent; the most frequent first.
    package var busiest: [Route] {
        routes.filter { $0.sent > 0 }.sorted { ($1.sent, $0.name) < ($0.sent, $1.name) }
    }

    /// The place of a request's route; `target` is without the prefix that the replay put before it.
    mutating func place(method: Span<UInt8>, target: Span<UInt8>) -> Int {
        if let place = recent.route(method: method, target: target) { return place }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: method.extracting(first: min(method.count, Self.methodLimit)))
        scratch.append(0x20)
        RouteTemplate.append(target: target, parameters: parameters, to: &scratch)
        let place = places[scratch] ?? add(scratch)
        recent.note(place, method: method, target: target)
        return place
    }

    private mutating func add(_ key: [UInt8]) -> Int {
        guard routes.count < Self.limit else { return Self.others }
        places[key] = routes.count
        routes.append(Route(key: key))
        return routes.count - 1
    }

    mutating func update(_ place: Int, _ change: (inout Route) -> Void) {
        change(&routes[place])
    }

    /// Adds another part of the same run.
    package mutating func add(_ other: RouteBook) {
        routes[Self.others].add(other.routes[Self.others])
        for route in other.routes.dropFirst() {
            routes[places[route.key] ?? add(route.key)].add(route)
        }
    }
}
