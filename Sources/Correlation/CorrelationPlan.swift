package import Messages

/// Which recorded values a replay puts others in the place of, and which ones.
///
/// Where several could stand in one place, the answer's value comes first, then that of an identity, then a mapped one,
/// then a moved date.
package struct CorrelationPlan: Sendable {
    /// What becomes of a request whose answer did not come, or came without the value.
    package enum MissingPolicy: String, Hashable, Sendable, CaseIterable {
        /// It is sent with the recorded value, and counted.
        case send
        /// It is not sent, and counted.
        case skip
    }

    package var edges: [ValueEdge] = []
    package var whenMissing = MissingPolicy.send
    package var identities: [IdentityPool] = []
    package var maps: [ValueMap] = []
    package var dates: [MovedDate] = []

    package init(edges: [ValueEdge] = []) {
        self.edges = edges
    }

    /// Whether a replay would be the same without it.
    package var isEmpty: Bool { edges.isEmpty && identities.isEmpty && maps.isEmpty && dates.isEmpty }

    /// Whether answers of the trace are to be read.
    package var needsAnswers: Bool { !edges.isEmpty }
}

/// Values of a staging system that take the place of recorded ones, in the order in which these are met.
package struct IdentityPool: Sendable {
    package var to: RoutePattern
    package var put: ValueSpot
    /// Secrets: they are never shown.
    package var values: [[UInt8]]

    package init(to: RoutePattern, put: ValueSpot, values: [[UInt8]]) {
        precondition(!values.isEmpty, "a pool without a value")
        self.to = to
        self.put = put
        self.values = values
    }
}

/// Which value of a staging system stands for which of production.
package struct ValueMap: Sendable {
    package var to: RoutePattern
    package var put: ValueSpot
    package var values: [[UInt8]: [UInt8]]
    /// A value that is not in the map is sent as it is; else its request is skipped.
    package var keepsUnmapped: Bool

    package init(to: RoutePattern, put: ValueSpot, values: [[UInt8]: [UInt8]], keepsUnmapped: Bool = false) {
        self.to = to
        self.put = put
        self.values = values
        self.keepsUnmapped = keepsUnmapped
    }
}

/// A moment in requests that moves by the time between recording and sending.
package struct MovedDate: Hashable, Sendable {
    package var to: RoutePattern
    package var put: ValueSpot

    package init(to: RoutePattern, put: ValueSpot) {
        self.to = to
        self.put = put
    }
}
