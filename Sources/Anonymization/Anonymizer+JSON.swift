import Bytes
import JSON

/// An open object or array of a JSON text.
struct JSONLevel {
    /// For the values in it that no rule names.
    var treatment: Treatment?
    /// The name under which it is a member; that of an array counts for the objects in it.
    var name: FieldName
    var isObject: Bool
    /// What leads to it in the level above: the number of a name, or its place in an array.
    var key: UInt64 = 0
    /// How many elements of an array have begun.
    var elements: UInt64 = 0
    /// Whether a member has been met that people have, such as an e-mail address.
    var isPerson = false
    /// Where the members so far lead to.
    var position: MemberTrail.Position

    /// Around the outermost value, as if it were an element; `key` of that is 0.
    static func around(_ root: FieldName) -> JSONLevel {
        JSONLevel(name: root, isObject: false, elements: 1, position: MemberTrail.Position(inObject: 0))
    }
}

extension Anonymizer {
    /// Replaces values of a JSON text; what is not replaced stays byte by byte.
    ///
    /// Throws where the text is no JSON; what `edit` holds then is of no use. The names of members are looked at by
    /// the detectors, as some senders key their objects by address. `root` is the name under which rules know the text
    /// as a whole.
    mutating func rewriteJSON(
        _ source: Span<UInt8>,
        under root: FieldName = .empty,
        _ edit: inout ByteEdit
    ) throws(JSONError) {
        let base = levels.count
        let outer = level
        level = .around(root)
        defer {
            level = outer
            // All are closed again, unless the text is no JSON.
            if levels.count > base { levels.removeSubrange(base...) }
        }
        let isInspecting = isInspecting
        var scanner = JSONScanner(source)
        var treatment: Treatment?
        var name = root
        // Where in the trail the value that comes next would be remembered.
        var trailIndex: Int?
        // Where what is being dropped starts, and how many levels are open around it.
        var dropped: (start: Int, depth: Int)?
        while true {
            let isFirst = scanner.isAtFirstMember
            if scanner.isAtMember, dropped == nil, !isInspecting,
                let (index, hasPassedValue) = passKnownMember(&scanner)
            {
                if hasPassedValue { continue }
                let use = trail.use(at: index)
                treatment = use.treatment ?? level.treatment
                trailIndex = staysEverywhere(use, treatment) ? index : nil
                if treatment == nil, use.isNameOfAnything {
                    treatment = treatmentOfName(in: source, behind: scanner.offset)
                }
                name = use.name
            }
            let first = scanner.offset
            guard let token = try scanner.next() else { break }
            if let (start, depth) = dropped {
                guard scanner.depth == depth else { continue }
                edit.remove(start..<scanner.offset, of: source, separator: 0x2C, withBlanks: true)
                dropped = nil
                treatment = level.treatment
                continue
            }
            if rules.hasPaths, let found = self.treatment(ofElement: token, base) {
                treatment = found
                if found.action == .drop {
                    noteDropped(found)
                    let start = token.start(endingAt: scanner.offset)
                    guard scanner.depth == levels.count &- base else {
                        dropped = (start, levels.count &- base)
                        continue
                    }
                    edit.remove(start..<scanner.offset, of: source, separator: 0x2C, withBlanks: true)
                    treatment = level.treatment
                    continue
                }
            }
            var stays = true
            switch token {
            case .key(let range):
                let hasEscapes = scanner.hasEscapes
                let use = member(source.extracting(range.bounds), hasEscapes: hasEscapes)
                treatment = use.treatment ?? level.treatment
                if use.isOfPeople { level.isPerson = true }
                trailIndex = nil
                if !isInspecting {
                    let written = source.extracting(first..<scanner.offset)
                    let index = noteMember(use, written: written, hasEscapes: hasEscapes, isFirst: isFirst)
                    if staysEverywhere(use, treatment) { trailIndex = index }
                }
                if treatment == nil, use.isNameOfAnything {
                    treatment = treatmentOfName(in: source, behind: scanner.offset)
                }
                name = use.name
                if use.endsPath, let found = pathTreatment(at: name.hash, base) { treatment = found }
                if let treatment, treatment.action == .drop {
                    noteDropped(treatment)
                    dropped = (range.offset &- 1, scanner.depth)
                    continue
                }
                if !use.isPlain { replaceName(range, of: source, &edit) }
                continue
            case .beginObject, .beginArray:
                let isObject = if case .beginObject = token { true } else { false }
                let inner =
                    !isObject || treatment?.isDeep == true || treatment?.action == .keep ? treatment : nil
                let key = level.key(ofNext: name)
                levels.append(level)
                level = JSONLevel(
                    treatment: inner,
                    name: name,
                    isObject: isObject,
                    key: key,
                    position: MemberTrail.Position(inObject: trailNumber(ofObject: name))
                )
                trailIndex = nil
            case .endObject, .endArray:
                level = levels.removeLast()
            case .string(let range):
                let treatment = treatment ?? rules.otherStrings
                valuePlace = name.hash
                stays = !replaceString(range, of: source, hasEscapes: scanner.hasEscapes, treatment, &edit)
            case .number(let range):
                stays = !replaceNumber(range, of: source, treatment, &edit)
            case .bool, .null:
                break
            }
            if let index = trailIndex {
                if stays { trail.rememberValue(source.extracting(first..<scanner.offset), at: index) }
                trailIndex = nil
            }
            // What follows without a name of its own stands in an array.
            if !level.isObject {
                treatment = level.treatment
                name = level.name
            }
        }
    }

