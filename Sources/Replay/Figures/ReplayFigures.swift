import Bytes
package import Messages

/// What a report draws of a run: how it went over time, and how its routes fared.
package struct ReplayFigures: Sendable {
    package private(set) var timeline: Timeline
    package private(set) var routes: RouteBook

    /// `start` is the beginning of the run; `parameters` are those of the paths of what is replayed.
    package init(start: MonotonicTime, parameters: PathParameters = PathParameters()) {
        routes = RouteBook(parameters: parameters)
        timeline = Timeline(start: start)
    }

    /// The place of a request's route, to be kept until the request has come to its end.
    mutating func route(of request: PreparedRequest, prefixCount: Int) -> Int {
        let content = request.content
        let bytes = content.bytes.span
        let target = bytes.extracting(content.target.bounds)
        // Only the origin form has the prefix (RFC 9112, section 3.2).
        let hasPrefix = prefixCount > 0 && target.count >= prefixCount && target[0] == 0x2F
        return routes.place(
            method: bytes.extracting(content.method.bounds),
            target: hasPrefix ? target.extracting(prefixCount..<target.count) : target
        )
    }

    /// The place of a route.
    package mutating func route(method: String, target: String) -> Int {
        routes.place(method: Array(method.utf8).span, target: Array(target.utf8).span)
    }

    /// A request goes out, with so many in flight then.
    package mutating func noteStart(route: Int, bodyBytes: Int, inFlight: Int, at time: MonotonicTime) {
        timeline.update(at: time) { $0.peakInFlight = max($0.peakInFlight, UInt64(clamping: inFlight)) }
        routes.update(route) {
            $0.sent += 1
            $0.requestBytes &+= UInt64(clamping: bodyBytes)
        }
    }

    /// A request was sent so many nanoseconds later than it should have been.
    package mutating func note(sendError: UInt64, due: MonotonicTime) {
        timeline.note(.sendError, nanoseconds: sendError, at: due)
    }

    /// A request was due, and was sent or never was.
    package mutating func note(due: MonotonicTime, sent: MonotonicTime?) {
        timeline.update(at: due) { $0.requested += 1 }
        if let sent { timeline.update(at: sent) { $0.sent += 1 } }
    }

    /// An answer took so many nanoseconds.
    package mutating func noteAnswer(route: Int, due: MonotonicTime, response: UInt64, service: UInt64) {
        timeline.note(.response, nanoseconds: response, at: due)
        timeline.note(.service, nanoseconds: service, at: due)
        timeline.update(at: due) { $0.longest = max($0.longest, response / 1_000) }
        routes.update(route) {
            $0.responseTime.record(microseconds: response / 1_000)
            $0.serviceTime.record(microseconds: service / 1_000)
            $0.longestResponse = max($0.longestResponse, response / 1_000)
            $0.longestService = max($0.longestService, service / 1_000)
        }
    }

    /// A request came to its end, with so many bytes of a body.
    package mutating func noteEnd(route: Int, due: MonotonicTime, outcome: Outcome, bodyBytes: UInt64) {
        timeline.update(at: due) { slot in
            switch outcome {
            case .responded(let status): slot.answered.note(status)
            case .failed(let kind):
                slot.failed += 1
                if kind == .timeout { slot.timeouts += 1 }
            case .aborted: slot.aborted += 1
            }
        }
        routes.update(route) { route in
            route.answerBytes &+= bodyBytes
            switch outcome {
            case .responded(let status): route.answered.note(status)
            case .failed: route.failed += 1
            case .aborted: route.aborted += 1
            }
        }
    }

    /// Adds another part of the same run.
    package mutating func add(_ other: ReplayFigures) {
        timeline.add(other.timeline)
        routes.add(other.routes)
    }
}
