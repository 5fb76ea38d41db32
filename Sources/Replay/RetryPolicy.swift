/// When a sender tries again what was not accepted.
package struct RetryPolicy: Hashable, Sendable {
    package enum Choice: Hashable, Sendable {
        /// That of the scheme that a request is signed by; none where it is of no known sender.
        case bySender
        case schedule(RetrySchedule)
    }

    /// Whose time the delays are told in.
    package enum Clock: Hashable, Sendable {
        /// The time of the run.
        case run
        /// Recorded time: at twice the speed a sender tries again after half the time.
        case trace
        /// So many times as fast as the run.
        case scaled(Double)
    }

    package var choice: Choice
    package var clock: Clock = .trace
    /// Attempts later than this after the first, in nanoseconds of the run, are not made, since a run would last as
    /// long as its senders have patience.
    package var within: UInt64 = 600_000_000_000

    package init(_ choice: Choice) {
        self.choice = choice
    }
}

/// The delays of one sender: each from the end of an attempt to the next.
package struct RetrySchedule: Hashable, Sendable {
    package let name: String
    /// In nanoseconds.
    package let delays: [UInt64]
    /// Where the sender says so.
    package let source: String

    package init(_ name: String, delays: [UInt64], source: String) {
        self.name = name
        self.delays = delays
        self.source = source
    }

    private init(_ name: String, seconds: [UInt64], source: String) {
        self.init(name, delays: seconds.map { $0 * 1_000_000_000 }, source: source)
    }

    /// The schedules that are known, by the names of the schemes.
    ///
    /// Where a sender publishes how often and how long it tries but not the single delays, those here double from one
    /// to the next and add up to what is published.
    package static let known = [
        RetrySchedule(
            "github",
            seconds: [],
            source: "docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries: none"
        ),
        RetrySchedule(
            "svix",
            seconds: [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000],
            source: "docs.svix.com/retries"
        ),
        RetrySchedule(
            "standard-webhooks",
            seconds: [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400],
            source: "the Standard Webhooks specification, 'Deliverability and reliability'"
        ),
        RetrySchedule(
            "shopify",
            // Eight in four hours: 56.5 s · (2^8 − 1) ≈ 4 h.
            delays: doubling(from: 14_400_000_000_000 / 255, count: 8),
            source: "shopify.dev/changelog/updates-to-webhook-retry-mechanism: 8 in 4 hours, exponential"
        ),
        RetrySchedule(
            "stripe",
            // Three days of doubling delays, the first of which takes about four minutes.
            delays: doubling(from: 259_200_000_000_000 / 1_023, count: 10),
            source: "docs.stripe.com/webhooks: up to three days, exponential; single delays are not published"
        ),
        RetrySchedule(
            "slack",
            seconds: [0, 60, 300],
            source: "docs.slack.dev/apis/events-api: nearly at once, after 1 minute, after 5 minutes"
        ),
        RetrySchedule(
            "mailgun",
            seconds: [300, 600, 900, 3_600, 7_200, 14_400],
            source: "documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhook-retries"
        ),
    ]

    private static func doubling(from first: UInt64, count: Int) -> [UInt64] {
        (0..<count).map { first << UInt64($0) }
    }

    package static func named(_ name: String) -> RetrySchedule? { known.first { $0.name == name } }
}
