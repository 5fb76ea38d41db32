import Bytes
import JSON

/// The letters of made-up words: no `e`, so that hardly a real word consists of them alone.
enum MadeUpWord {
    static let consonants: StaticString = "bdfklmnprstvz"
    static let vowels: StaticString = "aiou"

    /// Whether every run of ASCII letters could be a made-up word.
    static func couldMake(_ text: Span<UInt8>) -> Bool {
        var position = 0
        for index in text.indices {
            let byte = text[index].asciiLowercased
            if (0x61...0x7A).contains(byte) {
                let isVowel = byte == 0x61 || byte == 0x69 || byte == 0x6F || byte == 0x75
                guard isVowel == (position & 1 == 1), isVowel || isConsonant(byte) else { return false }
                position &+= 1
            } else if byte < 0x80 {
                position = 0
            } else if byte & 0xC0 != 0x80 {
                position &+= 1
            }
        }
        return true
    }

    private static func isConsonant(_ byte: UInt8) -> Bool {
        for index in 0..<consonants.utf8CodeUnitCount where consonants.utf8Start[index] == byte {
            return true
        }
        return false
    }
}

extension Pseudonymizer {
    /// Appends made-up words for the words of a name: each word by itself, so that a full name consists of the
    /// pseudonyms of its parts. What is an e-mail address as a whole is treated as one.
    mutating func appendName(_ value: Span<UInt8>, to output: inout [UInt8]) {
        if value.isEmailAddress { return append(.email, of: value, to: &output) }
        var index = 0
        while index < value.count {
            let isWord = value[index].isLetterOrDigit
            var end = index &+ 1
            while end < value.count, value[end].isLetterOrDigit == isWord { end &+= 1 }
            let part = value.extracting(index..<end)
            if isWord {
                var stream = stream(.name, part, isPart: true)
                appendWords(part, &stream, to: &output)
            } else {
                output.append(contentsOf: part)
            }
            index = end
        }
    }

    /// Appends made-up words for a whole text, which has one pseudonym as such.
    mutating func appendText(_ value: Span<UInt8>, to output: inout [UInt8]) {
        if value.isEmailAddress { return append(.email, of: value, to: &output) }
        var stream = stream(.text, value)
        appendWords(value, &stream, to: &output)
    }

    private func appendWords(_ value: Span<UInt8>, _ stream: inout KeyedStream, to output: inout [UInt8]) {
        var position = 0
        var index = 0
        while index < value.count {
            let byte = value[index]
            switch byte {
            case 0x30...0x39:
                output.append(stream.digit())
                position = 0
            case 0x41...0x5A, 0x61...0x7A:
                let letter = stream.letter(of: position & 1 == 0 ? MadeUpWord.consonants : MadeUpWord.vowels)
                output.append(letter & ~0x20 | byte & 0x20)
                position &+= 1
            case 0x80...0xFF:
                index &+= appendWide(value.extracting(index..<value.count), &stream, to: &output)
                position &+= 1
                continue
            default:
                output.append(byte)
                position = 0
            }
            index &+= 1
        }
    }

    /// Replaces the character beyond ASCII that `rest` starts with by one of the same length and, for the common
    /// scripts, of the same script and case; answers its length. Bytes that are not UTF-8 become `x`.
    func appendWide(_ rest: Span<UInt8>, _ stream: inout KeyedStream, to output: inout [UInt8]) -> Int {
        let length = rest.utf8SequenceLength(at: 0)
        let lead = rest[0]
        func trail(_ first: UInt8, _ count: UInt64) -> UInt8 {
            first &+ UInt8(truncatingIfNeeded: stream.below(count))
        }
        switch (length, lead) {
        case (2, 0xC3...0xC9):
            let isCapital = lead == 0xC3 && rest[1] < 0x9F
            output.append(contentsOf: [0xC3, trail(isCapital ? 0x80 : 0xA0, 0x17)])
        case (2, 0xCE...0xCF): output.append(contentsOf: [0xCE, trail(0xB1, 15)])
        case (2, 0xD0...0xD3): output.append(contentsOf: [0xD0, trail(0xB0, 16)])
        case (2, 0xD6...0xD7): output.append(contentsOf: [0xD7, trail(0x90, 27)])
        case (2, 0xD8...0xDB): output.append(contentsOf: [0xD8, trail(0xA8, 19)])
        case (2, _): output.append(contentsOf: rest.extracting(0..<2))
        case (3, 0xE3): output.append(contentsOf: [0xE3, 0x81, trail(0x82, 0x3E)])
        case (3, 0xE4...0xE9): output.append(contentsOf: [0xE5, trail(0x80, 64), trail(0x80, 64)])
        case (3, 0xEA...0xED): output.append(contentsOf: [0xEB, trail(0x80, 64), trail(0x80, 64)])
        case (3, 0xE0...0xE1): output.append(contentsOf: [lead, rest[1], trail(0x80, 64)])
        case (3, _), (4, _): output.append(contentsOf: rest.extracting(0..<length))
        default:
            output.append(0x78)
            return 1
        }
        return length
    }

    /// Appends other digits for the digits, and keeps the rest; a number keeps its length, as it begins with no 0
    /// unless it did.
    mutating func appendDigits(_ value: Span<UInt8>, to output: inout [UInt8]) {
        var stream = streamOfDigits(.digits, value)
        var isFirst = true
        for index in value.indices {
            let byte = value[index]
            guard byte.isASCIIDigit else {
                output.append(byte)
                continue
            }
            if isFirst, byte != 0x30 {
                output.append(0x31 &+ UInt8(truncatingIfNeeded: stream.below(9)))
            } else {
                output.append(isFirst ? byte : stream.digit())
            }
            isFirst = false
        }
    }
}

extension UInt8 {
    /// ASCII letters and digits, and every byte of a character beyond ASCII.
    var isLetterOrDigit: Bool { isASCIILetter || isASCIIDigit || self >= 0x80 }

    var isASCIILetter: Bool { (0x61...0x7A).contains(self | 0x20) }
}
