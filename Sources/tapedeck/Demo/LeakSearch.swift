import MeshTarget
import TraceFiles
import Traces

/// Looks for values that were planted in traffic in the trace that was made of it.
struct LeakSearch {
    /// What came of a search.
    struct Result {
        /// Values that were looked for.
        var planted: Int
        /// The kinds of those that were found; values are never shown.
        var found: [String]
    }

    private let plants: [TrafficPlan.Plant]

    init(_ plants: [TrafficPlan.Plant]) {
        self.plants = plants
    }

    /// Reads every head, body and trailer of the trace. O(bytes × values).
    func search(_ path: String) throws -> Result {
        let reader = try TraceOpening.open(path)
        var found: Set<Int> = []
        let needles = plants.map { Array($0.value.utf8) }
        try reader.forEachMessage { message in
            for bytes in [message.head.bytes, message.body, message.end.trailers] where !bytes.isEmpty {
                let index = ByteIndex(bytes)
                for (number, needle) in needles.enumerated()
                where !found.contains(number) && index.contains(needle) {
                    found.insert(number)
                }
            }
        }
        return Result(planted: plants.count, found: found.sorted().map { plants[$0].kind })
    }
}

/// Which pairs of bytes occur where, so that most values are ruled out by their first two bytes.
private struct ByteIndex {
    private let bytes: [UInt8]
    private var positions: [UInt16: [Int]] = [:]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        for index in bytes.indices.dropLast() {
            positions[UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), default: []].append(index)
        }
    }

    func contains(_ needle: [UInt8]) -> Bool {
        guard needle.count >= 2 else { return false }
        let pair = UInt16(needle[0]) << 8 | UInt16(needle[1])
        return positions[pair, default: []].contains { bytes[$0...].starts(with: needle) }
    }
}
