/// Where planted values turned up that should not have.
package struct CanaryTally: Hashable, Sendable {
    /// Whose value was seen where, in words that hold nothing of the value.
    package struct Finding: Hashable, Sendable {
        package var kind: CanaryMint.Kind
        /// Whose it is; empty for nobody's.
        package var owner: String
        /// A route, a list, a stream or a command.
        package var place: String
        /// Who was shown it; empty for nobody in particular.
        package var reader: String

        package init(kind: CanaryMint.Kind, owner: String, place: String, reader: String) {
            self.kind = kind
            self.owner = owner
            self.place = place
            self.reader = reader
        }

        package var sentence: String {
            let what = kind == .secret ? "a planted secret" : "planted data"
            let whose = owner.isEmpty ? what : "\(what) of \(owner)"
            return reader.isEmpty ? "\(whose) in \(place)" : "\(whose) in \(place), read by \(reader)"
        }
    }

    /// Findings and places that are told apart; further findings are counted with the rest.
    package static let limit = 200

    /// Values planted.
    package private(set) var planted: UInt64 = 0
    /// Bytes looked through.
    package private(set) var searched: UInt64 = 0
    package private(set) var found: UInt64 = 0
    package private(set) var findings: [Finding: UInt64] = [:]
    /// Places that could not be looked through.
    package private(set) var unsearched: [String] = []

    package init() {}

    package mutating func plant(_ count: Int) { planted += UInt64(count) }

    /// Notes what was found in so many bytes. `reader` may see data that is its own; a reader that is not known, `nil`, is
    /// only held to secrets.
    package mutating func search(
        _ sightings: Set<CanaryMint.Sighting>,
        bytes: Int,
        place: String,
        reader: String?,
        tenants: [String]
    ) {
        searched += UInt64(bytes)
        for sighting in sightings {
            let owner =
                (1...max(1, tenants.count)).contains(sighting.owner) && !tenants.isEmpty
                ? tenants[sighting.owner - 1] : ""
            if sighting.kind == .data, reader == nil || reader == owner { continue }
            found += 1
            let finding = Finding(kind: sighting.kind, owner: owner, place: place, reader: reader ?? "")
            if findings[finding] != nil || findings.count < Self.limit { findings[finding, default: 0] += 1 }
        }
    }

    /// Notes a place that could not be looked through, once; of more than ``limit`` the first.
    package mutating func miss(_ place: String) {
        if unsearched.count < Self.limit, !unsearched.contains(place) { unsearched.append(place) }
    }

    /// The row of all of it; one where nothing was planted, or not everything was looked through, is no pass.
    package var row: AcceptanceRow {
        let isWhole = planted > 0 && searched > 0 && unsearched.isEmpty
        return AcceptanceRow(
            criterion: "planted values found = 0",
            verdict: found > 0 ? .fail : isWhole ? .pass : .unknown,
            value: found > 0 || isWhole ? Double(found) : nil,
            unit: .count,
            stage: nil,
            tenant: findings.keys.map(\.owner).filter { !$0.isEmpty }.min()
        )
    }

    /// A sentence for each finding, the most frequent first.
    package var sentences: [String] {
        findings.sorted { ($1.value, $0.key.sentence) < ($0.value, $1.key.sentence) }
            .map { "\($0.key.sentence), \($0.value) time\($0.value == 1 ? "" : "s")" }
            + unsearched.map { "\($0) could not be searched for planted values" }
    }
}
