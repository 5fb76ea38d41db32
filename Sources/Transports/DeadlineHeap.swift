package import Replay

/// Moments at which slots are to be looked at, the earliest first.
///
/// Nothing is taken out before its time: whoever no longer waits for an entry passes it over when it comes.
package struct DeadlineHeap {
    package struct Entry {
        package var time: MonotonicTime
        package var slot: Int
        /// The request of the slot that it was made for.
        package var serial: UInt32

        package init(time: MonotonicTime, slot: Int, serial: UInt32) {
            self.time = time
            self.slot = slot
            self.serial = serial
        }
    }

    private var entries: [Entry] = []

    package init() {}

    package var first: MonotonicTime? { entries.first?.time }
    package var count: Int { entries.count }

    /// O(log n).
    package mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].time < entries[parent].time else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes out the earliest entry, if its time has come. O(log n).
    package mutating func popDue(_ now: MonotonicTime) -> Entry? {
        guard let due = entries.first, due.time <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child].time < entries[least].time {
                least = child
            }
            if least == parent { return due }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
