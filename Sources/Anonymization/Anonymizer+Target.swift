import Bytes

extension Anonymizer {
    /// Behind the name of a secret in a path, words in small letters are secrets from this length on.
    private static let shortestWordlikeSecret = 20

    /// Appends a request target with what is personal in its path and query replaced; false if nothing is.
    ///
    /// Of a target in absolute form (RFC 9112, section 3.2.2) scheme and authority stay, but for a user's name and
    /// password in it.
    mutating func rewriteTarget(_ target: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        guard openTexts < Self.maximumNesting else { return rewriteEscaped(target, to: &output) }
        openTexts &+= 1
        defer { openTexts &-= 1 }
        var edit = ByteEdit()
        let fragment = target.firstIndex(of: 0x23) ?? target.count
        let query = target.extracting(0..<fragment).firstIndex(of: 0x3F) ?? fragment
        let path = rewriteAuthority(target, upTo: query, &edit)
        rewritePath(path..<query, of: target, &edit)
        if query < fragment { rewritePart(query &+ 1..<fragment, of: target, &edit) }
        // Tokens are handed over in fragments as in queries.
        if fragment < target.count { rewritePart(fragment &+ 1..<target.count, of: target, &edit) }
        guard edit.isChanged else { return false }
        edit.finish(target)
        output.append(contentsOf: edit.output)
        return true
    }

    /// The same for a path with a query at the start of a text; words behind it are running text.
    mutating func rewriteURL(_ value: Span<UInt8>, to output: inout [UInt8]) -> Bool {
        var end = 0
        while end < value.count, value[end] > 0x20, value[end] != 0x22, value[end] != 0x3C, value[end] != 0x3E
        {
            end &+= 1
        }
        var text: [UInt8] = []
        let urlChanged = rewriteTarget(value.extracting(0..<end), to: &text)
        if !urlChanged { text.append(contentsOf: value.extracting(0..<end)) }
        let rest = value.extracting(end..<value.count)
        let restChanged = rewriteProse(rest, to: &text)
        if !restChanged { text.append(contentsOf: rest) }
        guard urlChanged || restChanged else { return false }
        output.append(contentsOf: text)
        return true
    }

    private mutating func rewritePart(_ range: Range<Int>, of target: Span<UInt8>, _ edit: inout ByteEdit) {
        var part: [UInt8] = []
        if rewritePairs(target.extracting(range), in: .query, to: &part) {
            edit.replace(range, of: target, with: part.span)
        }
    }

    /// Replaces a user and password before the host and answers where the path starts.
    private mutating func rewriteAuthority(
        _ target: Span<UInt8>,
        upTo end: Int,
        _ edit: inout ByteEdit
    ) -> Int {
        guard !target.isEmpty, target[0] != 0x2F else { return 0 }
        var index = 0
        while index < end, target[index].isWordByte || target[index] == 0x2B || target[index] == 0x2D {
            index &+= 1
        }
        guard target.starts(with: "://", at: index) else { return 0 }
        let authority = index &+ 3
        var path = authority
        while path < end, target[path] != 0x2F { path &+= 1 }
        if let at = target.extracting(authority..<path).lastIndex(of: 0x40) {
            if isInspecting { place.enter(.path) }
            replaceUser(authority..<authority &+ at, of: target, &edit)
        }
        return path
    }

    /// Replaces `user:password`, both percent-encoded.
    mutating func replaceUser(_ range: Range<Int>, of target: Span<UInt8>, _ edit: inout ByteEdit) {
        let colon = target.extracting(range).firstIndex(of: 0x3A).map { range.lowerBound &+ $0 }
        let name = range.lowerBound..<(colon ?? range.upperBound)
        replaceCoded(name, of: target, Treatment(.pseudonymize, as: .name), plusIsBlank: false, &edit)
        guard let colon else { return }
        let password = colon &+ 1..<range.upperBound
        replaceCoded(
            password,
            of: target,
            Treatment(.pseudonymize, as: .credential),
            plusIsBlank: false,
            &edit
        )
    }

    private mutating func rewritePath(_ range: Range<Int>, of target: Span<UInt8>, _ edit: inout ByteEdit) {
        var start = range.lowerBound
        var before = start..<start
        while start < range.upperBound {
            var end = start
            var semicolon: Int?
            while end < range.upperBound, target[end] != 0x2F {
                if target[end] == 0x3B, semicolon == nil { semicolon = end }
                end &+= 1
            }
            let parameters = semicolon ?? end
            if isInspecting { place.enter(.path) }
            let segment = start..<parameters
            let treatment = before.isEmpty ? nil : treatment(of: segment, behind: before, of: target)
            replaceCoded(segment, of: target, treatment, plusIsBlank: false, &edit)
            rewriteParameters(parameters..<end, of: target, &edit)
            before = segment
            start = end &+ 1
        }
    }

    /// The treatment of a segment by the name before it.
    ///
    /// Behind `password` or `token` there may be an action as well as a secret: a short word in small letters is
    /// taken for an action.
    private mutating func treatment(
        of segment: Range<Int>,
        behind name: Range<Int>,
        of target: Span<UInt8>
    ) -> Treatment? {
        let named = use(ofField: target.extracting(name), under: .empty, in: .path).treatment
        guard let named, named.kind == .credential, segment.count < Self.shortestWordlikeSecret else {
            return named
        }
        let isWord = segment.allSatisfy { index in
            (0x61...0x7A).contains(target[index]) || target[index] == 0x2D || target[index] == 0x5F
        }
        return isWord ? nil : named
    }

    /// Replaces values in the parameters of a segment, `;name=value` (RFC 3986, section 3.3).
    private mutating func rewriteParameters(
        _ range: Range<Int>,
        of target: Span<UInt8>,
        _ edit: inout ByteEdit
    ) {
        var start = range.lowerBound
        while start < range.upperBound {
            let first = start &+ 1
            let end =
                target.extracting(0..<range.upperBound).firstIndex(of: 0x3B, from: first) ?? range.upperBound
            rewritePair(first..<end, of: target, in: .query, &edit)
            start = end
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether the text starts like a path.
    var looksLikePath: Bool {
        count > 1 && self[0] == 0x2F && (self[1].isWordByte || self[1] == 0x3F || self[1] == 0x25)
    }
}
