/// Whether lateness grows: the mean send error of the first requests beside that of the last.
package struct Drift: Sendable {
    package static let count = 100

    private var firstSum: UInt64 = 0
    private var firstCount = 0
    private var ring: [UInt64] = []
    private var next = 0
    /// Of the last request, in microseconds.
    package private(set) var final: Double = 0

    package init() {
        ring.reserveCapacity(Self.count)
    }

    package mutating func record(nanoseconds: UInt64) {
        let microseconds = nanoseconds / 1_000
        final = Double(nanoseconds) / 1_000
        if firstCount < Self.count {
            firstCount += 1
            firstSum &+= microseconds
        }
        if ring.count < Self.count {
            ring.append(microseconds)
        } else {
            ring[next] = microseconds
            next = (next + 1) % Self.count
        }
    }

    /// Mean of the first hundred, in microseconds.
    package var first: Double { firstCount == 0 ? 0 : Double(firstSum) / Double(firstCount) }

    /// Mean of the last hundred, in microseconds.
    package var last: Double {
        ring.isEmpty ? 0 : Double(ring.reduce(0, &+)) / Double(ring.count)
    }
}
