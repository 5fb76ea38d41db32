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
                    $0.kind == $1.kind && ($0.kind != .mark || $0.bytes == $1.bytes)
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
            if first[index].kind == .moment, Set(bytes).count > 1 {
                parts += Self.parts(ofMoments: bytes)
            } else if bytes.allSatisfy({ $0 == bytes[0] }) {
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
        enum Kind {
            /// Letters and digits.
            case run
            /// A moment, of which all parts move on in time, whichever of them did while it was learned.
            case moment
            /// A byte between them.
            case mark
        }

        var bytes: [UInt8]
        var kind: Kind
    }

    /// Moments, runs of letters and digits, and the bytes between them one by one.
    private static func tokens(_ bytes: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let isRun = Class.alphanumeric.contains(byte)
            if isRun, tokens.last?.kind == .run {
                tokens[tokens.count - 1].bytes.append(byte)
                index += 1
            } else if isRun, let end = MomentText.end(in: bytes.span, from: index) {
                tokens.append(Token(bytes: Array(bytes[index..<end]), kind: .moment))
                index = end
            } else {
                tokens.append(Token(bytes: [byte], kind: isRun ? .run : .mark))
                index += 1
            }
        }
        return tokens
    }

    /// Digits and letters of moments in one spelling; where there are several, a length and nothing else.
    private static func parts(ofMoments moments: [[UInt8]]) -> [Part] {
        let first = moments[0]
        func kind(_ byte: UInt8) -> UInt8 {
            byte.isASCIIDigit
                ? 0x30 : Class.letter.contains(byte) && byte != 0x54 && byte != 0x5A ? 0x61 : byte
        }
        guard moments.allSatisfy({ $0.map(kind) == first.map(kind) }) else {
            let counts = moments.map(\.count)
            return [.run(.any, (counts.min() ?? 0)...(counts.max() ?? 0))]
        }
        var parts: [Part] = []
        for byte in first.map(kind) {
            let set: Class? = byte == 0x30 ? .digit : byte == 0x61 ? .letter : nil
            switch (set, parts.last) {
            case (let set?, .run(set, let counts)):
                parts[parts.count - 1] = .run(set, counts.lowerBound + 1...counts.upperBound + 1)
            case (let set?, _): parts.append(.run(set, 1...1))
            case (nil, .literal(let before)): parts[parts.count - 1] = .literal(before + [byte])
            case (nil, _): parts.append(.literal([byte]))
            }
        }
        return parts
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

    /// Whether the runs are numbers that lie so close together that something counts them: where it begins anew they are
    /// shorter, and longer when it has gone on. Counters that began in several places lie close together around each.
    private static func areCounted(_ runs: [[UInt8]]) -> Bool {
        let numbers = runs.compactMap {
            $0.allSatisfy(\.isASCIIDigit) ? Int(String(decoding: $0, as: UTF8.self)) : nil
        }
        guard numbers.count == runs.count, let least = numbers.min(), let most = numbers.max() else {
            return false
        }
        if most - least <= most / 2 { return true }
        let sorted = Set(numbers).sorted()
        guard sorted.count >= fewestCounted else { return false }
        let steps = zip(sorted, sorted.dropFirst()).map { $1 - $0 }.sorted()
        // Of numbers drawn by chance half the steps are shorter than seven tenths of the mean step.
        return steps[steps.count / 2] < (most - least) / steps.count / 16
    }

    /// Of fewer numbers that lie far apart nothing is believed.
    private static let fewestCounted = 16

    private static func likelyCounts(of runs: [[UInt8]]) -> ClosedRange<Int> {
        let counts = runs.map(\.count)
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        let hasLeadingZero = runs.contains { $0.first == 0x30 && $0.count > 1 }
        let distinct = Set(runs).count
        if !hasLeadingZero, least < 8, areCounted(runs) { return 1...min(longestRun, most + slack) }
        // Of numbers of up to n digits one in ten is shorter than n.
        if least == most, hasLeadingZero || distinct >= 66 || least >= 8 { return least...most }
        return max(1, least - slack)...min(longestRun, most + slack)
    }
}
