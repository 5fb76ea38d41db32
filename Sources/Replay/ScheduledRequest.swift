package import Correlation

/// A request with the time at which it is to be sent.
package struct ScheduledRequest: Sendable {
    package var request: PreparedRequest
    package var intended: MonotonicTime
    /// 0 for the first pass over the trace.
    package var loop: UInt32
    /// 0 for the recorded session itself, from 1 on for its copies.
    package var copy: UInt32
    /// ``SessionKey/none`` where the plan does not ask for sessions.
    package var session: SessionKey
    package var delivery: Delivery
    /// How much memory it took when it was scheduled, roughly, in bytes.
    package let cost: Int
    /// ``ties``, where there are any: a request is handed from queue to queue, and most have none.
    private var bonds: Bonds?

    /// What it has to do with the answers to other requests.
    package var ties: RequestTies {
        get { bonds?.ties ?? RequestTies() }
        set { bonds = newValue.matters ? Bonds(newValue) : nil }
    }

    package init(
        request: PreparedRequest,
        intended: MonotonicTime,
        loop: UInt32,
        copy: UInt32 = 0,
        session: SessionKey = .none,
        delivery: Delivery = Delivery()
    ) {
        self.request = request
        self.intended = intended
        self.loop = loop
        self.copy = copy
        self.session = session
        self.delivery = delivery
        cost = request.cost
    }
}

extension ScheduledRequest {
    private final class Bonds: Sendable {
        let ties: RequestTies

        init(_ ties: RequestTies) {
            self.ties = ties
        }
    }

    /// Whether it has nothing to do with the answers to other requests, nor they with its own.
    var hasNoTies: Bool { bonds == nil }

    /// Whether some of its values are put in when it is sent.
    var takesValues: Bool { bonds?.ties.bindings.isEmpty == false }

    /// Whether later requests wait for its answer.
    var isAwaited: Bool { bonds?.ties.isAwaited ?? false }
}

extension RequestTies {
    /// Whether sending the request or its answer differs in anything from a request without ties.
    fileprivate var matters: Bool {
        isAwaited || !bindings.isEmpty || !sources.isEmpty || !after.isEmpty
    }
}

/// What is unusual about a delivery, compared with the recorded one.
package struct Delivery: Hashable, Sendable {
    /// What a sender's habits did to it.
    package struct Habits: OptionSet, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Sent once more although it arrived.
        package static let duplicate = Habits(rawValue: 1)
        package static let late = Habits(rawValue: 2)
        package static let reordered = Habits(rawValue: 4)
        /// Held back and sent together with others.
        package static let burst = Habits(rawValue: 8)
    }

    package var habits: Habits = []
    /// 0 for the first attempt, from 1 on for retries.
    package var attempt: UInt8 = 0
    /// When the first attempt was due; 0 for a first attempt.
    package var firstIntended: MonotonicTime = 0

    package init() {}
}
