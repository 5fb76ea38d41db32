import Bytes

extension Span where Element == UInt8 {
    /// How many words the name of a street has at most.
    private static var mostStreetWords: Int { 6 }

    /// Where the street address stands that starts with the house number at `start`: `12 Elm Street`, `7, rue Simon`.
    func streetAddress(atNumber start: Int) -> Range<Int>? {
        guard !isInWord(at: start), startsNumber(start), byte(start &- 1) != 0x23, byte(start &- 1) != 0x24,
            let number = houseNumberEnd(at: start)
        else { return nil }
        var index = number
        if byte(index) == 0x2C { index &+= 1 }
        guard byte(index) == 0x20 else { return nil }
        if let first = word(at: index &+ 1), first.letters > 1,
            !first.roles.isDisjoint(with: [.streetPrefix, .weakStreetPrefix]),
            let end = prefixedStreetEnd(from: first, first.roles, isAfterNumber: true)
        {
            return start..<end
        }
        return suffixedStreetEnd(at: index &+ 1, numberLength: number &- start).map { start..<$0 }
    }

    /// Where the street address stands at whose first word, or in whose name, the word at `start` stands.
    func streetAddress(atWord first: Word, from floor: Int) -> Range<Int>? {
        let start = first.range.lowerBound
        let roles = first.roles
        if roles.contains(.unit), byte(first.range.upperBound) == 0x20,
            let number = houseNumberEnd(at: first.range.upperBound &+ 1)
        {
            // `Flat 88, Marc Lodge`.
            let next = byte(number) == 0x2C ? number &+ 2 : number &+ 1
            if let end = suffixedStreetEnd(at: next, numberLength: 3) { return start..<end }
        }
        if !roles.isDisjoint(with: [.streetPrefix, .weakStreetPrefix]), first.isCapital {
            if let end = prefixedStreetEnd(from: first, roles, isAfterNumber: false) { return start..<end }
        }
        if let end = compoundStreetEnd(first) { return start..<end }
        return precedingPrefix(before: start, from: floor).flatMap { prefix in
            guard let kind = word(at: prefix) else { return nil }
            return prefixedStreetEnd(from: kind, kind.roles, isAfterNumber: false).map { prefix..<$0 }
        }
    }

    /// The small word for a kind of street before `start`, with particles between: `rue de la Paix` at `Paix`.
    private func precedingPrefix(before start: Int, from floor: Int) -> Int? {
        var end = start
        for _ in 0..<4 {
            if byte(end &- 1) == 0x27 { end &-= 1 }
            while end > floor, byte(end &- 1) == 0x20 || byte(end &- 1) == 0x2E { end &-= 1 }
            let begin = startOfWord(endingAt: end, from: floor)
            guard begin < end, !isInWord(at: begin), let before = word(at: begin), !before.isCapital else {
                return nil
            }
            let roles = before.roles
            if roles.contains(.streetPrefix) { return begin }
            if roles.contains(.weakStreetPrefix), before.letters > 2 { return begin }
            guard roles.contains(.particle) else { return nil }
            end = begin
        }
        return nil
    }

    /// The end of a street whose kind stands first. A kind that is a common word needs a house
    /// number before or behind.
    private func prefixedStreetEnd(from kind: Word, _ roles: Lexicon.Roles, isAfterNumber: Bool) -> Int? {
        var index = kind.range.upperBound
        if byte(index) == 0x2E { index &+= 1 }
        if byte(index) == 0x2F { index &+= 1 }
        var names = 0
        var hasRareName = false
        var hasParticle = false
        var end = index
        var words = 0
        while words < Self.mostStreetWords {
            if byte(index) == 0x20 { index &+= 1 }
            guard let word = word(at: index) else { break }
            if word.couldBeName, !word.roles.contains(.unit) || names == 0 {
                names &+= 1
                hasRareName = hasRareName || !word.roles.contains(.common) && !word.isAllCapitals
                end = word.range.upperBound
            } else if word.roles.contains(.particle), !word.couldBeName {
                hasParticle = hasParticle || names == 0
            } else {
                break
            }
            index = word.range.upperBound
            // An initial or an abbreviation.
            if byte(index) == 0x2E, word.letters <= 3, byte(index &+ 1) == 0x20 { index &+= 1 }
            words &+= 1
        }
        guard names > 0 else { return nil }
        let number = houseNumber(behind: end)
        if isAfterNumber || isTelling(kind, roles) || kind.isCapital && hasParticle && hasRareName {
            return withUnits(number ?? end)
        }
        guard let number, isHouseNumber(behind: end, upTo: number), hasRareName else { return nil }
        return withUnits(number)
    }

