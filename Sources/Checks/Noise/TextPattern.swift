import Bytes

/// A form that texts share: runs of letters and digits of a class and a length, between bytes that are always the same.
///
/// It is written as a regular expression is, of which it is a small part: `run_[0-9a-f]{12}`, `.{8,40}`. A class stands
/// for one or more characters as `{LEAST,MOST}` says; every other byte stands for itself, behind a backslash where it
/// would mean something.
package struct TextPattern: Hashable, Sendable, CustomStringConvertible {
    /// The classes of characters, each inside the next ones.
    package enum Class: String, CaseIterable, Hashable, Sendable {
        case digit = "[0-9]"
        case lowerHex = "[0-9a-f]"
        case upperHex = "[0-9A-F]"
        case lowerLetter = "[a-z]"
        case upperLetter = "[A-Z]"
        case lower = "[0-9a-z]"
        case upper = "[0-9A-Z]"
        case letter = "[A-Za-z]"
        case alphanumeric = "[0-9A-Za-z]"
        /// Any character, a byte of UTF-8 each.
        case any = "."

        func contains(_ byte: UInt8) -> Bool {
            switch self {
            case .digit: byte.isASCIIDigit
            case .lowerHex: byte.isASCIIDigit || (0x61...0x66).contains(byte)
            case .upperHex: byte.isASCIIDigit || (0x41...0x46).contains(byte)
            case .lowerLetter: (0x61...0x7A).contains(byte)
            case .upperLetter: (0x41...0x5A).contains(byte)
            case .lower: byte.isASCIIDigit || (0x61...0x7A).contains(byte)
            case .upper: byte.isASCIIDigit || (0x41...0x5A).contains(byte)
            case .letter: (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            case .alphanumeric: Self.lower.contains(byte) || Self.upperLetter.contains(byte)
            case .any: true
            }
        }

        /// How many of the 62 letters and digits belong to it.
        var size: Int {
            switch self {
            case .digit: 10
            case .lowerHex, .upperHex: 16
            case .lowerLetter, .upperLetter: 26
            case .lower, .upper: 36
            case .letter: 52
            case .alphanumeric, .any: 62
            }
        }
    }

    /// The most characters that a run may have.
    package static let longestRun = 65_536

    package enum Part: Hashable, Sendable {
        case literal([UInt8])
        case run(Class, ClosedRange<Int>)
    }

    package let parts: [Part]

    package init(_ parts: [Part]) {
        self.parts = parts
    }

    package var description: String {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let bytes):
                for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
                    if scalar.isASCII, Self.isSpecial(UInt8(scalar.value)) { text += "\\" }
                    text.unicodeScalars.append(scalar)
                }
            case .run(let set, let counts):
                text += set.rawValue
                text +=
                    counts.lowerBound == counts.upperBound
                    ? "{\(counts.lowerBound)}" : "{\(counts.lowerBound),\(counts.upperBound)}"
            }
        }
        return text
    }

    /// Whether a byte means something in a pattern.
    static func isSpecial(_ byte: UInt8) -> Bool { "[]{}().*+?|^$\\".utf8.contains(byte) }

    /// Whether the whole of `text` follows the pattern.
    ///
    /// Texts beyond ``longestRun`` bytes do not. What every prefix of the pattern can reach is kept, so that nothing is
    /// tried twice: O(parts × bytes) where runs end at the bytes between them, O(parts × bytes²) at worst.
    package func matches(_ text: String) -> Bool {
        guard text.utf8.count <= Self.longestRun else { return false }
        let bytes = Array(text.utf8)
        // `reached[i]`: the parts so far can end before byte i.
        var reached = [Bool](repeating: false, count: bytes.count + 1)
        reached[0] = true
        for part in parts {
            var next = [Bool](repeating: false, count: bytes.count + 1)
            switch part {
            case .literal(let literal):
                for start in reached.indices where reached[start] && start + literal.count <= bytes.count {
                    let end = start + literal.count
                    if bytes[start..<end].elementsEqual(literal) { next[end] = true }
                }
            case .run(let set, let counts):
                for start in reached.indices where reached[start] {
                    var end = start
                    while true {
                        if end - start >= counts.lowerBound { next[end] = true }
                        guard end < bytes.count, end - start < counts.upperBound, set.contains(bytes[end])
                        else { break }
                        end += 1
                    }
                }
            }
            reached = next
        }
        return reached[bytes.count]
    }
}
