import Bytes

/// Cuts a stream into lines; one that is longer than ``limit`` is handed over in pieces, each of which begins with the last
/// ``overlap`` bytes of the one before, so that what stands where it was cut is whole in one of them.
package struct StreamLines: Sendable {
    package static let limit = 1 << 20
    package static let overlap = 4_096

    private var line: [UInt8] = []

    package init() {}

    /// Takes a piece of the stream; `take` is given each line that is whole, without its end.
    package mutating func feed(_ piece: Span<UInt8>, _ take: ([UInt8]) -> Void) {
        var start = 0
        while start < piece.count {
            let end = piece.firstIndex(of: 0x0A, from: start)
            line.append(contentsOf: Array(piece.extracting(start..<(end ?? piece.count))))
            if end != nil {
                take(line)
                // There may be thousands of streams, and a long line in each once.
                line.removeAll(keepingCapacity: line.capacity <= Self.overlap)
            } else if line.count >= Self.limit {
                take(line)
                line.removeFirst(line.count - Self.overlap)
            }
            start = (end ?? piece.count) + 1
        }
    }

    /// The words of a line that may be names of runs: letters, digits, `-` and `_`, 8 to 64 of them. Digits alone are too
    /// often something else, such as a moment.
    package static func names(in line: [UInt8]) -> [String] {
        line.split { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: false
            default: true
            }
        }
        .filter { (8...64).contains($0.count) && !$0.allSatisfy { (0x30...0x39).contains($0) } }
        .map { String(decoding: $0, as: UTF8.self) }
    }
}
