package import Correlation
package import Messages
package import Packets
package import Signatures

/// Everything a replay is told: what to send, when, to whom, and within which bounds.
package struct ReplayPlan: Sendable {
    package var target: ReplayTarget
    /// Identifies the run in `X-Tapedeck-Replay: RUN/EXCHANGE`; letters, digits and `-`.
    package var run: String
    package var pacing: Pacing = .speed(.recorded)
    package var lanes: LanePolicy = .overflow
    package var window: TraceWindow = .whole
    package var filter: RequestFilter = .all
    /// Passes over the trace, at least 1; `nil` repeats until ``duration`` is over.
    package var loops: UInt32? = 1
    /// Run time in nanoseconds after which nothing more is sent.
    package var duration: UInt64?
    /// What stops the run when it comes true.
    package var abortConditions: [AbortCondition] = []
    /// Nanoseconds after which an unanswered request fails, connecting included.
    package var timeout: UInt64 = 30_000_000_000
    package var transport: TransportChoice = .auto
    package var httpVersion: HTTPVersionChoice = .recorded
    /// Measures also second by second, for a histogram log and for who watches the run.
    package var keepsIntervals = false
    /// Keeps how the run went over time and how each route fared, for a report.
    package var keepsFigures = false
    /// Where parameters stand in the paths of the traces: what their routes are.
    package var parameters = PathParameters()
    /// Sends the recorded `Host` instead of the target's.
    package var keepsHost = false
    /// How connections to the target are made.
    package var connection = TargetConnection()
    /// The secrets to sign with; the first that is for a request counts.
    package var credentials: [SignatureCredential] = []
    /// Whether identifiers of deliveries are made new where requests are signed; a comparison of answers keeps them.
    package var renewsDeliveries = true
    /// The schemes that are known, built in and described.
    package var schemes = SchemeDirectory.builtIn
    /// Hosts that may be sent to although they were recorded or are public (`--allow-target`).
    package var allowedTargets: [String] = []
    /// The server addresses of the recording; a target among them is refused unless allowed.
    package var recordedServers: Set<IPAddress> = []
    /// The totals of the trace where they are known from its index; used where neither ``window`` nor ``filter`` selects.
    package var totals: TraceTotals?
    /// Values of answers that later requests have, and what else stands in the place of recorded values.
    package var correlation: CorrelationPlan?
    /// How far the trace goes, where its index tells; for the time that is left.
    package var outlook: TraceOutlook?
    package var limits = ReplayLimits()
    /// Bytes of requests that are drawn before a run as fast as possible begins; `nil` leaves that to what there is.
    package var readAhead: Int?
    /// Clients that behave badly on purpose; only the wire transport can, and over libcurl nothing comes of it.
    package var faults: ClientFaults?
    /// The event streams and WebSocket sessions of the traces, by exchange.
    package var streams = RecordedStreams()
    /// Requests in flight that there must be room for: the run does not start where there is none.
    package var neededInFlight: Int?
    /// Whether the event loop comes before all that has no such priority, where that is permitted.
    package var isRealtime = false
    package var arrivals: Arrivals = .recorded
    /// What the choices of the run follow from: the same seed makes the same run.
    package var seed: UInt64 = 1
    /// By what requests are put together to sessions.
    package var sessions: SessionRule = .automatic
    /// Which sessions are replayed.
    package var selection: SessionSelection = .all
    /// The share of the requests of each route that is replayed, evenly spread over the trace: more than 0, up to 1.
    package var thinning = 1.0
    package var copies: SessionCopies = .none
    package var habits: ProviderHabits = .none
    /// Sends GET, HEAD and OPTIONS only (RFC 9110, section 9.2.1; TRACE repeats a request to whoever asks).
    package var sendsOnlySafeMethods = false
    /// What becomes of a request that is due while as many are unanswered as may be.
    package var crowding: Crowding = .wait

    package init(target: ReplayTarget, run: String) {
        self.target = target
        self.run = run
    }

    /// Accepts any certificate of an HTTPS target.
    package var isInsecure: Bool {
        get { connection.isInsecure }
        set { connection.isInsecure = newValue }
    }

    /// What carries the requests: `curl` or `wire`.
    package var carrier: TransportChoice {
        if transport == .auto, connection.settings.libcurlOption != nil { return .curl }
        if transport == .auto, httpVersion == .http2 { return .curl }
        return transport.resolved(for: target.scheme)
    }

    /// Whether answers are read, recorded and live ones, for the values of later requests.
    package var readsAnswers: Bool { correlation?.needsAnswers ?? false }

    /// Whether every request of the trace is replayed.
    package var selectsAll: Bool {
        window == .whole && filter == .all && selection.sample >= 1 && thinning >= 1
    }

    /// Whether it matters to which session a request belongs.
    package var needsSessions: Bool { selection != .all || copies.count > 1 }

    /// Whether the schedule follows from how many requests are sent.
    package var needsTotals: Bool { pacing.needsTotals || arrivals != .recorded }

    /// The totals of what is sent in one pass, by all machines together; `nil` where they are not known.
    package var sentTotals: TraceTotals? {
        guard var totals else { return nil }
        totals.requests = totals.requests.multipliedReportingOverflow(by: UInt64(copies.count)).partialValue
        return totals
    }
}

/// What becomes of a request that is due while as many are unanswered as may be.
package enum Crowding: String, Hashable, Sendable, CaseIterable {
    /// It goes out as soon as another is answered, and its lateness is counted.
    case wait
    /// It is not sent, which is counted.
    case drop
}
