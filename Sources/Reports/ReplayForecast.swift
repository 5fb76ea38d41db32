import Bytes
import Messages
package import Replay

/// What a replay would send: how much, where to, by which routes, and how fast at its highest.
///
/// Requests are noted in the order of their intended times; windows are counted from the start of the run, as those of
/// the report are. The memory is bounded by the number of routes that are told apart.
package struct ReplayForecast: Sendable {
    /// Routes told apart; what comes beyond is counted as one.
    package static let routeLimit = 10_000
    /// Hosts told apart.
    package static let hostLimit = 1_000

    /// Requests in windows of one width, of which only the last is still open.
    package struct Peak: Sendable {
        private let width: MonotonicTime
        private var window: MonotonicTime = 0
        private var count: UInt64 = 0
        package private(set) var highest: UInt64 = 0

        init(width: MonotonicTime) {
            self.width = width
        }

        mutating func note(_ time: MonotonicTime) {
            if time / width != window {
                window = time / width
                count = 0
            }
            count += 1
            highest = max(highest, count)
        }
    }

    /// What is sent, in all or by one route.
    package struct Volume: Sendable {
        package private(set) var requests: UInt64 = 0
        package private(set) var bodyBytes: UInt64 = 0
        package private(set) var second = Peak(width: 1_000_000_000)
        package private(set) var tenth = Peak(width: 100_000_000)

        mutating func note(_ scheduled: ScheduledRequest) {
            requests += 1
            bodyBytes += UInt64(scheduled.request.body.count)
            second.note(scheduled.intended)
            tenth.note(scheduled.intended)
        }
    }

    package let target: ReplayTarget
    private let parameters: PathParameters
    private let deadline: MonotonicTime
    /// Nanoseconds for which an answer may be waited for.
    let timeout: UInt64
    /// Whether there is no schedule, and so no peak that could be told.
    package let isUnpaced: Bool
    package private(set) var sent = Volume()
    package private(set) var routes: [String: Volume] = [:]
    /// What stands in Host.
    package private(set) var hosts: [String: UInt64] = [:]
    package private(set) var skips: [SkipReason: UInt64] = [:]
    /// When the last request is due, in nanoseconds from the start.
    package private(set) var lastIntended: MonotonicTime = 0
    package private(set) var signed: UInt64 = 0
    package var habits = HabitCounts()
    package var load = LoadSummary()
    /// What the target's name stands for; `nil` where it could not be found out.
    package var addresses: [String]?
    /// Why the target would be refused.
    package var refusal: TargetRefusal?

    package init(plan: ReplayPlan) {
        target = plan.target
        parameters = plan.parameters
        deadline = plan.duration ?? .max
        timeout = plan.timeout
        isUnpaced = plan.pacing == .maximum
    }

    /// Selected requests, those that would be skipped included.
    package var requests: UInt64 { sent.requests + skips.values.reduce(0, +) }

    /// Notes a request; answers whether it still belongs to the run.
    package mutating func note(_ scheduled: ScheduledRequest) -> Bool {
        guard isUnpaced || scheduled.intended < deadline else { return false }
        lastIntended = max(lastIntended, scheduled.intended)
        sent.note(scheduled)
        habits.note(scheduled.delivery.habits)
        let request = scheduled.request
        if request.signing != nil { signed += 1 }
        let bytes = request.bytes.span
        let route =
            String(decoding: request.bytes[request.method], as: UTF8.self) + " "
            + RouteTemplate(target: bytes.extracting(request.target.bounds), parameters: parameters)
            .description
        let isKnown = routes[route] != nil || routes.count < Self.routeLimit
        routes[isKnown ? route : "(other routes)", default: Volume()].note(scheduled)
        let host =
            request.host.map { String(decoding: request.bytes[$0], as: UTF8.self) }
            ?? (request.omitsHost ? "(none)" : target.authority)
        hosts[hosts[host] != nil || hosts.count < Self.hostLimit ? host : "(other hosts)", default: 0] += 1
        return true
    }

    /// Notes a request that would be skipped; answers whether it still belongs to the run.
    package mutating func noteSkipped(_ reason: SkipReason, intended: MonotonicTime) -> Bool {
        guard isUnpaced || intended < deadline else { return false }
        skips[reason, default: 0] += 1
        return true
    }

    /// The mean rate from the first to the last request; `nil` where there is no span.
    package var meanRate: Double? {
        guard !isUnpaced, lastIntended > 0, sent.requests > 1 else { return nil }
        return Double(sent.requests - 1) * 1e9 / Double(lastIntended)
    }

    /// The routes by number of requests, the most first.
    var orderedRoutes: [(name: String, volume: Volume)] {
        routes.map { (name: $0.key, volume: $0.value) }.sorted {
            ($0.volume.requests, $1.name) > ($1.volume.requests, $0.name)
        }
    }
}
