import Bytes

extension Anonymizer {
    /// Appends a query or form with the values replaced that rules name or detectors find; false if none is.
    ///
    /// Pairs stand between `&`, and between `;` where a name and `=` follow it.
    mutating func rewritePairs(
        _ source: Span<UInt8>,
        in fields: FieldPlaces,
        to output: inout [UInt8]
    ) -> Bool {
        var edit = ByteEdit()
        var start = 0
        var and = -1
        while start <= source.count {
            if start > and { and = source.firstIndex(of: 0x26, from: start) ?? source.count }
            // A query that was copied from markup with its `&amp;`.
            let first = start > 0 && source.starts(with: "amp;", at: start) ? start &+ 4 : start
            let end = source.endOfPair(from: first, upTo: and)
            rewritePair(first..<end, of: source, in: fields, &edit)
            start = end &+ 1
        }
        guard edit.isChanged else { return false }
        edit.finish(source)
        output.append(contentsOf: edit.output)
        return true
    }

    /// Replaces the value of one `name=value`.
    mutating func rewritePair(
        _ range: Range<Int>,
        of source: Span<UInt8>,
        in fields: FieldPlaces,
        _ edit: inout ByteEdit
    ) {
        guard !range.isEmpty else { return }
        let equals = source.extracting(range).firstIndex(of: 0x3D).map { range.lowerBound &+ $0 }
        let nameRange = range.lowerBound..<(equals ?? range.upperBound)
        guard let equals else {
            if isInspecting { place.enter(fields == .query ? .query : .body) }
            return replaceCoded(nameRange, of: source, nil, plusIsBlank: true, &edit)
        }
        let name = source.extracting(nameRange)
        let isCoded = PercentEncoding.isCoded(name, plusIsBlank: true)
        let decoded = isCoded ? PercentEncoding.decode(name, plusIsBlank: true) : []
        let treatment =
            isCoded ? treatment(ofField: decoded.span, in: fields) : treatment(ofField: name, in: fields)
        if let treatment, treatment.action == .drop {
            enter(fields, isCoded ? decoded.span : name)
            noteDropped(treatment)
            if !isInspecting {
                // Parameters of a segment of a path stand between semicolons.
                let isParameter = source.byte(range.lowerBound &- 1) == 0x3B
                edit.remove(range, of: source, separator: isParameter ? 0x3B : 0x26)
            }
            return
        }
        if isInspecting { place.enter(fields == .query ? .query : .body) }
        replaceCoded(nameRange, of: source, nil, plusIsBlank: true, &edit)
        enter(fields, isCoded ? decoded.span : name)
        let value = equals &+ 1..<range.upperBound
        replaceCoded(value, of: source, treatment ?? rules.otherStrings, plusIsBlank: true, &edit)
    }

    private mutating func enter(_ fields: FieldPlaces, _ name: Span<UInt8>) {
        if isInspecting { place.enter(fields == .query ? .query : .body, name: name) }
    }

    /// The treatment of a field of a form by its name, which may hold that of an object: `billing[city]`.
    mutating func treatment(ofField name: Span<UInt8>, in fields: FieldPlaces) -> Treatment? {
        guard let bracket = name.firstIndex(of: 0x5B) else {
            return use(ofField: name, under: .empty, in: fields).treatment
        }
        var parent = name.extracting(0..<bracket)
        var last = parent
        var start = bracket
        while start < name.count, name[start] == 0x5B {
            let end = name.firstIndex(of: 0x5D, from: start) ?? name.count
            // Empty brackets and numbers stand for places in a list.
            let part = name.extracting(start &+ 1..<end)
            if !part.isEmpty, !part[0].isASCIIDigit {
                parent = last
                last = part
            }
            start = end &+ 1
        }
        return use(ofField: last, under: FieldName(parent), in: fields).treatment
    }

    /// Replaces a percent-encoded run, as a whole or what detectors find in it.
    mutating func replaceCoded(
        _ range: Range<Int>,
        of source: Span<UInt8>,
        _ treatment: Treatment?,
        plusIsBlank: Bool,
        _ edit: inout ByteEdit
    ) {
        guard !range.isEmpty else { return }
        let coded = source.extracting(range)
        var value: [UInt8] = []
        let isChanged: Bool
        if PercentEncoding.isCoded(coded, plusIsBlank: plusIsBlank) {
            let text = PercentEncoding.decode(coded, plusIsBlank: plusIsBlank)
            isChanged = rewrite(text.span, treatment, to: &value)
        } else {
            isChanged = rewrite(coded, treatment, to: &value)
        }
        guard isChanged else { return }
        var spelling: [UInt8] = []
        PercentEncoding.encode(value.span, like: coded, plusIsBlank: plusIsBlank, to: &spelling)
        edit.replace(range, of: source, with: spelling.span)
    }
}

extension Span where Element == UInt8 {
    /// Where the `;` before another name stands that ends a pair; `end` where there is none before it.
    fileprivate func endOfPair(from start: Int, upTo end: Int) -> Int {
        var index = start
        while let semicolon = extracting(0..<end).firstIndex(of: 0x3B, from: index) {
            index = semicolon &+ 1
            var name = index
            while name < end, self[name].isWordByte || self[name] == 0x2D || self[name] == 0x2E { name &+= 1 }
            if name > index, name < end, self[name] == 0x3D { return semicolon }
        }
        return end
    }
}
