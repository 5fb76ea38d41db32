/// A value that a request gets when it is sent.
package struct ValueBinding: Hashable, Sendable {
    /// Where it is from.
    package enum Origin: Hashable, Sendable {
        /// The answer to an exchange of the same pass: which source of the plan, and which of its values.
        case answer(exchange: UInt64, source: Int, number: Int)
        case fixed([UInt8])
        /// A recorded value that spells a moment, moved by the time since `recorded`, in nanoseconds since 1970.
        case moved(recorded: Int64, [UInt8])
    }

    /// The index of its spot among those of the plan.
    var spot: Int
    /// Which of the values there.
    var number: Int
    package var origin: Origin

    /// `value` in the place of the recorded one.
    package func replacement(_ value: [UInt8]) -> RequestDraft.Replacement {
        RequestDraft.Replacement(number: number, value: value)
    }
}

/// What a request has to do with answers: its values from earlier ones, and whether later ones take from its own.
package struct RequestTies: Sendable {
    package static let none = RequestTies()

    /// In the order of their spots.
    package var bindings: [ValueBinding] = []
    /// The sources of the plan for which its answer is read.
    package var sources: [Int] = []
    /// Earlier requests about the same thing, answered before this one was made: it is sent after their answers.
    package var after: [UInt64] = []
    /// Later requests wait for its answer, whether or not they take a value from it.
    package var isAwaited = false
    /// The answers that said what the request is about, and who asks.
    var threads: [UInt64] = []
    /// When it was made, in nanoseconds since 1970.
    var start: Int64 = 0
    /// It has a value for which no map has another.
    package var isUnmapped = false

    package init() {}
}
