import JSON

extension ExecutionRule {
    /// Where the last step of a workflow reports that its run is over: a listener of the replayer's own.
    package struct Callback: Hashable, Sendable {
        /// An address of this machine, and a port that the target's workflows post to.
        package var host: String
        package var port: UInt16
        /// The only path that is one; `nil` for every path.
        package var path: String?
        /// Where a callback has the name of the run, tried in turn.
        package var names: [Place] = [.header("X-Run-Id"), .json(["run_id"])]
        /// Where it has what the request that set the run going was marked with.
        package var marks: [Place] = [.header("X-Correlation-Id"), .json(["correlation_id"])]
        /// Where it says how the run ended, in the words of a list of runs; one that says nothing went well.
        package var status: [Place] = [.json(["status"])]

        /// Values of a body in JSON beyond which it is no callback.
        private static let valueLimit = 10_000

        package init(host: String, port: UInt16) {
            self.host = host
            self.port = port
        }

        /// Whether a request to `target` is one.
        package func takes(target: String) -> Bool {
            path.map { $0 == target.prefix { $0 != "?" } } ?? true
        }

        /// The run that a callback tells of; `nil` where it names none, or says in unknown words how it ended.
        ///
        /// One that has only the mark of the request has no name of its own.
        package func sighting(body: Span<UInt8>, field: (String) -> String?) -> RunSighting? {
            let value = try? JSONValue(parsing: body, maximumCount: Self.valueLimit)
            let name = Place.text(at: names, field: field) { value }
            let mark = Place.text(at: marks, field: field) { value }
            guard name != nil || mark != nil else { return nil }
            var state = RunSighting.State.succeeded
            if let word = Place.text(at: status, field: field, json: { value }) {
                guard let known = RunSighting.State(word) else { return nil }
                state = known
            }
            var sighting = RunSighting(id: name ?? "", state: state)
            sighting.correlation = mark
            return sighting
        }
    }
}