    /// Whether a kind of street tells without a house number. `Avenue` with a capital is English and stands behind its name;
    /// of an abbreviation the full stop tells.
    private func isTelling(_ kind: Word, _ roles: Lexicon.Roles) -> Bool {
        guard roles.contains(.streetPrefix) else { return false }
        if kind.letters <= 2 { return byte(kind.range.upperBound) == 0x2E }
        return !kind.isCapital || !roles.contains(.streetSuffix)
    }

    /// Whether a number is short enough and no year.
    private func isHouseNumber(behind start: Int, upTo end: Int) -> Bool {
        let digits = DigitList(extracting(start..<end))
        return digits.count <= 3 || digits.count == 4 && !(1900...2099).contains(digits.number(0, 4))
    }

    /// The end of a street whose kind stands behind its name: `Elm Street`, `Old Mill Road NW, Apt. 5`.
    private func suffixedStreetEnd(at start: Int, numberLength: Int) -> Int? {
        var index = start
        var names = 0
        var found: Int?
        var isWeak = false
        var isNamed = false
        for _ in 0..<Self.mostStreetWords {
            if byte(index).isASCIIDigit {
                // `221 5th Avenue`.
                guard let ordinal = ordinalEnd(at: index), byte(ordinal) == 0x20 else { break }
                names &+= 1
                index = ordinal &+ 1
                continue
            }
            guard let word = word(at: index), word.couldBeName else { break }
            let roles = word.roles
            let end = word.range.upperBound
            if names > 0, !roles.isDisjoint(with: [.streetSuffix, .weakStreetSuffix]) {
                found = byte(end) == 0x2E && word.letters <= 4 && byte(end &+ 1) == 0x20 ? end &+ 1 : end
                isWeak = !roles.contains(.streetSuffix)
                if !isWeak || byte(end) != 0x20 { break }
            } else if found != nil {
                break
            }
            names &+= 1
            isNamed =
                isNamed || !roles.isDisjoint(with: .anyName) && !roles.contains(.common)
                || word.hasSurnameForm
            index = end
            if byte(index) == 0x2E { index &+= 1 }
            guard byte(index) == 0x20 else { break }
            index &+= 1
        }
        guard let found else { return nil }
        let end = withUnits(found)
        return isWeak && !isNamed && numberLength < 3 && end == found ? nil : end
    }

    /// The end of an address whose street is one word with its kind, and of its number: `Hauptstraße 5a`.
    private func compoundStreetEnd(_ word: Word) -> Int? {
        guard word.isCapital, word.script == .latin, word.letters >= 5 else { return nil }
        var end = word.range.upperBound
        if byte(end) == 0x2E { end &+= 1 }
        guard byte(end) == 0x20, let number = houseNumberEnd(at: end &+ 1) else { return nil }
        if StreetWords.endings.contains(where: { word.ends(with: $0) }), !isOther(word) {
            return withUnits(number)
        }
        guard let ending = StreetWords.weakEndings.first(where: { word.ends(with: $0) }) else { return nil }
        // `Elizabethring 5`, but not `Monitoring 5`.
        let name = word.range.lowerBound..<word.range.upperBound &- ending.utf8CodeUnitCount
        if byte(name.upperBound &- 1) == 0x2D { return withUnits(number) }
        guard let first = self.word(at: name.lowerBound, endingAt: name.upperBound) else { return nil }
        return first.roles.isDisjoint(with: .anyName) ? nil : withUnits(number)
    }

    /// Whether a word only ends like a street: `Spring 5`, `Monitoring 24`.
    private func isOther(_ word: Word) -> Bool {
        if word.isHyphenated { return false }
        if StreetWords.others.contains(where: { word.ends(with: $0) || word.isExactly($0) }) { return true }
        guard word.ends(with: "ring") else { return false }
        let before = UInt8(truncatingIfNeeded: word.ending >> 32)
        let isVowel = before == 0x61 || before == 0x65 || before == 0x69 || before == 0x6F || before == 0x75
        // `Annaring` has a name before it.
        let end = word.range.upperBound &- 4
        return isVowel
            && self.word(at: word.range.lowerBound, endingAt: end).map { $0.roles.isDisjoint(with: .anyName) }
                ?? true
    }

