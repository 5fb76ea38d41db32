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
    var bonds: Bonds

    /// What it has to do with the answers to other requests.
    package var ties: RequestTies {
        get { bonds.ties }
        set { bonds = Bonds(newValue) }
    }

    package init(
        request: PreparedRequest,
        intended: MonotonicTime,
        loop: UInt32,
        copy: UInt32 = 0,
        session: SessionKey = .none,
        delivery: Delivery = Delivery()
    ) {
        self.init(
            request: request,
            intended: intended,
            loop: loop,
            copy: copy,
            session: session,
            delivery: delivery,
            bonds: .none
        )
    }

    init(
        request: PreparedRequest,
        intended: MonotonicTime,
        loop: UInt32,
        copy: UInt32,
        session: SessionKey,
        delivery: Delivery,
        bonds: Bonds
    ) {
        self.request = request
        self.intended = intended
        self.loop = loop
        self.copy = copy
        self.session = session
        self.delivery = delivery
        self.bonds = bonds
        cost = request.cost
    }
}

extension ScheduledRequest {
    /// Whether it has nothing to do with the answers to other requests, nor they with its own.
    var hasNoTies: Bool { bonds.isEmpty }

    /// Whether some of its values are put in when it is sent.
    var takesValues: Bool { bonds.takesValues }

    /// Whether later requests wait for its answer.
    var isAwaited: Bool { bonds.isAwaited }
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
