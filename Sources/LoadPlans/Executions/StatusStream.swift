import JSON

extension ExecutionRule {
    /// A stream of server-sent events in which the target tells of changes of runs.
    package struct StatusStream: Hashable, Sendable {
        package var path: String
        /// Names of the events that are such changes; every one where it is empty.
        package var events: [String] = []
        /// The names of members on the way to the run in the data of an event; the whole of it where it is empty.
        package var run: [String] = []

        package init(path: String) {
            self.path = path
        }
    }
}

/// Reads changes of runs from one stream, over as many connections as it takes.
package struct StatusFeed: Sendable {
    private let stream: ExecutionRule.StatusStream
    private let delay: ExecutionRule.DelayPlace?
    private var parser = ServerEventParser()
    /// Changes that have come.
    package private(set) var changes: UInt64 = 0
    /// Events that should have been such changes and were not.
    package private(set) var unreadable: UInt64 = 0
    /// Whether the connection has shown a sign of life.
    package private(set) var isUnderWay = false

    /// `delay` is where a run says what it was told to wait.
    package init(_ stream: ExecutionRule.StatusStream, delay: ExecutionRule.DelayPlace?) {
        self.stream = stream
        self.delay = delay
    }

    /// What is sent along when the stream is taken up again; empty for nothing.
    package var lastEventID: String { parser.lastEventID }
    /// Nanoseconds after which the target wants to be asked again.
    package var retry: UInt64? { parser.retry }

    /// The connection is another.
    package mutating func restart() {
        parser.restart()
        isUnderWay = false
    }

    /// The runs in a piece of the stream, in their order; `look` is given the data of every event.
    package mutating func take(_ bytes: Span<UInt8>, look: (Span<UInt8>) -> Void) -> [RunSighting] {
        var runs: [RunSighting] = []
        var offset = 0
        while let block = parser.next(bytes, at: &offset) {
            isUnderWay = true
            guard case .event(let event) = block else { continue }
            look(event.data.span)
            guard stream.events.isEmpty || stream.events.contains(event.name) else { continue }
            let value = event.isCut ? nil : try? JSONValue(parsing: event.data.span, maximumCount: 10_000)
            if let run = value?.value(at: stream.run).flatMap({ RunSighting($0, delay: delay) }) {
                runs.append(run)
                changes += 1
            } else {
                unreadable += 1
            }
        }
        return runs
    }
}
