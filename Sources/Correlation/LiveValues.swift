import Messages

/// An exchange of one pass over the trace.
package struct AnswerKey: Hashable, Sendable {
    package var exchange: UInt64
    /// What tells passes and copies apart.
    package var pass: UInt64

    package init(exchange: UInt64, pass: UInt64) {
        self.exchange = exchange
        self.pass = pass
    }
}

/// What the target has answered so far, as far as requests take values from it.
package struct LiveValues: Sendable {
    /// The bounds of what is kept at once.
    package struct Limits: Hashable, Sendable {
        /// Answers whose values are kept; beyond that the oldest are forgotten.
        package var answers = 1 << 18
        /// Bytes of their values.
        package var bytes = 64 << 20

        package init() {}
    }

    private enum State {
        case awaited
        case known([Int: [[UInt8]]], bytes: Int)
    }

    private let table: PlanTable
    private let limits: Limits
    private var states: [AnswerKey: State] = [:]
    /// The keys of answers that are there, in order; before `first` they are forgotten.
    private var order: [AnswerKey] = []
    private var first = 0
    private var bytes = 0
    /// Answers that were forgotten.
    package private(set) var forgotten: UInt64 = 0

    package init(_ plan: CorrelationPlan, limits: Limits = Limits()) {
        table = PlanTable(plan)
        self.limits = limits
    }

    /// Says that a request will be sent whose answer has values.
    package mutating func expect(_ key: AnswerKey) {
        states[key] = .awaited
    }

    /// Whether an answer is still to come.
    package func isAwaited(_ key: AnswerKey) -> Bool {
        if case .awaited = states[key] { true } else { false }
    }

    /// Takes an answer, its body without transfer coding; what cannot be read has no values.
    package mutating func take(_ key: AnswerKey, head: [UInt8], body: [UInt8], sources: [Int]) {
        guard case .awaited = states[key],
            let head = try? Head(parsing: Self.versioned(head), kind: .response)
        else { return }
        let content = MessageContent(head: head, body: body)
        var values: [Int: [[UInt8]]] = [:]
        var size = 64
        for source in sources {
            let found = content.values(at: table.sources[source].take)
            guard !found.isEmpty else { continue }
            values[source] = found
            size += found.reduce(64) { $0 + $1.count + 32 }
        }
        states[key] = .known(values, bytes: size)
        bytes += size
        order.append(key)
        while order.count - first > limits.answers || bytes > limits.bytes && order.count - first > 1 {
            forget()
        }
    }

    /// Says that nothing more will come of an answer; what is there stays.
    package mutating func settle(_ key: AnswerKey) {
        if case .awaited = states[key] { states[key] = nil }
    }

    /// A value of an answer; `nil` where the answer is not there or has none.
    package func value(_ key: AnswerKey, source: Int, number: Int) -> [UInt8]? {
        guard case .known(let values, _) = states[key], let found = values[source], number < found.count,
            !found[number].isEmpty
        else { return nil }
        return found[number]
    }

    /// Where in a request the value of a binding goes.
    package func spot(of binding: ValueBinding) -> ValueSpot { table.spots[binding.spot] }

    private mutating func forget() {
        if case .known(_, let size)? = states.removeValue(forKey: order[first]) {
            bytes -= size
            forgotten += 1
        }
        first += 1
        if first > 1_024, first * 2 > order.count {
            order.removeFirst(first)
            first = 0
        }
    }

    /// A head whose version is one that heads are read in: what came over HTTP/2 and HTTP/3 is written as text.
    private static func versioned(_ head: [UInt8]) -> [UInt8] {
        guard head.count > 7, head[..<5].elementsEqual("HTTP/".utf8), head[6] == 0x20 else { return head }
        return Array("HTTP/1.1".utf8) + head[6...]
    }
}
