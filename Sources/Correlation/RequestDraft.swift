import Bytes
import Compression
import JSON
import Messages

/// The parts of a request in which values are put in the place of recorded ones.
///
/// Edits change the bytes of the value and leave the rest as it was. Content codings of the body are undone and
/// applied again; its length is the caller's to correct.
package struct RequestDraft: Sendable {
    package struct Field: Sendable {
        /// In small letters.
        package var name: [UInt8]
        package var value: [UInt8]
        package var isChanged = false

        package init(name: [UInt8], value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    /// As recorded, without what a replay puts before it.
    package var target: [UInt8]
    package var fields: [Field]
    package var body: [UInt8]
    package private(set) var isTargetChanged = false
    package private(set) var isBodyChanged = false

    /// Whether anything was put in.
    package var isChanged: Bool { isTargetChanged || isBodyChanged || fields.contains(where: \.isChanged) }

    package init(target: [UInt8], fields: [Field], body: [UInt8]) {
        self.target = target
        self.fields = fields
        self.body = body
    }

    /// A value and which of those at its spot it replaces.
    package struct Replacement: Sendable {
        package var number: Int
        package var value: [UInt8]

        package init(number: Int, value: [UInt8]) {
            self.number = number
            self.value = value
        }
    }

    /// Puts values in their places; answers how many were. Line breaks and NUL have no place in a head.
    package mutating func put(_ replacements: [Replacement], at spot: ValueSpot) -> Int {
        if case .json = spot.place { return putInBody(replacements, spot) }
        var count = 0
        for replacement in replacements where replacement.value.count <= ValuePieces.maximumBytes {
            let isDone: Bool
            switch spot.place {
            case .path(let index): isDone = putSegment(index, replacement, spot.part)
            case .query(let name): isDone = putParameter(name, replacement, spot.part)
            case .header(let name): isDone = putField(name, replacement, spot.part)
            case .cookie(let name): isDone = putCookie(name, replacement, spot.part)
            case .json, .form, .body: isDone = putInBody([replacement], spot) > 0
            case .event, .html: isDone = false
            }
            if isDone { count += 1 }
        }
        return count
    }

    private mutating func putSegment(_ index: Int, _ new: Replacement, _ part: ValuePart) -> Bool {
        let path = target.span.pathOfTarget
        guard new.number == 0, !path.isEmpty else { return false }
        let segments = ValuePieces.segments(
            of: target.span.extracting(0..<path.upperBound),
            from: path.lowerBound
        )
        guard index < segments.count, !segments[index].isEmpty else { return false }
        return putEncoded(new.value, segments[index], part, plusIsBlank: false)
    }

    private mutating func putParameter(_ name: String, _ new: Replacement, _ part: ValuePart) -> Bool {
        let start = ValuePieces.queryStart(of: target.span, from: target.span.pathOfTarget.upperBound)
        guard let range = Self.parameter(name, new.number, of: target.span, from: start) else { return false }
        return putEncoded(new.value, range, part, plusIsBlank: true)
    }

    private mutating func putEncoded(
        _ new: [UInt8],
        _ range: Range<Int>,
        _ part: ValuePart,
        plusIsBlank: Bool
    ) -> Bool {
        guard let spelled = Self.encoded(new, target.span.extracting(range), part, plusIsBlank: plusIsBlank)
        else {
            return false
        }
        target.replaceSubrange(range, with: spelled)
        isTargetChanged = true
        return true
    }

    /// What stands in the place of an encoded value once `new` is its part.
    private static func encoded(
        _ new: [UInt8],
        _ spelling: Span<UInt8>,
        _ part: ValuePart,
        plusIsBlank: Bool
    ) -> [UInt8]? {
        let whole = PercentEncoding.decode(spelling, plusIsBlank: plusIsBlank)
        guard let made = ValuePieces.replacing(part, of: whole, with: new), !made.isEmpty else { return nil }
        var text: [UInt8] = []
        PercentEncoding.append(part: made, to: &text)
        return text
    }

    private static func parameter(_ name: String, _ number: Int, of text: Span<UInt8>, from start: Int)
        -> Range<
            Int
        >?
    {
        var left = number
        for parameter in ValuePieces.parameters(of: text, from: start) {
            let found = PercentEncoding.decode(text.extracting(parameter.name), plusIsBlank: true)
            guard found.elementsEqual(name.utf8) else { continue }
            if left == 0 { return parameter.value }
            left -= 1
        }
        return nil
    }

    // MARK: Fields

    private mutating func putField(_ name: String, _ new: Replacement, _ part: ValuePart) -> Bool {
        var left = new.number
        for index in fields.indices where fields[index].name.elementsEqual(name.utf8) {
            if left > 0 {
                left -= 1
                continue
            }
            guard let made = ValuePieces.replacing(part, of: fields[index].value, with: new.value),
                Self.isFieldValue(made)
            else { return false }
            fields[index].value = made
            fields[index].isChanged = true
            return true
        }
        return false
    }

    private mutating func putCookie(_ name: String, _ new: Replacement, _ part: ValuePart) -> Bool {
        var left = new.number
        for index in fields.indices where fields[index].name.elementsEqual("cookie".utf8) {
            var place: Range<Int>?
            let value = fields[index].value
            Cookies.forEach(value.span, onlyFirst: false) { key, range in
                guard value[key].elementsEqual(name.utf8) else { return }
                if left == 0 { place = range }
                left -= 1
            }
            guard let place else { continue }
            guard let made = ValuePieces.replacing(part, of: Array(value[place]), with: new.value),
                Self.isFieldValue(made), !made.contains(0x3B)
            else { return false }
            fields[index].value.replaceSubrange(place, with: made)
            fields[index].isChanged = true
            return true
        }
        return false
    }

    private static func isFieldValue(_ value: [UInt8]) -> Bool {
        !value.contains { $0 == 0x0D || $0 == 0x0A || $0 == 0 }
    }

    // MARK: Body

    /// Puts all values of one spot into the body in one pass; of other places than JSON only the first.
    private mutating func putInBody(_ new: [Replacement], _ spot: ValueSpot) -> Int {
        guard let content = content(), content.form == spot.place.form else { return 0 }
        let text = content.body
        var made: [UInt8] = []
        made.reserveCapacity(text.count + 64)
        var copied = 0
        var number = -1
        var count = 0
        func replace(_ range: Range<Int>, _ spelled: [UInt8]) {
            made += text[copied..<range.lowerBound]
            made += spelled
            copied = range.upperBound
            count += 1
        }
        switch spot.place {
        case .json(let path):
            JSONLeaves.forEach(text.span) { leaf, walk in
                guard walk.isMeant(by: path.steps, in: text.span) else { return true }
                number += 1
                guard let wanted = new.first(where: { $0.number == number }) else { return true }
                guard
                    let value = ValuePieces.replacing(
                        spot.part,
                        of: leaf.value(in: text.span),
                        with: wanted.value
                    )
                else { return true }
                replace(leaf.range.bounds, Self.spelled(value, leaf))
                return true
            }
        case .form(let name):
            if let new = new.first,
                let range = Self.parameter(name, new.number, of: text.span, from: 0),
                let spelled = Self.encoded(
                    new.value,
                    text.span.extracting(range),
                    spot.part,
                    plusIsBlank: true
                )
            {
                replace(range, spelled)
            }
        case .body:
            if let new = new.first, new.number == 0,
                let value = ValuePieces.replacing(spot.part, of: text, with: new.value)
            {
                replace(0..<text.count, value)
            }
        case .path, .query, .header, .cookie, .event, .html: break
        }
        guard count > 0 else { return 0 }
        made += text[copied...]
        body = content.codings.isIdentity ? made : content.codings.encode(made)
        isBodyChanged = true
        return count
    }

    /// A value as it is spelled in the place of a leaf: a number stays one where the new value is one.
    private static func spelled(_ value: [UInt8], _ leaf: JSONLeaf) -> [UInt8] {
        if !leaf.isString, JSONLeaves.isNumber(value) { return value }
        var text: [UInt8] = leaf.isString ? [] : [0x22]
        JSONString.escape(value.span, into: &text)
        if !leaf.isString { text.append(0x22) }
        return text
    }

    /// The request as content, for reading its body; `nil` where its head would be none.
    private func content() -> MessageContent? {
        var bytes = Array("POST / HTTP/1.1\r\n".utf8)
        for field in fields {
            guard
                field.name.elementsEqual("content-type".utf8)
                    || field.name.elementsEqual("content-encoding".utf8)
            else { continue }
            bytes += field.name + [0x3A, 0x20] + field.value + [0x0D, 0x0A]
        }
        bytes += [0x0D, 0x0A]
        guard let head = try? Head(parsing: bytes, kind: .request) else { return nil }
        return MessageContent(head: head, body: body)
    }
}

extension ValuePlace {
    fileprivate var form: MessageContent.Form {
        switch self {
        case .json: .json
        case .form: .form
        case .body: .text
        case .path, .query, .header, .cookie, .event, .html: .none
        }
    }
}

extension JSONLeaves {
    /// Whether the bytes are one number, as JSON spells it.
    static func isNumber(_ text: [UInt8]) -> Bool {
        guard let first = text.first, first == 0x2D || first.isASCIIDigit else { return false }
        return JSONLeaves.forEach(text.span) { _, _ in true }
    }
}
