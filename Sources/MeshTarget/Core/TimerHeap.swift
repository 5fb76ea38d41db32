/// Moments at which something is due, earliest first; equal moments in the order they were set.
///
/// Setting and taking cost O(log n).
package struct TimerHeap<Event: Sendable>: Sendable {
    private struct Entry: Sendable {
        var deadline: MeshTime
        var number: UInt64
        var event: Event

        func isBefore(_ other: Entry) -> Bool {
            (deadline, number) < (other.deadline, other.number)
        }
    }

    private var entries: [Entry] = []
    private var nextNumber: UInt64 = 0

    package init() {}

    /// How many events are to come.
    package var count: Int { entries.count }

    /// When the next event is due.
    package var deadline: MeshTime? { entries.first?.deadline }

    package mutating func set(_ event: Event, at deadline: MeshTime) {
        entries.append(Entry(deadline: deadline, number: nextNumber, event: event))
        nextNumber &+= 1
        var child = entries.count - 1
        while child > 0, entries[child].isBefore(entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes the earliest event if it is due at `now`.
    package mutating func takeDue(at now: MeshTime) -> (deadline: MeshTime, event: Event)? {
        guard let first = entries.first, first.deadline <= now else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return (first.deadline, first.event)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].isBefore(entries[least]) { least = child }
            }
            guard least != parent else { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
