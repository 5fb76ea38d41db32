/// Bursty webhook traffic of known content: what is sent, when, on which connection; a function of its seed.
public struct TrafficPlan: Sendable {
    /// A personal value or a secret that stands in the traffic, in the spelling in which it stands there.
    public struct Plant: Sendable, Hashable {
        /// What it is, for a message to a person.
        public let kind: String
        /// The bytes to look for; a trace that is anonymized holds them nowhere.
        public let value: String
    }

    /// In order of time.
    package let requests: [PlannedRequest]
    /// How long sending takes, in nanoseconds.
    public let duration: Int64
    /// Everything planted, each value once.
    public let plants: [Plant]

    /// How many requests are sent.
    public var requestCount: Int { requests.count }
    /// How many connections send them.
    public var connectionCount: Int { Set(requests.map(\.connection)).count }
    /// The planted values.
    public var canaries: [String] { plants.map(\.value) }
}
