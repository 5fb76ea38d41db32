import Bytes

/// A word of running text: letters, with hyphens and apostrophes between them.
struct Word {
    var range: Range<Int>
    /// The ``Lexicon`` numbers of the word as a whole and of what stands before its first and behind its last hyphen.
    var number = Lexicon.emptyNumber
    var firstNumber = Lexicon.emptyNumber
    var lastNumber = Lexicon.emptyNumber
    var letters = 0
    var capitals = 0
    var isCapital = false
    var script = Script.latin
    var isHyphenated = false
    /// The low bytes of the last eight letters without marks, the last one lowest.
    var ending: UInt64 = 0

    /// Whether it could be a name: with a capital where the script has any.
    var couldBeName: Bool { isCapital || !script.hasCase }
    /// One capital alone, the first letter of a name.
    var isInitial: Bool { letters == 1 && isCapital }
    var isAllCapitals: Bool { letters > 1 && capitals == letters }

    /// Takes one more letter.
    @inline(__always)
    fileprivate mutating func add(_ letter: Letter, isBehindApostrophe: Bool, _ lastNumber: inout UInt64) {
        // `d'Orléans` counts as if it began with its capital.
        if letters == 0 || letter.isCapital && isBehindApostrophe && letters < 4 {
            isCapital = letter.isCapital
            script = letter.script
        }
        letters &+= 1
        if letter.isCapital { capitals &+= 1 }
        number = Lexicon.number(number, with: letter)
        if isHyphenated { lastNumber = Lexicon.number(lastNumber, with: letter) }
        ending = ending << 8 | UInt64(letter.base & 0xFF)
    }

    /// What the lexicon knows of it or of its parts.
    var roles: Lexicon.Roles {
        let whole = Lexicon.shared.roles(of: number)
        guard isHyphenated else { return whole }
        return whole.union(
            Lexicon.shared.roles(of: firstNumber).union(Lexicon.shared.roles(of: lastNumber))
                .intersection(.anyName)
        )
    }
}

extension Span where Element == UInt8 {
    /// The longest word that is looked at, in bytes.
    static var longestWord: Int { 64 }

    /// The word that starts at `start`; `nil` where no letter stands there or the word is a part of something else, such as
    /// an identifier or the name of a file.
    func word(at start: Int) -> Word? {
        var word = Word(range: start..<start)
        var index = start
        let last = Swift.min(count, start &+ Self.longestWord)
        // Kept apart only once there is a hyphen.
        var lastNumber = Lexicon.emptyNumber
        while index < last {
            let byte = self[index]
            if byte.isASCIILetter {
                // What nearly all letters are.
                word.add(
                    Letter(base: UInt32(byte | 0x20), length: 1, isCapital: byte.isCapital, script: .latin),
                    isBehindApostrophe: index > start && self[index &- 1] == 0x27,
                    &lastNumber
                )
                index &+= 1
            } else if byte >= 0x80, let letter = letter(at: index) {
                word.add(letter, isBehindApostrophe: index > start && self[index &- 1] == 0x27, &lastNumber)
                index &+= letter.length
            } else if let length = joinerLength(at: index), letter(at: index &+ length) != nil {
                if byte == 0x2D {
                    if !word.isHyphenated { word.firstNumber = word.number }
                    word.isHyphenated = true
                    lastNumber = Lexicon.emptyNumber
                }
                index &+= length
            } else {
                break
            }
        }
        if !word.isHyphenated { word.firstNumber = word.number }
        word.lastNumber = word.isHyphenated ? lastNumber : word.number
        guard word.letters > 0, index < last || last == count else { return nil }
        let after = byte(index)
        if after.isASCIIDigit || after == 0x5F || after == 0x40 { return nil }
        if after == 0x2E, byte(index &+ 1) | 0x20 > 0x60, byte(index &+ 1) | 0x20 < 0x7B, word.letters > 1 {
            // `Main.swift` and `Client.connect`, but not `St.Gallen` or `J.R.`.
            if !byte(index &+ 1).isCapital { return nil }
        }
        word.range = start..<index
        return word
    }

    /// The bytes of a hyphen or an apostrophe at `index`.
    private func joinerLength(at index: Int) -> Int? {
        if self[index] == 0x2D || self[index] == 0x27 { return 1 }
        // U+2019, the apostrophe of printing.
        return self[index] == 0xE2 && byte(index &+ 1) == 0x80 && byte(index &+ 2) == 0x99 ? 3 : nil
    }

    /// The start of the word that ends at `end`, at most ``longestWord`` bytes before it and not before `floor`.
    func startOfWord(endingAt end: Int, from floor: Int) -> Int {
        let first = Swift.max(floor, end &- Self.longestWord)
        var start = end
        while start > first {
            let byte = self[start &- 1]
            if byte < 0x80 {
                let joins =
                    (byte == 0x2D || byte == 0x27) && start < end && start &- 2 >= first
                    && self[start &- 2].isLetterOrDigit
                guard byte.isASCIILetter || joins else { break }
                start &-= 1
            } else {
                var lead = start &- 1
                while lead > first, start &- lead < 4, self[lead] & 0xC0 == 0x80 { lead &-= 1 }
                guard letter(at: lead) != nil else { break }
                start = lead
            }
        }
        return start
    }
}
