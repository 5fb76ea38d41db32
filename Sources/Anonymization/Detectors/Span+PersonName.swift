import Bytes

extension Span where Element == UInt8 {
    /// What stands before a name and says that one comes.
    private enum NameCue {
        case none
        /// The text is the value of a field for names, which can be those of things.
        case field
        /// A preposition, behind which anything can stand; or a verb that people do, behind the name.
        case preposition
        case verb
        /// A full name comes, or one that is known.
        case label
        /// A name comes, whatever it looks like.
        case address
    }

    /// Where the person's name stands that starts with `first`.
    ///
    /// It takes two words of which one is known as a name in its place; or a label such as `customer` before words with
    /// capitals; or a form of address such as `Mrs` before any word with a capital. Names in scripts without capitals are
    /// found behind a label, and where a known surname or given name begins them.
    func personName(at first: Word, from floor: Int, field: Lexicon.Roles) -> Range<Int>? {
        let start = first.range.lowerBound
        guard first.couldBeName, !first.roles.contains(.title), isNameBoundary(before: start, first.script)
        else { return nil }
        let run = NameRun(self, from: first)
        guard run.count > 0 else { return nil }
        if first.script.hasCase == false { return caselessName(run, start, field) }
        if first.letters == 1, !first.isInitial { return nil }
        if let swapped = surnameFirst(run) { return swapped }
        let evidence = run.evidence
        let range = start..<run.end
        if evidence == .strong, !run.goesOn { return range }
        let cue = nameCue(before: start, behind: run.endOfAll, field: field)
        guard cue != .none, !run[0].isAllCapitals || evidence != .none else { return nil }
        switch cue {
        case .none: return nil
        case .field:
            return evidence >= .weak && start == 0 && run.end == count && run.fullWords >= 2 ? range : nil
        case .preposition: return evidence >= .weak && run.fullWords >= 2 && !run.goesOn ? range : nil
        case .verb: return evidence >= .hint && run.fullWords >= 2 && !run.goesOn ? range : nil
        case .label: return run.fullWords >= 2 && !run.goesOn || evidence >= .weak ? range : nil
        case .address: return first.letters > 1 || run.count > 1 ? range : nil
        }
    }

    /// `Hopper, Grace`.
    private func surnameFirst(_ run: NameRun) -> Range<Int>? {
        guard run.count == 1, !run[0].isInitial, byte(run.end) == 0x2C, byte(run.end &+ 1) == 0x20,
            let given = word(at: run.end &+ 2), given.isCapital, given.roles.contains(.given),
            !run[0].roles.isDisjoint(with: .anyName) || run[0].hasSurnameForm, !run[0].roles.contains(.common)
        else { return nil }
        let roles = run[0].roles
        // `Anna, Maria and Paul` are three people, who are found each where something says so.
        guard roles.contains(.surname) || roles.isDisjoint(with: .given) else { return nil }
        return run[0].range.lowerBound..<given.range.upperBound
    }

    /// Whether the whole text could be the name of a person: words with capitals that are not common otherwise.
    var couldBePersonName: Bool {
        guard let first = word(at: 0) else { return false }
        let run = NameRun(self, from: first)
        return run.count > 0 && run.endOfAll == count || first.roles.contains(.title)
    }

    /// Names are not looked for inside identifiers, paths and addresses.
    private func isNameBoundary(before start: Int, _ script: Script) -> Bool {
        if isInWord(at: start) { return false }
        switch byte(start &- 1) {
        case 0x2D, 0x2F, 0x5C, 0x23, 0x24, 0x40, 0x2E, 0x26: return false
        default: return true
        }
    }

    private func nameCue(before start: Int, behind end: Int, field: Lexicon.Roles) -> NameCue {
        if byte(end) == 0x20, byte(end &+ 1) == 0x3C, hasAddress(in: end &+ 2) { return .label }
        var index = start
        var isOpened = false
        while index > 0 {
            let byte = self[index &- 1]
            if byte == 0x28 { isOpened = true }
            guard byte < 0x41, !byte.isASCIIDigit, byte != 0x2F, byte != 0x40 else { break }
            index &-= 1
        }
        guard index > 0 else { return field.isDisjoint(with: [.nameLabel, .party]) ? .none : .field }
        if isOpened, byte(end) == 0x29 || byte(end) == 0x2E && byte(end &+ 1) == 0x29 {
            // Whose account, number or address it is.
            let before = self[index &- 1]
            if before.isASCIIDigit || before.isCapital || hasAt(before: index) { return .label }
        }
        let cue = wordCue(endingAt: index)
        if cue == .none, byte(end) == 0x20, let next = word(at: end &+ 1), next.roles.contains(.personVerb) {
            return .verb
        }
        return cue
    }

    private func wordCue(endingAt index: Int) -> NameCue {
        let last = wordRoles(endingAt: index)
        if !last.roles.isDisjoint(with: [.title, .greeting]) { return .address }
        var end = last.start
        while end > 0, self[end &- 1] == 0x20 { end &-= 1 }
        if last.roles.contains(.copula) {
            let subject = wordRoles(endingAt: end).roles
            if subject.contains(.nameLabel) && subject.contains(.subject) { return .address }
            return subject.contains(.subject) || subject.contains(.nameLabel) ? .label : .none
        }
        if last.roles.contains(.nameLabel) { return .label }
        if last.roles.contains(.preposition) {
            return wordRoles(endingAt: end).roles.contains(.personVerb) ? .label : .preposition
        }
        return last.roles.contains(.personVerb) ? .label : .none
    }

    private func wordRoles(endingAt end: Int) -> (roles: Lexicon.Roles, start: Int) {
        let start = startOfWord(endingAt: end, from: 0)
        guard start < end, let word = extracting(start..<end).word(at: 0) else { return ([], start) }
        return (word.roles, start)
    }

    private func hasAddress(in start: Int) -> Bool {
        var index = start
        while index < count, index < start &+ 64, self[index] > 0x20, self[index] != 0x3E {
            if self[index] == 0x40 { return true }
            index &+= 1
        }
        return false
    }

    private func hasAt(before end: Int) -> Bool {
        var index = end
        while index > 0, index > end &- 64, self[index &- 1] > 0x20 {
            if self[index &- 1] == 0x40 { return true }
            index &-= 1
        }
        return false
    }

    private func caselessName(_ run: NameRun, _ start: Int, _ field: Lexicon.Roles) -> Range<Int>? {
        let range = start..<run.end
        let first = run[0]
        if first.script == .han || first.script == .kana || first.script == .hangul {
            // What is longer is a sentence.
            var letters = 0
            for index in 0..<run.count { letters &+= run[index].letters }
            guard (2...8).contains(letters), run.count <= 3 else { return nil }
            let name = start..<run[Swift.min(run.count, 2) &- 1].range.upperBound
            if nameCue(before: start, behind: run.endOfAll, field: field) != .none { return range }
            guard first.script != .hangul || letters <= 4 else { return nil }
            // A form of address may follow.
            return run.count >= 2 && first.roles.contains(.surname) ? name : nil
        }
        if run.count >= 2, first.roles.contains(.given) {
            return start..<run[Swift.min(run.count, 3) &- 1].range.upperBound
        }
        guard nameCue(before: start, behind: run.endOfAll, field: field) != .none else { return nil }
        return start..<run[Swift.min(run.count, 3) &- 1].range.upperBound
    }
}
