import Replay

/// Who observes a replay, and a witness who is told of each exchange as well.
struct WitnessedSink<Sink: ObservedSink>: ObservedSink {
    private(set) var sink: Sink
    private let witness: @Sendable (ObservedExchange) -> Void

    init(_ sink: Sink, witness: @escaping @Sendable (ObservedExchange) -> Void) {
        self.sink = sink
        self.witness = witness
    }

    var isObserving: Bool { true }

    mutating func observe(_ exchange: consuming ObservedExchange) throws {
        witness(exchange)
        if sink.isObserving { try sink.observe(exchange) }
    }
}