    private func word(at start: Int, endingAt end: Int) -> Word? {
        extracting(start..<end).word(at: 0)
    }

    /// The end of a house number: up to six digits, a letter, further numbers behind a hyphen or a stroke.
    private func houseNumberEnd(at start: Int) -> Int? {
        var index = start
        while index < count, index < start &+ 7, self[index].isASCIIDigit { index &+= 1 }
        guard index > start, index <= start &+ 6 else { return nil }
        if byte(index).isASCIILetter, !byte(index &+ 1).isLetterOrDigit { index &+= 1 }
        if byte(index) == 0x2D || byte(index) == 0x2F, byte(index &+ 1).isASCIIDigit {
            index &+= 1
            while byte(index).isASCIIDigit { index &+= 1 }
            if byte(index).isASCIILetter, !byte(index &+ 1).isLetterOrDigit { index &+= 1 }
            // A date.
            if byte(index) == 0x2D || byte(index) == 0x2F, byte(index &+ 1).isASCIIDigit { return nil }
        }
        return byte(index).isLetterOrDigit || byte(index) == 0x5F || byte(index) == 0x3A
            || byte(index) == 0x25 ? nil : index
    }

    /// The end of the house number behind a street: behind a blank or a comma, and `n.`, `nº` or `no.`.
    private func houseNumber(behind end: Int) -> Int? {
        var index = end
        if byte(index) == 0x2C { index &+= 1 }
        guard byte(index) == 0x20 else { return nil }
        index &+= 1
        if byte(index) | 0x20 == 0x6E, !byte(index &+ 1).isASCIIDigit {
            var next = index &+ 1
            while next < count, next < index &+ 5, !self[next].isASCIIDigit, self[next] != 0x2C { next &+= 1 }
            if byte(next).isASCIIDigit,
                letter(at: index &+ 1).map({ $0.base == 0x6F || $0.base == 0x72 }) ?? true
            {
                index = next
            }
        }
        return houseNumberEnd(at: index)
    }

    private func ordinalEnd(at start: Int) -> Int? {
        var index = start
        while index < count, index < start &+ 4, self[index].isASCIIDigit { index &+= 1 }
        guard byte(index).isASCIILetter, byte(index &+ 1).isASCIILetter, !byte(index &+ 2).isLetterOrDigit
        else { return nil }
        return index &+ 2
    }

    /// What stands behind an address for a part of the house: `Apt. 273`, `, Piso 4`, twice at most; a direction before it.
    private func withUnits(_ end: Int) -> Int {
        var end = end
        if byte(end) == 0x20, let direction = word(at: end &+ 1),
            direction.isAllCapitals || direction.isInitial,
            direction.letters <= 2, direction.roles.isEmpty
        {
            let letters: StaticString = "NSEW"
            let isDirection = (direction.range).allSatisfy { place in
                (0..<4).contains { letters.utf8Start[$0] == self[place] }
            }
            if isDirection { end = direction.range.upperBound }
        }
        for _ in 0..<2 {
            var index = end
            if byte(index) == 0x2C { index &+= 1 }
            guard byte(index) == 0x20 else { return end }
            index &+= 1
            if byte(index) == 0x23 {
                index &+= 1
            } else {
                guard let unit = word(at: index), unit.roles.contains(.unit) else { return end }
                index = unit.range.upperBound
                if byte(index) == 0x2E { index &+= 1 }
                guard byte(index) == 0x20 else { return end }
                index &+= 1
            }
            if let number = houseNumberEnd(at: index) {
                end = number
            } else if byte(index).isCapital, !byte(index &+ 1).isLetterOrDigit {
                end = index &+ 1
            } else {
                return end
            }
        }
        return end
    }
}

extension Word {
    /// Whether the last letters without marks are these, and there are others before them; of more than eight the last eight count.
    func ends(with ending: StaticString) -> Bool { letters > ending.utf8CodeUnitCount && hasLast(ending) }

    /// Whether the letters without marks are these.
    func isExactly(_ text: StaticString) -> Bool { letters == text.utf8CodeUnitCount && hasLast(text) }

    private func hasLast(_ ending: StaticString) -> Bool {
        let length = ending.utf8CodeUnitCount
        for index in 0..<Swift.min(8, length) {
            let letter = UInt8(truncatingIfNeeded: self.ending >> UInt64(8 &* index))
            if letter != ending.utf8Start[length &- 1 &- index] { return false }
        }
        return true
    }
}
