extension ExecutionBook {
    /// One delivery that was accepted, and what was seen of its run.
    struct Execution: Sendable {
        /// What was seen of one run.
        struct Look: Sendable {
            var sighting: RunSighting
            /// When its end was seen here.
            var seen: Int64?

            /// A later look never takes an end back.
            mutating func add(_ sighting: RunSighting, at time: Int64) {
                self.sighting = sighting.completing(self.sighting)
                if sighting.state.isFinal { seen = seen ?? time }
            }
        }

        var tenant: String
        /// Whether an answer has named its run.
        let isNamed: Bool
        /// Nanoseconds since 1970, here: when the request was sent, and when its answer was there.
        var sent: Int64
        var accepted: Int64
        /// What its workflow is told to wait, in nanoseconds.
        var delay: UInt64
        /// The run that the answer names; that with the mark, where it names none.
        private(set) var own: Look?
        /// Other runs with the mark of the request, by their names.
        var twins: [String: Look] = [:]
        /// Whether it has told of the target's clock.
        var isSampled = false
        /// Answers that accepted it: more than one where a delivery was repeated.
        var answers: UInt64 = 1
        /// Whether a stage before knew its run, and saw no end of it.
        var isOfBefore = false

        init(tenant: String, isNamed: Bool, sent: Int64, accepted: Int64, delay: UInt64) {
            self.tenant = tenant
            self.isNamed = isNamed
            self.sent = sent
            self.accepted = accepted
            self.delay = delay
        }

        /// The look that counts: a twin's only where nothing else was seen, as where the answer's name is no run's.
        private var look: Look? {
            if let own { return own }
            let looks = twins.sorted { $0.key < $1.key }.map(\.value)
            return looks.first { $0.sighting.state.isFinal } ?? looks.first
        }

        var sighting: RunSighting? { look?.sighting }
        var seen: Int64? { look?.seen }
        var isOver: Bool { sighting?.state.isFinal ?? false }
        /// The runs that it is known to have.
        var names: Set<String> { Set(twins.keys).union([own?.sighting.id ?? ""]).subtracting([""]) }
        /// Whether the name of its run is still to come.
        var wantsName: Bool { !isNamed && own?.sighting.id ?? "" == "" }

        /// Runs beyond the one that was asked for.
        var duplicates: Int { max(0, twins.count + (own == nil || own?.sighting.id == "" ? 0 : 1) - 1) }

        /// Takes a look at a run with its name or mark; `key` is what it is kept by.
        mutating func note(_ sighting: RunSighting, key: String, at time: Int64) {
            // One known by its mark takes the first name it meets for its own.
            let isOwn =
                sighting.id.isEmpty || sighting.id == key
                || !isNamed && own.map { $0.sighting.isSame(as: sighting) } ?? true
            let new = Look(sighting: sighting, seen: sighting.state.isFinal ? time : nil)
            if isOwn {
                if own == nil { own = new } else { own?.add(sighting, at: time) }
            } else if twins[sighting.id] == nil {
                twins[sighting.id] = new
            } else {
                twins[sighting.id]?.add(sighting, at: time)
            }
        }

        /// Whether the run is one of before: its delivery came here once more. `offset` is by how much the target's clock is
        /// ahead.
        ///
        /// A run without an end is one only where a stage before has counted it: nothing that may be lost is left out.
        func isRepetition(offset: Int64) -> Bool {
            guard let sighting, isOver || isOfBefore else { return false }
            return Self.isOlder(sighting, than: sent, offset: offset)
        }

        /// Whether a run was made before `time`, as far as its moment tells.
        static func isOlder(_ run: RunSighting, than time: Int64, offset: Int64) -> Bool {
            guard let created = run.created else { return false }
            return ClockAgreement.latest(created) < time + offset - ClockAgreement.precision
        }
    }
}
