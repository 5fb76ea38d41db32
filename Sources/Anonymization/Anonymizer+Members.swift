import Bytes

/// Members of objects of JSON that are known from earlier texts.
extension Anonymizer {
    /// Where the member stands that came last behind those so far of the open object; `nil` where none is known, and in
    /// an inspection, which has to say where it is.
    func placeOfKnownMember(_ base: Int) -> Int? {
        guard levels.count > base, !isInspecting else { return nil }
        let level = levels.count &- 1
        return trail.place(behind: levels[level].trail, under: levels[level].name.hash ^ variantSalt)
    }

    /// What ``member(_:hasEscapes:written:_:)`` would answer of a member that is known.
    mutating func takeKnownMember(at place: Int) -> FieldUse? {
        guard var use = trail.use(at: place) else { return nil }
        let level = levels.count &- 1
        levels[level].trail = trail.number(at: place)
        fieldContext = use.context
        if use.treatment?.kind.isOfPeople == true { levels[level].isPerson = true }
        use.treatment = use.treatment ?? levels[level].treatment
        return use
    }

    /// Notes the member that follows on those so far, as it is `written` with its comma and colon; of one for which there is
    /// more to do than to treat its value nothing is remembered.
    mutating func noteMember(_ use: FieldUse, written: Span<UInt8>, hasEscapes: Bool) {
        let level = levels.count &- 1
        let number = MemberTrail.number(levels[level].trail, use.name)
        defer { levels[level].trail = number }
        guard !written.isEmpty, !hasEscapes, use.isPlain, !use.endsPath, use.treatment?.action != .drop,
            !isInspecting
        else { return }
        trail.remember(
            written,
            behind: levels[level].trail,
            under: levels[level].name.hash ^ variantSalt,
            use,
            as: number
        )
    }
}

extension PseudonymKind {
    /// Whether people have such a value and things hardly do.
    var isOfPeople: Bool { self == .email || self == .phone || self == .date }
}
