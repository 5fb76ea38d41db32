import Bytes

/// What is done with a field of a body or a target, by its name.
struct FieldUse: BitwiseCopyable, Sendable {
    /// The rule for the name, if there is one.
    var treatment: Treatment?
    var name = FieldName.empty
    /// Whether no detector finds anything in the name itself.
    var isPlain = false
    /// Whether a rule for paths may be for it.
    var endsPath = false
    /// Whether the rule may be another one where the field is a member of an object of a certain name.
    var dependsOnParent = false
    /// Whether it is `name`, which people and things have.
    var isNameOfAnything = false
    /// What the name says of the value.
    var context: Lexicon.Roles = []

    /// Whether the rule is for what people have.
    var isOfPeople: Bool { treatment?.kind.isOfPeople == true }
}

extension FieldName {
    /// `name`, which people and things have.
    fileprivate static let personOrThing = FieldName([0x6E, 0x61, 0x6D, 0x65].span)
}

extension PseudonymKind {
    /// Whether people have such a value and things hardly do.
    fileprivate var isOfPeople: Bool {
        switch self {
        case .email, .phone, .date: true
        case .card, .ip, .name, .text, .digits, .nationalID, .iban, .jwt, .token, .credential, .authorization,
            .cookie, .setCookie, .addresses, .mac, .uuid, .bic, .coordinates, .address:
            false
        }
    }
}

/// What is done with a header field, by its name.
struct HeaderUse: BitwiseCopyable, Sendable {
    /// The rule for the name, if there is one.
    var treatment: Treatment?
    var content: HeaderContent
    /// The number of the name.
    var number: UInt64
}

extension Anonymizer {
    /// What is done with a field of this decoded name; `parent` is the object it is a member of.
    mutating func use(ofField name: Span<UInt8>, under parent: FieldName, in place: FieldPlaces) -> FieldUse {
        var use =
            fieldUses.recall(name, under: variantSalt, tag: place.rawValue)
            ?? findUse(ofField: name, in: place)
        fieldContext = use.context
        if use.dependsOnParent, let found = rules.treatment(of: use.name, under: parent, in: place) {
            use.treatment = found
        }
        return use
    }

    /// What is done with a field of this name where no rule asks for the object it is a member of.
    private mutating func findUse(ofField name: Span<UInt8>, in place: FieldPlaces) -> FieldUse {
        let found = rules.look(up: name, in: place)
        let isPlain = name.nextEscape(from: 0) == nil && text.next(in: name, from: 0) == nil
        let use = FieldUse(
            treatment: found.treatment,
            name: found.name,
            isPlain: isPlain,
            endsPath: place == .json && rules.mayEndPath(in: found.name),
            dependsOnParent: rules.asksForParent(of: found.name),
            isNameOfAnything: found.name.hash == FieldName.personOrThing.hash,
            context: name.fieldContext
        )
        fieldUses.remember(name, under: variantSalt, tag: place.rawValue, use)
        return use
    }

    mutating func use(ofHeader name: Span<UInt8>) -> HeaderUse {
        fieldContext = []
        if let known = headerUses.recall(name, under: variantSalt) { return known }
        let use = HeaderUse(
            treatment: rules.treatment(ofHeader: name),
            content: HeaderContent(name),
            number: FieldName(name).hash
        )
        headerUses.remember(name, under: variantSalt, use)
        return use
    }

    mutating func form(ofType contentType: Span<UInt8>) -> BodyForm {
        if let known = contentTypes.recall(contentType) { return known }
        let form = BodyForm(contentType)
        contentTypes.remember(contentType, form)
        return form
    }

    /// The number of everything but its bytes that counts for what comes of a value that no rule names: the rules that
    /// apply, what the name of the field says, and how many texts are open.
    var surroundings: UInt64 {
        variantSalt ^ (UInt64(fieldContext.rawValue) << 3 | UInt64(openTexts)) &* 0xD6E8_FEB8_6659_FD93
    }

    /// Whether nothing was found in the same value, in the same surroundings, before; `nil` where that is not asked, and
    /// the value is not worth remembering.
    ///
    /// An inspection remembers nothing, since it has to report what it finds each time.
    mutating func isKnownToStay(_ value: Span<UInt8>, in surroundings: UInt64) -> Bool? {
        guard !isInspecting, novelty.isLookedUp(at: valuePlace) else { return nil }
        let isKnown = stayingValues.recall(value, under: surroundings) != nil
        novelty.note(isKnown: isKnown, at: valuePlace)
        return isKnown
    }

    mutating func noteThatStays(_ value: Span<UInt8>, in surroundings: UInt64) {
        stayingValues.remember(value, under: surroundings, true)
    }

    /// Rewrites a text of which the same may come again and again, unless it is known to stay.
    ///
    /// An inspection remembers nothing, since it has to report what it finds each time.
    mutating func rewriteRepeated(
        _ value: Span<UInt8>,
        _ scope: RepeatedText,
        to output: inout [UInt8]
    ) -> Bool {
        // What stays of these is remembered as any other value.
        if case .header = scope { return rewrite(value, rules.otherStrings, to: &output) }
        if !isInspecting, staying.recall(value, under: variantSalt, tag: scope.rawValue) != nil {
            return false
        }
        let isChanged =
            switch scope {
            case .target: rewriteTarget(value, to: &output)
            case .product: rewriteText(value, .product, to: &output)
            case .header: false
            }
        if !isChanged, !isInspecting {
            staying.remember(value, under: variantSalt, tag: scope.rawValue, scope)
        }
        return isChanged
    }
}

/// The texts of which those that stay are remembered.
enum RepeatedText: UInt8, BitwiseCopyable, Sendable {
    case target
    case product
    case header
}
