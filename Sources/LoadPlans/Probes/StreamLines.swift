import Bytes

/// Cuts a stream into lines; one that is longer than ``limit`` is handed over in pieces.
package struct StreamLines: Sendable {
    package static let limit = 1 << 20

    private var line: [UInt8] = []

    package init() {}

    /// Takes a piece of the stream; `take` is given each line that is whole, without its end.
    package mutating func feed(_ piece: Span<UInt8>, _ take: ([UInt8]) -> Void) {
        var start = 0
        while start < piece.count {
            let end = piece.firstIndex(of: 0x0A, from: start)
            line.append(contentsOf: Array(piece.extracting(start..<(end ?? piece.count))))
            if end != nil || line.count >= Self.limit {
                take(line)
                line.removeAll(keepingCapacity: true)
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
