import Bytes
import Packets

extension Anonymizer {
    /// Whether findings are collected instead of values replaced.
    var isInspecting: Bool { findings != nil || tally != nil }

    /// Appends what takes the place of a decoded value under a rule and answers whether that is something else.
    mutating func treat(
        _ value: Span<UInt8>,
        _ treatment: Treatment,
        to output: inout [UInt8]
    ) -> Bool {
        guard !value.isEmpty, treatment.action != .keep else { return false }
        if isInspecting {
            if value.isToken { return rewriteToken(value, to: &output) }
            if treatment.kind == .addresses {
                return rewriteText(value, DetectorScope.addresses, to: &output)
            }
            note(treatment.kind, value, treatment)
            return false
        }
        switch treatment.action {
        case .keep: return false
        case .shift: appendShifted(value, treatment, isNumber: false, to: &output)
        case .bucket:
            if !appendBucket(value, treatment, to: &output) { output.append(contentsOf: "redacted".utf8) }
        // What cannot be taken out where it stands, such as an element of XML.
        case .redact, .drop: output.append(contentsOf: "redacted".utf8)
        case .mask: appendMask(value, to: &output)
        case .pseudonymize:
            switch treatment.kind {
            case .credential, .token, .jwt:
                if value.isToken { return rewriteToken(value, to: &output) }
                pseudonymizer.append(treatment.kind, of: value, to: &output)
            case .addresses: return rewriteText(value, DetectorScope.addresses, to: &output)
            default: pseudonymizer.append(treatment.kind, of: value, to: &output)
            }
        }
        audit.count(treatment.kind, byRule: treatment.rule == 0 ? openRule : treatment.rule)
        return true
    }

    private func appendMask(_ value: Span<UInt8>, to output: inout [UInt8]) {
        for index in value.indices {
            let byte = value[index]
            output.append(byte.isASCIIDigit ? 0x30 : byte.isLetterOrDigit ? 0x78 : byte)
        }
    }

    /// Notes a value that is to be replaced; in an audit, unless it carries the mark of a pseudonym.
    mutating func note(_ kind: PseudonymKind, _ value: Span<UInt8>, _ treatment: Treatment? = nil) {
        if tally != nil || !RecognizedPseudonym.matches(kind, value) {
            note(.value(kind), treatment)
        } else if pseudonyms != nil {
            pseudonyms?.append(
                FoundPseudonym(kind: kind, value: Array(value), place: place.description)
            )
        }
    }

    mutating func note(_ what: AuditFinding.What, _ treatment: Treatment? = nil) {
        findings?.append(AuditFinding(what: what, place: place.description))
        guard tally != nil else { return }
        let rule = treatment.map { $0.rule == 0 ? openRule : $0.rule } ?? openRule
        tally?.count(what, byRule: rule, treatment?.action ?? .pseudonymize, at: place.description)
    }

    /// Counts what is taken out as a whole, or notes in an inspection that it is there.
    mutating func noteDropped(_ treatment: Treatment) {
        if isInspecting {
            note(.value(treatment.kind), treatment)
        } else {
            audit.count(treatment.kind, byRule: treatment.rule)
        }
    }

    /// Appends the text with everything the detectors find replaced, if they find anything.
    mutating func rewriteText(
        _ value: Span<UInt8>,
        _ scope: DetectorScope = .text,
        to output: inout [UInt8]
    ) -> Bool {
        var copied = 0
        while true {
            let found =
                switch scope {
                case .text: text.next(in: value, from: copied, field: fieldContext)
                case .product: productText.next(in: value, from: copied)
                case .addresses:
                    AddressList.next(in: value, from: copied).before(text.next(in: value, from: copied))
                }
            guard let found else { break }
            let part = value.extracting(found.range)
            if findsUnknownSecrets { noteUnknownSecrets(in: value, copied..<found.range.lowerBound, scope) }
            if !isInspecting { output.append(contentsOf: value.extracting(copied..<found.range.lowerBound)) }
            replaceFinding(found.kind, part, to: &output)
            copied = found.range.upperBound
        }
        if findsUnknownSecrets { noteUnknownSecrets(in: value, copied..<value.count, scope) }
        guard copied > 0, !isInspecting else { return false }
        output.append(contentsOf: value.extracting(copied..<value.count))
        return true
    }

    /// Notes the runs in a part of a text that look drawn by chance, unless the place says that they are identifiers.
    private mutating func noteUnknownSecrets(
        in text: Span<UInt8>,
        _ range: Range<Int>,
        _ scope: DetectorScope
    ) {
        guard isInspecting, scope == .text, range.count >= UnknownSecret.shortest, !place.holdsIdentifiers
        else {
            return
        }
        let part = text.extracting(range)
        var start = 0
        while let found = UnknownSecret.next(in: part, from: start) {
            note(.unknownSecret)
            start = found.upperBound
        }
    }
}

/// Which detectors look at a text.
enum DetectorScope {
    /// Those of the rules.
    case text
    /// Those of the rules but for the ones that take versions for something else.
    case product
    /// Every address in a list, whatever it is, and what the rules look for beside.
    case addresses
}

extension Finding? {
    /// This finding, or the other one where that lies wholly before it.
    fileprivate func before(_ other: Finding?) -> Finding? {
        guard let self else { return other }
        guard let other, other.range.upperBound <= self.range.lowerBound else { return self }
        return other
    }
}

/// Finds the addresses in `X-Forwarded-For`, `Forwarded` and their kin.
enum AddressList {
    static func next(in value: Span<UInt8>, from start: Int) -> Finding? {
        var index = start
        while index < value.count {
            var end = index
            while end < value.count,
                value[end].hexDigitValue != nil || value[end] == 0x2E || value[end] == 0x3A
            {
                end &+= 1
            }
            if let found = longestAddress(in: value, index..<end) { return Finding(kind: .ip, range: found) }
            index = end
            // The rest of a word, such as the name of a parameter, is no address.
            while index < value.count, value[index].isWordByte { index &+= 1 }
            while index < value.count, !value[index].isWordByte, value[index] != 0x3A { index &+= 1 }
        }
        return nil
    }

    /// The address that a run of digits, dots and colons is, with or without a port behind it.
    private static func longestAddress(in value: Span<UInt8>, _ run: Range<Int>) -> Range<Int>? {
        guard run.count > 1, !value.byte(run.upperBound).isWordByte else { return nil }
        if IPAddress(parsing: value.extracting(run)) != nil { return run }
        guard let colon = value.extracting(run).firstIndex(of: 0x3A) else { return nil }
        let host = run.lowerBound..<run.lowerBound &+ colon
        return IPAddress(parsing: value.extracting(host)) == nil ? nil : host
    }
}
