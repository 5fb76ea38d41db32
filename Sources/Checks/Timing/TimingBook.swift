import Bytes
import Messages
import Packets
package import Traces

/// How long the answers of one side took, route by route.
///
/// Feed it the messages of an observed trace, in order. Service time counts: from the moment at which a request went out
/// to the last byte of its answer. An answer of status 500 and above, a cut one and none at all are errors.
package struct TimingBook: Sendable {
    /// Samples kept of one route; of more, each is kept with the same chance.
    package static let keptSamples = 200_000
    /// Requests that wait for their answer in the trace.
    static let mostPending = 1_000_000
    /// Routes told apart; others share one.
    static let mostRoutes = 10_000

    package struct Route: Sendable {
        /// Nanoseconds, in no order.
        package var samples: [UInt64] = []
        /// Answers of which the time was taken, those beyond the kept samples too.
        package var answers: UInt64 = 0
        package var errors: UInt64 = 0

        /// Requests that came to an end.
        package var requests: UInt64 { answers + errors }
    }

    private struct Pending {
        var route: String
        var start: Int64
    }

    package private(set) var routes: [String: Route] = [:]
    private var pending: [UInt64: Pending] = [:]
    private var generator = SeededGenerator(seed: 0)
    private var first: Int64?
    private var last: Int64 = .min

    package init() {}

    /// From the first request to the last byte, in seconds; 0 for an empty trace.
    package var seconds: Double {
        guard let first, last > first else { return 0 }
        return Double(last - first) / 1e9
    }

    /// Begins the next run of the same side: its exchanges are numbered anew.
    package mutating func beginRun() {
        pending.removeAll(keepingCapacity: true)
    }

    package mutating func note(_ message: RecordedMessage) {
        guard !message.end.flags.contains(.interim) else { return }
        let start = message.start.nanoseconds
        let end = message.end.time.nanoseconds
        switch message.kind {
        case .request:
            first = min(first ?? start, start)
            let name = Self.route(of: message)
            if message.end.flags.contains(.noResponse) {
                update(name) { route, _ in route.errors += 1 }
            } else if pending.count < Self.mostPending {
                pending[message.exchange] = Pending(route: name, start: start)
            }
        case .response:
            last = max(last, end)
            guard let request = pending.removeValue(forKey: message.exchange) else { return }
            let cuts: MessageFlags = [.truncated, .gap, .incomplete, .reset]
            let status = (try? message.head.parsed())?.status ?? 0
            guard status < 500, message.end.flags.isDisjoint(with: cuts) else {
                update(request.route) { route, _ in route.errors += 1 }
                return
            }
            let duration = UInt64(max(0, end - request.start))
            update(request.route) { route, generator in
                route.answers += 1
                if route.samples.count < Self.keptSamples {
                    route.samples.append(duration)
                } else {
                    let index = Int.random(in: 0..<Int(clamping: route.answers), using: &generator)
                    if index < Self.keptSamples { route.samples[index] = duration }
                }
            }
        }
    }

    private mutating func update(_ name: String, _ change: (inout Route, inout SeededGenerator) -> Void) {
        let name = routes[name] != nil || routes.count < Self.mostRoutes ? name : "(other routes)"
        change(&routes[name, default: Route()], &generator)
    }

    private static func route(of message: RecordedMessage) -> String {
        guard let head = try? message.head.parsed(), case .request(let method, let target) = head.start else {
            return "(unreadable)"
        }
        let template = RouteTemplate(target: head.bytes.span.extracting(target.bounds))
        return String(decoding: head.bytes[method], as: UTF8.self) + " " + template.description
    }
}
