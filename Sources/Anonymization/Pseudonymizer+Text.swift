import Bytes
import JSON

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

    /// Appends a made-up word for each word, drawn again where it is a name, and other digits for digits.
    private func appendWords(_ value: Span<UInt8>, _ stream: inout KeyedStream, to output: inout [UInt8]) {
        var index = 0
        while index < value.count {
            let byte = value[index]
            if byte.isASCIILetter || byte >= 0x80 {
                var end = index &+ 1
                while end < value.count, value[end].isASCIILetter || value[end] >= 0x80 { end &+= 1 }
                appendWord(value.extracting(index..<end), &stream, to: &output)
                index = end
            } else {
                output.append(byte.isASCIIDigit ? stream.digit() : byte)
                index &+= 1
            }
        }
    }

    private func appendWord(_ word: Span<UInt8>, _ stream: inout KeyedStream, to output: inout [UInt8]) {
        let start = output.count
        for _ in 0..<MadeUpWord.mostDraws {
            output.removeSubrange(start...)
            var index = 0
            var position = 0
            while index < word.count {
                index &+= appendLetter(
                    word.extracting(index..<word.count),
                    at: position,
                    &stream,
                    to: &output
                )
                position &+= 1
            }
            if MadeUpWord.couldMake(output.span.extracting(start..<output.count)) { return }
        }
    }

    /// Appends a letter for the one that `rest` starts with; answers its length.
    private func appendLetter(
        _ rest: Span<UInt8>,
        at position: Int,
        _ stream: inout KeyedStream,
        to output: inout [UInt8]
    ) -> Int {
        let byte = rest[0]
        if byte < 0x80 {
            let letter = stream.letter(of: position & 1 == 0 ? MadeUpWord.consonants : MadeUpWord.vowels)
            output.append(letter & ~0x20 | byte & 0x20)
            return 1
        }
        guard let letter = rest.letter(at: 0) else { return appendWide(rest, &stream, to: &output) }
        switch letter.script {
        case .latin, .devanagari, .other: return appendWide(rest, &stream, to: &output)
        case .cyrillic, .greek, .hebrew, .arabic, .kana, .han, .hangul:
            ScriptLetters(letter, rest.extracting(0..<letter.length))
                .append(at: position, letter.isCapital, &stream, to: &output)
            return letter.length
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

    /// Appends another street address: the words for kinds of streets and parts of houses stay, names become those that they
    /// have as names of persons and places, and numbers become other numbers.
    mutating func appendStreetAddress(_ value: Span<UInt8>, to output: inout [UInt8]) {
        var index = 0
        while index < value.count {
            let isDigit = value[index].isASCIIDigit
            let isWord = value[index].isLetterOrDigit
            var end = index &+ 1
            while end < value.count, value[end].isLetterOrDigit == isWord, value[end].isASCIIDigit == isDigit
            {
                end &+= 1
            }
            let part = value.extracting(index..<end)
            if isDigit {
                appendDigits(part, to: &output)
            } else if isWord, !part.isStreetWord {
                appendName(part, to: &output)
            } else {
                output.append(contentsOf: part)
            }
            index = end
        }
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

extension Span where Element == UInt8 {
    /// Whether a part of a street address says nothing of whose it is: a word for a kind of street, a particle, a letter.
    var isStreetWord: Bool {
        guard let word = word(at: 0), word.range.upperBound == count else { return false }
        let kinds: Lexicon.Roles = [
            .streetPrefix, .weakStreetPrefix, .streetSuffix, .weakStreetSuffix, .unit, .particle,
        ]
        return word.letters == 1 || !word.roles.isDisjoint(with: kinds)
    }
}

extension UInt8 {
    /// ASCII letters and digits, and every byte of a character beyond ASCII.
    var isLetterOrDigit: Bool { isASCIILetter || isASCIIDigit || self >= 0x80 }

    var isASCIILetter: Bool { (0x61...0x7A).contains(self | 0x20) }
}
