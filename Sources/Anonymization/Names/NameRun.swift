import Bytes

/// Words with one blank between them that could be a person's name: with capitals, initials and particles.
struct NameRun {
    /// Longer names are cut.
    static let mostWords = 7

    private var words: [7 of Word] = .init(repeating: Word(range: 0..<0))
    private(set) var count = 0
    /// Whether a word that is no part of a name goes on behind it with a capital, as in `Jordan Street Wear`.
    private(set) var goesOn = false
    /// Where the run ends with the degrees and initials behind it that are no part of the name.
    private(set) var endOfAll = 0

    subscript(_ index: Int) -> Word { words[index] }

    /// Reads the run whose first word is `first`.
    init(_ text: Span<UInt8>, from first: Word) {
        var next: Word? = first
        var trailing = 0
        while let word = next, count < Self.mostWords {
            let roles = word.roles
            if count > 0, roles.contains(.particle), word.letters <= 5 {
                // Small or not: `van der Berg`, `Le Goff`.
                trailing += 1
            } else if word.couldBeName {
                // `White` is a surname behind a given name.
                let isName =
                    !roles.isDisjoint(with: [.given, .surname])
                    || roles.contains(.ambiguousName) && count > 0 && words[0].roles.contains(.given)
                guard isName || !roles.contains(.common) || Self.isFirstOfMore(word, count, in: text) else {
                    goesOn = count > 0
                    break
                }
                if word.script != first.script, !Self.goTogether(word.script, first.script) { break }
                trailing = 0
            } else {
                break
            }
            words[count] = word
            count += 1
            next = Self.word(behind: word, in: text)
        }
        // A name does not end in a particle, nor in a degree such as `MBA`.
        count -= trailing
        endOfAll = end
        while count > 2, words[count - 1].isAllCapitals || words[count - 1].isInitial, !words[0].isAllCapitals
        { count -= 1 }
    }

    /// Whether a word that is a name and much else, such as `June`, begins the run and another name follows.
    private static func isFirstOfMore(_ word: Word, _ count: Int, in text: Span<UInt8>) -> Bool {
        guard count == 0, word.roles.contains(.ambiguousName), let next = Self.word(behind: word, in: text)
        else { return false }
        return next.couldBeName && !next.roles.contains(.common)
    }

    private static func goTogether(_ first: Script, _ second: Script) -> Bool {
        (first == .han || first == .kana) && (second == .han || second == .kana)
    }

    private static func word(behind word: Word, in text: Span<UInt8>) -> Word? {
        var index = word.range.upperBound
        if text.byte(index) == 0x2E, word.isInitial { index += 1 }
        // The blank of Chinese and Japanese is as wide as their characters.
        if text.byte(index) == 0xE3, text.byte(index + 1) == 0x80, text.byte(index + 2) == 0x80 {
            return text.word(at: index + 3)
        }
        if text.byte(index) == 0x20 { return text.word(at: index + 1) }
        return text.byte(index - 1) == 0x2E ? text.word(at: index) : nil
    }

    /// How many words are more than a particle or an initial.
    var fullWords: Int {
        var full = 0
        for index in 0..<count where words[index].couldBeName && words[index].letters > 1 { full += 1 }
        return full
    }

    var end: Int { count == 0 ? 0 : words[count - 1].range.upperBound }
}

extension NameRun {
    /// How sure it is, from the words alone, that the run is a name.
    enum Evidence: Int, Comparable {
        case none
        /// A word in it is a name among other things.
        case hint
        /// A word in it is known as a name or written like one.
        case weak
        /// A given name before, or a surname behind, another word.
        case strong

        static func < (first: Evidence, second: Evidence) -> Bool { first.rawValue < second.rawValue }
    }

    var evidence: Evidence {
        guard count > 0 else { return .none }
        var known = 0
        var ambiguous = 0
        var lastFull = 0
        var isWrittenLikeOne = false
        for index in 0..<count {
            let word = words[index]
            guard word.couldBeName else {
                isWrittenLikeOne = isWrittenLikeOne || word.letters > 1
                continue
            }
            let roles = word.roles
            if word.letters > 1 { lastFull = index }
            if !roles.isDisjoint(with: [.given, .surname]) {
                known += 1
            } else if roles.contains(.ambiguousName) {
                ambiguous += 1
            }
            let hasMarks = word.script == .latin && word.range.count > word.letters && !word.isHyphenated
            isWrittenLikeOne = isWrittenLikeOne || hasMarks || word.isHyphenated && word.capitals >= 2
        }
        let first = words[0].roles
        let last = words[lastFull]
        guard fullWords + (words[0].isInitial ? 1 : 0) >= 2 else { return known > 0 ? .weak : .none }
        if words[0].isAllCapitals || last.isAllCapitals {
            return known > 0 && known + ambiguous >= 2 ? .strong : .none
        }
        if first.contains(.given) || last.roles.contains(.surname) && !first.contains(.common) {
            return .strong
        }
        if known > 0 && known + ambiguous >= 2
            || last.hasSurnameForm && (known + ambiguous > 0 || last.script != .latin)
        {
            return .strong
        }
        return known > 0 || isWrittenLikeOne || last.hasSurnameForm ? .weak : ambiguous > 0 ? .hint : .none
    }
}

extension Word {
    /// Whether the word ends as surnames do and hardly any other word.
    var hasSurnameForm: Bool {
        guard letters >= 5 else { return false }
        switch script {
        case .latin:
            return Self.latinForms.contains { ends(with: $0) }
        case .cyrillic:
            return Self.cyrillicForms.contains { form in ending & form.mask == form.letters }
        case .greek:
            return Self.greekForms.contains { form in ending & form.mask == form.letters }
        case .hebrew, .arabic, .devanagari, .kana, .han, .hangul, .other: return false
        }
    }

    private static let latinForms: [StaticString] = [
        "ski", "ska", "sky", "skaya", "wicz", "czyk", "czak", "czuk", "enko", "chuk", "yuk", "shvili", "adze",
        "oglu", "opoulos",
        "akis", "idis", "iadis", "escu", "eanu", "ovic", "evic", "ovich", "evich", "ova", "eva", "sson",
        "ssen", "strom", "qvist",
        "gren", "mann", "bauer", "berg", "feld", "heim", "hoff", "dorf", "dahl", "quist", "meier", "meyer",
        "maier", "huber", "inger", "stein", "ucci", "etti", "elli", "acci", "iello",
        "uolo", "ardi", "aldi", "oni", "ini", "ez", "yan", "ishvili", "poulou", "nen",
    ]

    /// The low bytes of the last letters, as in ``ending``.
    private static func forms(_ endings: [String]) -> [(mask: UInt64, letters: UInt64)] {
        endings.map { ending in
            let letters = ending.unicodeScalars.reduce(UInt64(0)) { $0 << 8 | UInt64($1.value & 0xFF) }
            return ((1 << UInt64(8 * ending.unicodeScalars.count)) - 1, letters)
        }
    }

    private static let cyrillicForms = forms([
        "ов", "ова", "ев", "ева", "ин", "ина", "ский", "ская", "цкий", "цкая", "енко", "чук", "юк", "вич",
        "вна", "ян", "швили", "дзе",
    ])

    private static let greekForms = forms([
        "οπουλοσ", "οπουλου", "ιδησ", "ιδου", "ακησ", "ακη", "ατοσ", "αρησ", "ογλου", "ιου",
    ])
}
