import CurlTransport
import Messages
import Packets
import Replay
import TraceBrowser
import TraceFiles
import Traces
import Transports
import WireTransport

/// Sends one request of a trace to a server as a replay would, within the bounds that a replay has.
struct SendOnce {
    private let plan: ReplayPlan

    /// Holds the target against everything that was recorded; throws ``CommandFailure`` where it may not be sent to.
    init(_ plan: ReplayPlan, traces: [String]) throws {
        var plan = plan
        plan.pacing = .maximum
        do {
            plan.recordedServers = try Self.guarded(plan, traces: traces)
        } catch let error as TraceReadError {
            throw CommandFailure(error.description)
        } catch let error as TransportError {
            throw CommandFailure(error.description)
        } catch let error as TargetRefusal {
            throw CommandFailure(error.description)
        }
        self.plan = plan
    }

    /// The servers that were recorded, as far as they matter.
    private static func guarded(_ plan: ReplayPlan, traces: [String]) throws -> Set<IPAddress> {
        let addresses = try TargetResolver.addresses(of: plan)
        var targetGuard = TargetGuard(allowed: plan.allowedTargets, recordedServers: [])
        if targetGuard.isExempt(target: plan.target, addresses: addresses) { return [] }
        var source = try TraceRequests(try traces.map { try TraceOpening.open($0) }, selection: .requestsOnly)
        targetGuard.recordedServers = try source.recordedServers()
        let survey = try TraceSurvey(of: &source, plan: plan)
        targetGuard.recordedHosts = survey.hosts
        if let refusal = targetGuard.verdict(target: plan.target, addresses: addresses) { throw refusal }
        guard !survey.isHostListCut else {
            throw CommandFailure(
                "the trace names too many hosts to tell whether the target is among them; if it is meant, "
                    + "add --allow-target \(plan.target.host)"
            )
        }
        return targetGuard.recordedServers
    }

    /// For the browser; each call opens a connection of its own.
    var sender: RequestSender {
        let target = plan.target
        return RequestSender(
            target: "\(target.scheme.rawValue)://\(target.authority)\(target.pathPrefix)",
            send: { [self] in try send($0) }
        )
    }

    private func send(_ request: RecordedMessage) throws -> SentExchange {
        var plan = plan
        plan.run = RunName.new()
        var source = OneRequest(request)
        var sink = OneAnswer()
        let stop = try StopToken()
        switch plan.carrier {
        case .wire: _ = try WireReplay(plan).run(source: &source, observer: &sink, stop: stop)
        case .auto, .curl: _ = try CurlReplay(plan).run(source: &source, observer: &sink, stop: stop)
        }
        guard let observed = sink.observed else {
            throw CommandFailure("the request cannot be sent: a replay would skip it")
        }
        return SentExchange(
            observed,
            to: plan.target,
            number: request.exchange,
            body: observed.scheduled.request.body
        )
    }
}

/// A trace of one request.
private struct OneRequest: RequestSource {
    private let request: RecordedMessage
    private var isGiven = false

    init(_ request: RecordedMessage) { self.request = request }

    mutating func next() -> RecordedMessage? {
        defer { isGiven = true }
        return isGiven ? nil : request
    }

    mutating func rewind() { isGiven = false }
}

/// Keeps the one answer.
private struct OneAnswer: ObservedSink {
    var observed: ObservedExchange?
    let isObserving = true

    mutating func observe(_ exchange: consuming ObservedExchange) { observed = exchange }
}

extension SentExchange {
    fileprivate init(_ observed: ObservedExchange, to target: ReplayTarget, number: UInt64, body: [UInt8]) {
        let request = RecordedMessage(
            .request,
            number: number,
            head: observed.requestRecord(to: target.scheme),
            body: body,
            times: observed.sent...max(observed.sent, observed.sent),
            length: UInt64(body.count),
            flags: []
        )
        var response: RecordedMessage?
        if let answer = observed.response {
            response = RecordedMessage(
                .response,
                number: number,
                head: answer.record,
                body: answer.body,
                times: answer.start...max(answer.start, observed.end),
                length: answer.bodyLength,
                flags: answer.flags,
                trailers: answer.trailers
            )
        }
        var failure: String?
        if case .failed(let kind) = observed.outcome { failure = "failed: \(kind.rawValue)" }
        if case .aborted = observed.outcome { failure = "aborted" }
        self.init(request: request, response: response, failure: failure)
    }
}

extension RecordedMessage {
    fileprivate init(
        _ kind: MessageKind,
        number: UInt64,
        head: (encoding: HeadEncoding, bytes: [UInt8]),
        body: [UInt8],
        times: ClosedRange<Int64>,
        length: UInt64,
        flags: MessageFlags,
        trailers: [UInt8] = []
    ) {
        self.init(
            head: HeadRecord(
                kind: kind,
                exchange: number,
                connection: 0,
                start: PacketTime(nanoseconds: times.lowerBound),
                encoding: head.encoding,
                bytes: head.bytes,
                framing: flags.contains(.chunked) ? .chunked : .length(length)
            ),
            body: body,
            end: EndRecord(
                kind: kind,
                exchange: number,
                connection: 0,
                time: PacketTime(nanoseconds: times.upperBound),
                wireLength: length,
                flags: flags,
                trailers: trailers
            )
        )
    }
}
