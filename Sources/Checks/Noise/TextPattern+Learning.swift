import Bytes

extension TextPattern {
    /// A chance so small that what it would take is not believed to be one.
    static let chance = 0.001
    /// How much longer or shorter a run may get than any that was seen, as long as few were.
    static let slack = 2

    /// The narrowest pattern that `texts` give reason to believe in; at least two texts are needed.
    ///
    /// Texts that have the same bytes between their runs of letters and digits get a class and a length for each run
    /// that differs. A narrow class is believed only where texts of the next wider one would look like it with less
    /// chance than ``chance``, and a fixed length only where numbers written without zeros in front would have shown
    /// another. Others get nothing but a range of lengths.
    package init?(covering texts: [String]) {
        guard texts.count > 1 else { return nil }
        let tokenized = texts.map { Self.tokens(Array($0.utf8)) }
        let first = tokenized[0]
        let isAligned = tokenized.allSatisfy { tokens in
            tokens.count == first.count
                && zip(tokens, first).allSatisfy {
                    $0.isRun == $1.isRun && ($0.isRun || $0.bytes == $1.bytes)
                }
        }
        guard isAligned, !first.isEmpty else {
            let counts = texts.map(\.utf8.count)
            let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
            self.init([.run(.any, (least / 2)...min(Self.longestRun, most * 2 + Self.slack))])
            return
        }
        var parts: [Part] = []
        for index in first.indices {
            let bytes = tokenized.map { $0[index].bytes }
            if bytes.allSatisfy({ $0 == bytes[0] }) {
                if case .literal(let before)? = parts.last {
                    parts[parts.count - 1] = .literal(before + bytes[0])
                } else {
                    parts.append(.literal(bytes[0]))
                }
            } else {
                parts.append(.run(Self.likelyClass(of: bytes), Self.likelyCounts(of: bytes)))
            }
        }
        self.init(parts)
    }

    private struct Token {
        var bytes: [UInt8]
        var isRun: Bool
    }

    /// Runs of letters and digits, and the bytes between them one by one.
    private static func tokens(_ bytes: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        for byte in bytes {
            let isRun = Class.alphanumeric.contains(byte)
            if isRun, tokens.last?.isRun == true {
                tokens[tokens.count - 1].bytes.append(byte)
            } else {
                tokens.append(Token(bytes: [byte], isRun: isRun))
            }
        }
        return tokens
    }

    /// The narrowest class that holds all bytes and that no wider one would have shown by chance.
    private static func likelyClass(of runs: [[UInt8]]) -> Class {
        let count = runs.reduce(0) { $0 + $1.count }
        let fitting = Class.allCases.filter { set in
            set != .any && runs.allSatisfy { $0.allSatisfy(set.contains) }
        }.sorted { $0.size < $1.size }
        for (index, set) in fitting.enumerated() {
            let wider = fitting[(index + 1)...].first { $0.size > set.size }
            guard let wider else { return set }
            var chance = 1.0
            for _ in 0..<min(count, 4_096) where chance >= Self.chance {
                chance *= Double(set.size) / Double(wider.size)
            }
            if chance < Self.chance { return set }
        }
        return .alphanumeric
    }

    private static func likelyCounts(of runs: [[UInt8]]) -> ClosedRange<Int> {
        let counts = runs.map(\.count)
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        let hasLeadingZero = runs.contains { $0.first == 0x30 && $0.count > 1 }
        let distinct = Set(runs).count
        // Of numbers of up to n digits one in ten is shorter than n.
        if least == most, hasLeadingZero || distinct >= 66 || least >= 8 { return least...most }
        return max(1, least - slack)...min(longestRun, most + slack)
    }
}
