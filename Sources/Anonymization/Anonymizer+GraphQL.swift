import Bytes
import JSON

/// An open bracket of a GraphQL document.
private struct GraphQLLevel {
    /// What the arguments or members in it belong to.
    var name: FieldName
    /// The rule for values in a list.
    var treatment: Treatment?
}

extension Anonymizer {
    /// Appends a GraphQL document with the values in it replaced; `nil` if it is none.
    ///
    /// Arguments and members of input objects are fields; the parent of an argument is the field it is given to, that of a
    /// member the argument it is in. Strings that no rule names, descriptions and comments are running text.
    mutating func rewriteGraphQL(_ source: Span<UInt8>, to output: inout [UInt8]) -> Bool? {
        guard source.isGraphQL, !hasFindingsOutsideStrings(source) else { return nil }
        var scanner = GraphQLScanner(source)
        var edit = ByteEdit()
        var levels: [GraphQLLevel] = []
        /// The name that was read last, and the one that a colon or an equals sign stands behind.
        var last = FieldName.empty
        var lastRange = 0..<0
        var treatment: Treatment?
        while let token = scanner.next() {
            switch token {
            case .name(let range), .variable(let range):
                lastRange = range
                last = FieldName(source.extracting(range))
            case .mark(let mark):
                switch mark {
                case 0x28, 0x7B:
                    levels.append(GraphQLLevel(name: last, treatment: nil))
                    treatment = nil
                case 0x5B: levels.append(GraphQLLevel(name: last, treatment: treatment))
                case 0x29, 0x5D, 0x7D:
                    let level = levels.popLast()
                    last = level?.name ?? .empty
                    treatment = mark == 0x5D ? level?.treatment : levels.last?.treatment
                // A default value stands behind the type of its variable, whose name is before the colon.
                case 0x3A:
                    let name = source.extracting(lastRange)
                    if isInspecting { place.enter(.body, name: name) }
                    let parent = levels.last?.name ?? .empty
                    treatment =
                        lastRange.isEmpty ? nil : use(ofField: name, under: parent, in: .json).treatment
                default: break
                }
            case .string(let range, let isBlock):
                replaceLiteral(range, of: source, isBlock: isBlock, treatment, &edit)
                treatment = levels.last?.treatment
            case .number(let range):
                _ = replaceNumber(ByteRange(range), of: source, treatment, &edit)
                treatment = levels.last?.treatment
            case .comment(let range):
                var made: [UInt8] = []
                if rewriteProse(source.extracting(range), to: &made) {
                    edit.replace(range, of: source, with: made.span)
                }
            }
        }
        guard edit.isChanged else { return false }
        edit.finish(source)
        output.append(contentsOf: edit.output)
        return true
    }

    /// Whether detectors find something in what is no string of a document: such a text is none, though its tokens are
    /// those of one, as of `{ghp_…}`.
    ///
    /// A number of its own is looked at where it stands, and names of types may be those of people.
    private func hasFindingsOutsideStrings(_ source: Span<UInt8>) -> Bool {
        var scanner = GraphQLScanner(source)
        var start = 0
        while let token = scanner.next() {
            switch token {
            case .string(let range, _), .comment(let range):
                if hasFindings(in: source.extracting(start..<max(start, range.lowerBound))) { return true }
                start = range.upperBound
            default: break
            }
        }
        return hasFindings(in: source.extracting(min(start, source.count)...))
    }

    private func hasFindings(in part: Span<UInt8>) -> Bool {
        var start = 0
        while let found = text.next(in: part, from: start) {
            if found.kind != .name, found.kind != .address, !part.extracting(found.range).isNumber {
                return true
            }
            start = found.range.upperBound
        }
        return false
    }

    /// Replaces the inside of a string; escapes are those of JSON, and a block has none but for its own end.
    private mutating func replaceLiteral(
        _ range: Range<Int>,
        of source: Span<UInt8>,
        isBlock: Bool,
        _ treatment: Treatment?,
        _ edit: inout ByteEdit
    ) {
        let spelling = source.extracting(range)
        var made: [UInt8] = []
        let treatment = treatment ?? rules.otherStrings
        if isBlock {
            guard rewrite(spelling, treatment, to: &made) else { return }
            edit.replace(range, of: source, with: made.span)
            return
        }
        let hasEscapes = spelling.firstIndex(of: 0x5C) != nil
        let text = hasEscapes ? JSONString.unescape(spelling) : []
        guard rewrite(hasEscapes ? text.span : spelling, treatment, to: &made) else { return }
        edit.replace(range, of: source, withJSONText: made.span)
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are digits, all of them.
    fileprivate var isNumber: Bool {
        for index in indices where !self[index].isASCIIDigit { return false }
        return true
    }
}
