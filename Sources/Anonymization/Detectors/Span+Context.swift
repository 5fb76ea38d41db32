import Bytes

extension Span where Element == UInt8 {
    /// How far back words are looked at that tell what a number is.
    private static var contextBytes: Int { 72 }
    private static var contextWords: Int { 7 }

    /// What the nearest word before `index` that tells anything says a number there is; behind them all, the name of the
    /// field whose value the text is, `field`.
    func context(before index: Int, field: Lexicon.Roles) -> Lexicon.Roles {
        let first = Swift.max(0, index &- Self.contextBytes)
        var end = index
        var words = 0
        var isIdentifier = false
        while end > first, words < Self.contextWords {
            // A number before it may have a word of its own.
            let byte = self[end &- 1]
            if byte.isASCIIDigit { return isIdentifier ? .reference : [] }
            let isLetter = byte.isASCIILetter || byte >= 0x80
            guard isLetter else {
                // `#7` counts.
                if byte == 0x23 { return .reference }
                end &-= 1
                continue
            }
            let start = startOfWord(endingAt: end, from: 0)
            guard start < end else {
                end &-= 1
                continue
            }
            let cues = cues(of: start..<end)
            if end &- start == 2, cues == .reference, self[start] | 0x20 == 0x69 {
                // `national id` is one word, so to speak.
                isIdentifier = true
            } else if isIdentifier {
                return cues.contains(.nationalNumber) ? cues : .reference
            } else if !cues.isEmpty {
                return cues
            }
            words &+= 1
            end = start
        }
        if isIdentifier { return .reference }
        return end <= 0 ? field : []
    }

    private func cues(of range: Range<Int>) -> Lexicon.Roles {
        let part = extracting(range)
        var number = Lexicon.emptyNumber
        var index = 0
        var cues: Lexicon.Roles = []
        while index < part.count {
            if let letter = part.letter(at: index) {
                number = Lexicon.number(number, with: letter)
                index &+= letter.length
            } else {
                // The parts of `Steuer-ID` count each.
                cues.formUnion(Lexicon.shared.roles(of: number))
                number = Lexicon.emptyNumber
                index &+= 1
            }
        }
        return cues.union(Lexicon.shared.roles(of: number)).intersection(.cues.subtracting(.party))
    }

    /// What the words of a field's name say of its value: `contactPhone2`, `from`, `order_ref`.
    var fieldContext: Lexicon.Roles {
        var found: Lexicon.Roles = []
        var whole = Lexicon.emptyNumber
        var number = Lexicon.emptyNumber
        var wasSmall = false
        var index = 0
        // The last word says most: `phone_id` is an identifier.
        func close(_ number: UInt64) {
            let roles = Lexicon.shared.roles(of: number).intersection(Self.fieldRoles)
            if !roles.isEmpty { found = roles }
        }
        while index < count {
            guard let letter = letter(at: index) else {
                close(number)
                number = Lexicon.emptyNumber
                wasSmall = false
                index &+= 1
                continue
            }
            if letter.isCapital, wasSmall {
                close(number)
                number = Lexicon.emptyNumber
            }
            wasSmall = !letter.isCapital
            number = Lexicon.number(number, with: letter)
            whole = Lexicon.number(whole, with: letter)
            index &+= letter.length
        }
        close(number)
        let roles = Lexicon.shared.roles(of: whole).intersection(Self.fieldRoles)
        return roles.isEmpty ? found : roles
    }

    private static var fieldRoles: Lexicon.Roles { Lexicon.Roles.cues.union(.nameLabel) }
}
