/// Holds the events of one stream against the recorded ones, as they come.
///
/// Events are the same that have the same key; of several with one key, the first of one side answers the first of the
/// other. While everything comes as recorded, a place is all that is kept.
package struct EventMatcher: Sendable {
    package struct Counts: Hashable, Sendable {
        package var received: UInt64 = 0
        /// Recorded ones that came.
        package var matched: UInt64 = 0
        /// Of the matched ones, those that came after one that was recorded later.
        package var outOfOrder: UInt64 = 0
        /// Came once more than recorded.
        package var duplicated: UInt64 = 0
        /// Came in the place of a recorded one, with other content.
        package var changed: UInt64 = 0
        /// Recorded and not come.
        package var missing: UInt64 = 0
        /// Came beyond what was recorded.
        package var unexpected: UInt64 = 0

        package init() {}
    }

    /// What an event that came is.
    package enum Finding: Hashable, Sendable {
        /// The recorded one with this place.
        case matched(Int)
        case duplicated
        case unexpected
    }

    /// Ids of unexpected events that are remembered, to know them when they come again.
    private static let rememberedIDs = 4_096

    private let recorded: RecordedStream?
    /// The recorded one that is expected next.
    private var next = 0
    /// The latest one that has come, -1 for none.
    private var latest = -1
    /// By place, from where things first came otherwise than recorded; empty while they did not.
    private var hasCome: [UInt64] = []
    private var strangers: Set<UInt64> = []
    private var unexpectedIDs: UInt64 = 0
    private var hasMatchedID = false
    private var counts = Counts()

    package init(_ recorded: RecordedStream?) {
        self.recorded = recorded
    }

    package var received: UInt64 { counts.received }

    /// Whether each recorded event has come, or as many as recorded.
    package var isComplete: Bool {
        guard let recorded else { return true }
        let count = UInt64(recorded.events.count)
        return counts.matched >= count || counts.received &- counts.duplicated >= count
    }

    /// Takes the next event that came. O(1) for what comes as recorded, else O(log n).
    package mutating func receive(_ key: EventKey) -> Finding {
        counts.received += 1
        guard let recorded else { return takeStranger(key) }
        let events = recorded.events
        if next < events.count, events[next].key == key, key != .unknown {
            let place = next
            take(place, key)
            return .matched(place)
        }
        // From here on places are told apart.
        if hasCome.isEmpty, !events.isEmpty {
            hasCome = [UInt64](repeating: 0, count: (events.count + 63) / 64)
            for place in 0..<next { set(place) }
        }
        let found = recorded.first(key) { !isSet($0) }
        guard let place = found.place else {
            guard found.exists else { return takeStranger(key) }
            counts.duplicated += 1
            return .duplicated
        }
        take(place, key)
        return .matched(place)
    }

    private mutating func take(_ place: Int, _ key: EventKey) {
        counts.matched += 1
        if key.isID { hasMatchedID = true }
        if place < latest { counts.outOfOrder += 1 }
        latest = max(latest, place)
        if !hasCome.isEmpty { set(place) }
        next = max(next, place + 1)
        let count = recorded?.events.count ?? 0
        while next < count, isSet(next) { next += 1 }
    }

    private mutating func takeStranger(_ key: EventKey) -> Finding {
        if key.isID {
            if strangers.contains(key.digest) {
                counts.duplicated += 1
                return .duplicated
            }
            if strangers.count < Self.rememberedIDs { strangers.insert(key.digest) }
            unexpectedIDs += 1
        }
        counts.unexpected += 1
        return .unexpected
    }

    private func isSet(_ place: Int) -> Bool {
        !hasCome.isEmpty && hasCome[place / 64] & 1 << UInt64(place % 64) != 0
    }

    private mutating func set(_ place: Int) { hasCome[place / 64] |= 1 << UInt64(place % 64) }

    /// The counts of a stream that is over; of the recorded events, only those up to `horizon` are missed.
    ///
    /// What came in the place of another counts as changed: by content always, by id only where the ids of the whole
    /// stream are others, since an id that is known says which event it is.
    package func finished(horizon: Int64 = .max) -> Counts {
        var counts = counts
        guard let recorded else { return counts }
        var missing: UInt64 = 0
        var missingIDs: UInt64 = 0
        for (place, event) in recorded.events.enumerated() {
            if event.offset > horizon { break }
            if hasCome.isEmpty ? place < next : isSet(place) { continue }
            missing += 1
            if event.key.isID { missingIDs += 1 }
        }
        let strangers = counts.unexpected - (hasMatchedID ? unexpectedIDs : 0)
        let changed = min(missing - (hasMatchedID ? missingIDs : 0), strangers)
        counts.changed = changed
        counts.missing = missing - changed
        counts.unexpected -= changed
        return counts
    }
}
