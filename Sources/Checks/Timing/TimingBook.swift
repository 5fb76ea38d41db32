import Bytes
package import Messages
import Packets
import SeededRandom
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
        var route: Int
        var start: Int64
    }

    /// What routes are called in ``routes``.
    package var names = RouteNames()
    /// Those of the service's paths.
    package let parameters: PathParameters

    /// What is known of each route, by its name.
    package var routes: [String: Route] {
        guard !names.isEmpty || !parameters.isEmpty else { return templates }
        var routes: [String: Route] = [:]
        for (template, route) in templates.sorted(by: { $0.key < $1.key }) {
            let name = names.name(of: parameters.route(template))
            if let known = routes[name] {
                routes[name] = known.joined(with: route)
            } else {
                routes[name] = route
            }
        }
        return routes
    }

    /// The same by method and template of the path.
    var templates: [String: Route] {
        Dictionary(
            numbers.compactMap { name, number in
                entries[number].requests == 0 ? nil : (name, entries[number])
            }
        ) { first, _ in first }
    }

    private var numbers: [String: Int] = [:]
    private var entries: [Route] = []
    private var lines = RequestLines<Int>()
    private var pending: [UInt64: Pending] = [:]
    private var generator = SeededGenerator(seed: 0)
    private var first: Int64?
    private var last: Int64 = .min

    package init(parameters: PathParameters = PathParameters()) {
        self.parameters = parameters
    }

    /// A book of what is known already.
    init(routes: [String: Route], seconds: Double, parameters: PathParameters) {
        self.parameters = parameters
        for (name, route) in routes.sorted(by: { $0.key < $1.key }) { entries[number(of: name)] = route }
        first = 0
        last = Int64(min(max(0, seconds), 1e9) * 1e9)
    }

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
            let route = route(of: message.head)
            if message.end.flags.contains(.noResponse) {
                entries[route].errors += 1
            } else if pending.count < Self.mostPending {
                pending[message.exchange] = Pending(route: route, start: start)
            }
        case .response:
            last = max(last, end)
            guard let request = pending.removeValue(forKey: message.exchange) else { return }
            let cuts: MessageFlags = [.truncated, .gap, .incomplete, .reset]
            guard message.head.responseStatus < 500, message.end.flags.isDisjoint(with: cuts) else {
                entries[request.route].errors += 1
                return
            }
            entries[request.route].note(UInt64(max(0, end - request.start)), using: &generator)
        }
    }

    private mutating func route(of record: HeadRecord) -> Int {
        if let known = lines.value(for: record) { return known }
        let number = self.number(of: Self.name(of: record, parameters))
        lines.keep(number, for: record)
        return number
    }

    private mutating func number(of name: String) -> Int {
        let name = numbers[name] != nil || numbers.count < Self.mostRoutes ? name : "(other routes)"
        if let number = numbers[name] { return number }
        numbers[name] = entries.count
        entries.append(Route())
        return entries.count - 1
    }

    /// Method and template of a request's path, as a check names routes.
    package static func name(of record: HeadRecord, _ parameters: PathParameters) -> String {
        guard let head = try? record.parsed(), case .request(let method, let target) = head.start else {
            return "(unreadable)"
        }
        let template = RouteTemplate(
            target: head.bytes.span.extracting(target.bounds),
            parameters: parameters
        )
        return String(decoding: head.bytes[method], as: UTF8.self) + " " + template.description
    }
}

extension TimingBook.Route {
    fileprivate func joined(with other: Self) -> Self {
        var joined = self
        joined.samples += other.samples
        joined.answers += other.answers
        joined.errors += other.errors
        return joined
    }

    /// Notes an answer; of those beyond the kept samples, each is kept with the same chance.
    fileprivate mutating func note(_ duration: UInt64, using generator: inout SeededGenerator) {
        answers += 1
        if samples.count < TimingBook.keptSamples {
            samples.append(duration)
            return
        }
        let index = Int.random(in: 0..<Int(clamping: answers), using: &generator)
        if index < TimingBook.keptSamples { samples[index] = duration }
    }
}

extension HeadRecord {
    /// The status of a response; 0 where its head cannot be read.
    fileprivate var responseStatus: UInt16 {
        // `HTTP/1.1 200`, as nearly every head begins; the rest of it is of no interest here.
        let bytes = bytes.span
        if encoding == .http1, bytes.count > 12, bytes[8] == 0x20, bytes[12] == 0x20 || bytes[12] == 0x0D {
            var status: UInt16 = 0
            for index in 9..<12 {
                guard bytes[index].isASCIIDigit else { break }
                status = status * 10 + UInt16(bytes[index] - 0x30)
            }
            if status >= 100 { return status }
        }
        return (try? parsed())?.status ?? 0
    }
}
