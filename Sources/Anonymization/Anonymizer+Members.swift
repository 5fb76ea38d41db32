import Bytes
import JSON

/// Members of objects of JSON that are known from earlier texts.
extension Anonymizer {
    /// The number of an object of this name, for the ``MemberTrail``: with what else counts for what comes of its members.
    func trailNumber(ofObject name: FieldName) -> UInt64 {
        name.hash ^ variantSalt ^ UInt64(openTexts) &* 0xD6E8_FEB8_6659_FD93
    }

    /// Passes over the member that comes next where it is known, and answers where in the trail it stands; over its value as
    /// well where that is known and stays.
    ///
    /// What is remembered of a value counts only where no rule changes it, neither that of the member nor that of
    /// the object.
    @inline(__always)
    mutating func passKnownMember(_ scanner: inout JSONScanner) -> (index: Int, hasPassedValue: Bool)? {
        let isFirst = scanner.isAtFirstMember
        for side in 0..<2 {
            guard let index = trail.index(of: side, at: level.position, isFirst: isFirst) else { continue }
            let use = trail.use(at: index)
            let isKept = (use.treatment ?? level.treatment).map { $0.action == .keep } ?? true
            let passed = scanner.passMember(
                trail.spelling(at: index, withValue: isKept),
                nameLength: trail.nameLength(at: index)
            )
            let hasPassedValue: Bool
            switch passed {
            case .nothing: continue
            case .name:
                hasPassedValue = false
                if isKept { trail.noteOtherValue(at: index) }
            case .nameAndValue:
                hasPassedValue = true
                trail.noteSameValue(at: index)
            }
            trail.follow(index, &level.position)
            fieldContext = use.context
            if use.isOfPeople { level.isPerson = true }
            return (index, hasPassedValue)
        }
        return nil
    }

    /// Notes the member that follows on those so far, as it is `written` up to its colon, and answers where in the trail it
    /// stands; of one for which there is more to do than to treat its value nothing is remembered.
    @inline(never)
    mutating func noteMember(
        _ use: FieldUse,
        written: Span<UInt8>,
        hasEscapes: Bool,
        isFirst: Bool
    ) -> Int? {
        defer { level.position.pass(use.name) }
        guard !hasEscapes, use.isPlain, !use.endsPath, use.treatment?.action != .drop else {
            return nil
        }
        return trail.remember(written, at: level.position, isFirst: isFirst, use)
    }

    /// Whether a value of a member that stays would stay wherever an object of that name has the member.
    ///
    /// `treatment` is what was done here, by the rule of the member or of the object.
    @inline(__always)
    func staysEverywhere(_ use: FieldUse, _ treatment: Treatment?) -> Bool {
        !use.isNameOfAnything && (treatment == nil || use.treatment?.action == .keep)
    }
}