    /// The rule whose path leads to the element of an array that begins with a token.
    private mutating func treatment(ofElement token: JSONToken, _ base: Int) -> Treatment? {
        guard token.beginsValue, levels.count > base, !level.isObject else { return nil }
        let key = level.elements
        level.elements &+= 1
        return rules.hasElementPaths ? pathTreatment(at: key, base) : nil
    }

    /// The rule whose path leads to the value that has this key in the innermost level.
    private mutating func pathTreatment(at key: UInt64, _ base: Int) -> Treatment? {
        guard levels.count > base else { return nil }
        levels.append(level)
        defer { levels.removeLast() }
        // The first one stands around the text.
        return rules.treatment(at: key, in: levels[(base + 1)...])
    }

    /// The treatment of a member by its name as written, and the name for objects below it.
    private mutating func member(_ spelling: Span<UInt8>, hasEscapes: Bool) -> FieldUse {
        let parent = level.name
        guard hasEscapes else {
            if isInspecting { place.enter(.body, name: spelling) }
            return use(ofField: spelling, under: parent, in: .json)
        }
        let name = JSONString.unescape(spelling)
        if isInspecting { place.enter(.body, name: name.span) }
        return use(ofField: name.span, under: parent, in: .json)
    }

    /// The treatment of the member `name`, which is a person's where the same object has an e-mail address, a phone number or
    /// a date of birth; members behind it are looked at as far as ``JSONLevel/lookahead``.
    private mutating func treatmentOfName(in source: Span<UInt8>, behind offset: Int) -> Treatment? {
        guard rules.detectors.contains(.name), source.couldHoldPersonName(behind: offset) else { return nil }
        let end = Swift.min(source.count, offset &+ JSONLevel.lookahead)
        let context = fieldContext
        defer { fieldContext = context }
        var depth = 0
        var index = offset
        var isPerson = level.isPerson
        while index < end, !isPerson, depth >= 0 {
            switch source[index] {
            case 0x7B, 0x5B: depth &+= 1
            case 0x7D, 0x5D: depth &-= 1
            case 0x22:
                let first = index &+ 1
                index = first
                while index < end, source[index] != 0x22 { index &+= source[index] == 0x5C ? 2 : 1 }
                if depth == 0, index < end, source.byte(index &+ 1) == 0x3A || source.byte(index &+ 2) == 0x3A
                {
                    let name = source.extracting(first..<index)
                    isPerson = use(ofField: name, under: level.name, in: .json).isOfPeople
                }
            default: break
            }
            index &+= 1
        }
        return isPerson ? Treatment(.pseudonymize, as: .name) : nil
    }

    private mutating func replaceName(_ range: ByteRange, of source: Span<UInt8>, _ edit: inout ByteEdit) {
        let spelling = source.extracting(range.bounds)
        var name: [UInt8] = []
        let isEscaped = spelling.firstIndex(of: 0x5C) != nil
        let isChanged =
            isEscaped
            ? rewriteEscaped(JSONString.unescape(spelling).span, to: &name)
            : rewriteEscaped(spelling, to: &name)
        guard isChanged else { return }
        edit.replace(range.bounds, of: source, withJSONText: name.span)
    }

    /// Replaces a string and answers whether it has changed.
    ///
    /// Not inlined, so that what is known of a text under way stays in registers where members are passed over.
    @inline(never)
    private mutating func replaceString(
        _ range: ByteRange,
        of source: Span<UInt8>,
        hasEscapes: Bool,
        _ treatment: Treatment?,
        _ edit: inout ByteEdit
    ) -> Bool {
        let spelling = source.extracting(range.bounds)
        if treatment == nil, !hasEscapes, !findsUnknownSecrets, isFreeOfFindings(spelling) { return false }
        if let treatment, treatment.action != .keep, !hasEscapes, !isInspecting {
            let start = edit.begin(at: range.offset, of: source)
            guard treat(spelling, treatment, to: &edit.output) else { return false }
            edit.concludeJSONText(at: range.end, from: start)
            return true
        }
        // JSON in a string of JSON comes by here again and finds an empty buffer.
        var value = made
        made = []
        defer { made = value }
        value.removeAll(keepingCapacity: true)
        let isChanged: Bool
        if !hasEscapes {
            isChanged = rewrite(spelling, treatment, to: &value)
        } else {
            let text = JSONString.unescape(spelling)
            isChanged = rewrite(text.span, treatment, to: &value)
            guard isChanged else { return false }
            var respelled: [UInt8] = []
            JSONSpelling(spelling).append(value.span, to: &respelled)
            edit.replace(range.bounds, of: source, with: respelled.span)
            return true
        }
        if isChanged { edit.replace(range.bounds, of: source, withJSONText: value.span) }
        return isChanged
    }

