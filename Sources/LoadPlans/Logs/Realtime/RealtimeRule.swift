/// How live logs are read over Realtime: channels of Phoenix 1.0.0 on WebSockets, as Supabase speaks them.
///
/// Realtime tells of changes from the subscription on, and has no way to go on where a connection was lost.
package struct RealtimeRule: Hashable, Sendable {
    /// Where the sockets are: `ws://…` or `wss://…` without a path; `nil` is the target.
    package var origin: String?
    package var path = "/realtime/v1/websocket"
    /// Where the key is that stands in the address: `env:VAR` or `file:PATH`; `nil` for none.
    package var apikey: String?
    /// With `{run}` in it there is one channel for each run, else one for each tenant.
    package var topic = "realtime:run-logs-{run}"
    /// Which changes of which table are subscribed to.
    package var event = "INSERT"
    package var schema = "public"
    package var table = "logs"
    /// Which rows of it, as in `run_id=eq.{run}`; `nil` for all that the reader may see.
    package var filter: String?
    /// The most channels on one socket.
    package var channels = 100
    /// Nanoseconds from one heartbeat to the next, which is also how long its answer is waited for.
    package var heartbeat: UInt64 = 25_000_000_000

    package static let usualFilter = "run_id=eq." + LogRule.placeholder

    package init() {}

    package var isOfRuns: Bool { topic.contains(LogRule.placeholder) }

    /// A topic or filter with the name of a run in its place.
    package static func text(_ template: String, run: String) -> String {
        template.split(separator: LogRule.placeholder, omittingEmptySubsequences: false).joined(
            separator: run
        )
    }
}

/// Who speaks on the sockets.
package struct RealtimeCredentials: Sendable {
    /// Of each reader, in order; `nil` where it has none.
    package var tokens: [String?]
    /// Stands in the address.
    package var apikey: String?

    package static let none = RealtimeCredentials(tokens: [])

    package init(tokens: [String?], apikey: String? = nil) {
        self.tokens = tokens
        self.apikey = apikey
    }

    func token(of reader: Int) -> String? { tokens.indices.contains(reader) ? tokens[reader] : nil }

    /// What a server says, fit to be told: without a credential that it repeats, in one line of bounded length.
    package func redact(_ text: String) -> String {
        var text = text
        // The longest first: one may be a part of another.
        for secret in (tokens.compactMap { $0 } + [apikey].compactMap { $0 }).sorted(by: {
            $0.count > $1.count
        })
        where !secret.isEmpty {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "…")
        }
        var plain = ""
        for scalar in text.unicodeScalars.prefix(Self.textLimit) {
            plain.unicodeScalars.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return plain
    }

    /// Scalars of what a server says that are told.
    private static let textLimit = 200
}
