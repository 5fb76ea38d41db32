package import Messages

/// That a value of certain answers appears in certain requests later.
package struct ValueEdge: Hashable, Sendable {
    /// How a request finds the answer that its value is from.
    package enum Match: String, Hashable, Sendable, CaseIterable {
        /// The answer that had the recorded value when the trace was recorded.
        case value
        /// The last such answer before the request, whatever value it had: for a token that is fetched again.
        case latest
    }

    /// The requests whose answers hold the value.
    package var from: RoutePattern
    /// Where the answer has it.
    package var take: ValueSpot
    /// The requests that it appears in.
    package var to: RoutePattern
    /// Where the request has it.
    package var put: ValueSpot
    package var match: Match
    /// How often it was seen; `nil` where a person wrote the edge.
    package var evidence: Evidence?

    /// What a trace said for an edge.
    package struct Evidence: Hashable, Sendable {
        /// Requests whose value was one of the answers'.
        package var held: UInt64
        /// Requests that had a value there at all.
        package var of: UInt64
        /// Different values among them.
        package var values: UInt64

        package init(held: UInt64, of: UInt64, values: UInt64) {
            self.held = held
            self.of = of
            self.values = values
        }

        /// The share of requests for which it held, 0 to 1.
        package var confidence: Double { of == 0 ? 0 : Double(held) / Double(of) }
    }

    package init(
        from: RoutePattern,
        take: ValueSpot,
        to: RoutePattern,
        put: ValueSpot,
        match: Match = .value,
        evidence: Evidence? = nil
    ) {
        self.from = from
        self.take = take
        self.to = to
        self.put = put
        self.match = match
        self.evidence = evidence
    }
}