    /// Whether a text that no rule names stays as it is for certain: nothing in it leads on, and no detector finds
    /// anything.
    private mutating func isFreeOfFindings(_ value: Span<UInt8>) -> Bool {
        guard !value.isEmpty else { return true }
        switch value[0] {
        case 0x22, 0x2F, 0x3C: return false
        // No detector finds anything in words of small letters alone, and nothing begins in them.
        case 0x61...0x7A where value.endOfSmallWords(from: 0) == value.count: return !value.mayBeBase64
        default:
            let surroundings = surroundings
            let isKnown = isKnownToStay(value, in: surroundings)
            if isKnown == true { return true }
            guard !value.mayBeBase64, value.nextMark(from: 0) == nil,
                text.next(in: value, from: 0, field: fieldContext) == nil
            else { return false }
            if isKnown == false { noteThatStays(value, in: surroundings) }
            return true
        }
    }

    /// Replaces a number under a rule, or one that is a card's, and answers whether it did; the sign, the point and the
    /// exponent stay.
    mutating func replaceNumber(
        _ range: ByteRange,
        of source: Span<UInt8>,
        _ treatment: Treatment?,
        _ edit: inout ByteEdit
    ) -> Bool {
        let spelling = source.extracting(range.bounds)
        guard let treatment = treatment ?? cardTreatment(of: spelling), treatment.action != .keep else {
            return false
        }
        if isInspecting {
            note(Self.numericKind(treatment.kind), spelling, treatment)
            return false
        }
        var value: [UInt8] = []
        switch treatment.action {
        case .keep, .drop: return false
        case .shift: appendShifted(spelling, treatment, isNumber: true, to: &value)
        case .bucket:
            if !appendBucket(spelling, treatment, to: &value) { value.append(0x30) }
        case .redact: value.append(0x30)
        case .mask:
            for index in spelling.indices {
                value.append(spelling[index].isASCIIDigit ? 0x30 : spelling[index])
            }
            if !value.span.isJSONNumber { value = [0x30] }
        case .pseudonymize:
            let kind = Self.numericKind(treatment.kind)
            pseudonymizer.append(kind, of: spelling, to: &value)
            if !value.span.isJSONNumber {
                value.removeAll()
                pseudonymizer.append(.digits, of: spelling, to: &value)
            }
        }
        audit.count(treatment.kind, byRule: treatment.rule)
        edit.replace(range.bounds, of: source, with: value.span)
        return true
    }

    /// Inlined, or all of the anonymizer would be copied for a question to it.
    @inline(__always)
    private func cardTreatment(of number: Span<UInt8>) -> Treatment? {
        guard rules.detectors.contains(.card), number.count >= 12,
            number.cardNumberEnd(at: 0, field: fieldContext) == number.count
        else { return nil }
        return Treatment(.pseudonymize, as: .card)
    }

    private static func numericKind(_ kind: PseudonymKind) -> PseudonymKind {
        switch kind {
        case .card, .phone, .date, .digits, .coordinates: kind
        case .email, .ip, .name, .text, .nationalID, .iban, .jwt, .token, .credential, .authorization,
            .cookie, .setCookie, .addresses, .mac, .uuid, .bic, .address:
            .digits
        }
    }
}

extension JSONLevel {
    /// The key of the value that begins next; in an array whose elements are counted, it has been counted already.
    fileprivate func key(ofNext name: FieldName) -> UInt64 {
        isObject ? name.hash : elements &- 1
    }
}

extension JSONToken {
    fileprivate var beginsValue: Bool {
        switch self {
        case .beginObject, .beginArray, .string, .number, .bool, .null: true
        case .endObject, .endArray, .key: false
        }
    }

    /// Where a token starts that has just been read; quotes are part of it.
    fileprivate func start(endingAt end: Int) -> Int {
        switch self {
        case .beginObject, .beginArray, .endObject, .endArray: end &- 1
        case .key(let range), .string(let range): range.offset &- 1
        case .number(let range): range.offset
        case .bool(let value): end &- (value ? 4 : 5)
        case .null: end &- 4
        }
    }
}

extension JSONLevel {
    /// How many bytes behind a member `name` are searched for members that people have.
    fileprivate static let lookahead = 512
}

extension Span where Element == UInt8 {
    /// Whether the string that comes next could be the name of a person; one with escapes could.
    fileprivate func couldHoldPersonName(behind offset: Int) -> Bool {
        guard let quote = firstIndex(of: 0x22, from: offset), quote &- offset < 4,
            let end = firstIndex(of: 0x22, from: quote &+ 1)
        else { return false }
        let value = extracting(quote &+ 1..<end)
        return value.firstIndex(of: 0x5C) != nil || value.couldBePersonName
    }

    /// Whether the text is one JSON number.
    fileprivate var isJSONNumber: Bool {
        var scanner = JSONScanner(self)
        do {
            guard case .number? = try scanner.next() else { return false }
            return try scanner.next() == nil
        } catch {
            return false
        }
    }
}
