package import JSON

/// A run as the target shows it: in a list, or in a stream of changes.
package struct RunSighting: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case queued
        case running
        case succeeded
        case failed

        /// The words that services use for it; `nil` for others.
        package init?(_ text: String) {
            switch text.lowercased() {
            case "queued", "pending", "scheduled", "created", "waiting": self = .queued
            case "running", "in_progress", "started", "paused", "retrying": self = .running
            case "succeeded", "success", "completed", "finished", "done": self = .succeeded
            case "failed", "failure", "error", "errored", "canceled", "cancelled", "timed_out", "dead":
                self = .failed
            default: return nil
            }
        }

        package var isFinal: Bool { self == .succeeded || self == .failed }
    }

    /// Empty where it is known by the mark of its request alone.
    package var id: String
    package var state: State
    /// What the request that set it going was marked with, where the target keeps that.
    package var correlation: String?
    /// By the clock of the target, in nanoseconds since 1970.
    package var created: Int64?
    package var started: Int64?
    package var finished: Int64?
    /// What its workflow was told to wait, in nanoseconds, where the target says it.
    package var delay: UInt64?

    package init(id: String, state: State) {
        self.id = id
        self.state = state
    }

    /// Reads an object with `id` and `status`, and the moments `created_at`, `started_at` and `finished_at` where they are
    /// known; `nil` for what is none. `delay` names the member in which it says what it was told to wait.
    package init?(_ value: JSONValue, delay place: ExecutionRule.DelayPlace? = nil) {
        guard let id = value["id"]?.name, case .string(let status)? = value["status"],
            let state = State(status)
        else { return nil }
        self.init(id: id, state: state)
        if case .string(let text)? = value["correlation_id"] { correlation = text }
        created = value["created_at"]?.moment
        started = value["started_at"]?.moment
        finished = value["finished_at"]?.moment
        delay = place.flatMap { $0.delay(of: value) }
    }
}

extension JSONValue {
    /// A text, or a whole number as one.
    var name: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .number(let number): number.spelling
        case .null, .bool, .array, .object: nil
        }
    }

    /// What stands at the end of the members' names.
    func value(at path: [String]) -> JSONValue? {
        var value: JSONValue? = self
        for name in path { value = value?[name] }
        return value
    }

    func name(at path: [String]) -> String? { value(at: path)?.name }

    /// RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970 by the number of digits; `nil` for
    /// what is no moment, as a number that stands for never.
    var moment: Int64? {
        switch self {
        case .string(let text): return ISOTime.nanoseconds(text).flatMap { TargetMoment.nanoseconds($0) }
        case .number(let number):
            guard let value = Int64(number.spelling), value > 0 else { return nil }
            let unit: Int64 =
                switch number.spelling.utf8.count {
                case ...10: 1_000_000_000
                case ...13: 1_000_000
                case ...16: 1_000
                default: 1
                }
            return TargetMoment.nanoseconds(value, unit: unit)
        case .null, .bool, .array, .object: return nil
        }
    }
}

/// One page of a list of runs.
package struct RunPage: Hashable, Sendable {
    package var runs: [RunSighting]
    /// Where the next page begins; `nil` at the end.
    package var next: String?
    /// A place to go on from later, where the list has one.
    package var cursor: String?
    /// Entries that are no runs.
    package var unreadable = 0

    /// What is shown of runs elsewhere than in a list.
    package init(_ runs: [RunSighting], unreadable: Int = 0) {
        self.runs = runs
        self.unreadable = unreadable
    }

    /// Reads `{"runs": […], "next": …, "cursor": …}`, an object with any one array in it, or the array alone; `nil` for
    /// what is no list.
    package init?(_ value: JSONValue, delay: ExecutionRule.DelayPlace? = nil) {
        let entries: [JSONValue]
        switch value {
        case .array(let elements): entries = elements
        case .object(let members):
            let arrays = members.compactMap { member -> (name: String, elements: [JSONValue])? in
                if case .array(let elements) = member.value { return (member.name, elements) }
                return nil
            }
            guard
                let list = arrays.first(where: { $0.name == "runs" }) ?? (arrays.count == 1 ? arrays[0] : nil)
            else { return nil }
            entries = list.elements
        case .null, .bool, .number, .string: return nil
        }
        runs = entries.compactMap { RunSighting($0, delay: delay) }
        unreadable = entries.count - runs.count
        next = value["next"]?.name
        cursor = value["cursor"]?.name
    }
}
