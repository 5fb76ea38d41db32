import LoadPlans

/// What the servers say of their version to which a plan names connections.
enum DatabaseVersion {
    /// Milliseconds and bytes that an answer may take; whoever does not answer is told elsewhere.
    private static let patience: Int32 = 5_000
    private static let limit = 64 << 10
    private static let length = 100

    static func notes(of plan: LoadPlan) -> [LoadPlan.Note] {
        var notes: [LoadPlan.Note] = []
        for place in [plan.observers.postgres, plan.executions?.query?.connection].compactMap({ $0 }) {
            guard let version = version(place) else { continue }
            let note = LoadPlan.Note(name: "PostgreSQL", text: version)
            if !notes.contains(note) { notes.append(note) }
        }
        return notes
    }

    private static func version(_ place: String) -> String? {
        guard let client = try? DatabaseClient(place) else { return nil }
        var found: String?
        try? client.ask("select current_setting('server_version');\n", patience: patience, limit: limit) {
            line in
            // What is no number is an error.
            guard found == nil, let first = line.first, (0x30...0x39).contains(first) else { return }
            found = String(decoding: line.prefix(length), as: UTF8.self)
        }
        return found
    }
}
