import Bytes

/// How the value of a signature's header is written: `sha256={signature}`, `t={timestamp},v1={signature}`.
///
/// With a separator the value is a list of such parts in any order, and there may be several signatures.
package struct SignatureValue: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        case signature, timestamp
    }

    /// One part of the list: what stands before and behind the place.
    struct Pattern: Hashable, Sendable {
        var before: [UInt8]
        var part: Part
        var after: [UInt8]
    }

    /// What was found in a value.
    struct Reading {
        var signatures: [[UInt8]] = []
        var timestamp: [UInt8]?
    }

    let patterns: [Pattern]
    let separator: UInt8?

    /// The value is the signature alone.
    static let plain = SignatureValue(
        patterns: [Pattern(before: [], part: .signature, after: [])],
        separator: nil
    )

    private init(patterns: [Pattern], separator: UInt8?) {
        self.patterns = patterns
        self.separator = separator
    }

    /// Reads a form with `{signature}` once and `{timestamp}` at most once; `separator` is one character.
    package init(_ text: String, separator: Character? = nil) throws(SignatureTemplate.Failure) {
        var patterns: [Pattern] = []
        let parts =
            separator.map { text.split(separator: $0, omittingEmptySubsequences: false) } ?? [Substring(text)]
        for part in parts {
            guard let open = part.firstIndex(of: "{"), let close = part.firstIndex(of: "}"), open < close
            else {
                throw SignatureTemplate.Failure(
                    description: "a part of the value has no {signature} or {timestamp}"
                )
            }
            let after = part[part.index(after: close)...]
            let place: Part
            switch part[part.index(after: open)..<close] {
            case "signature": place = .signature
            case "timestamp": place = .timestamp
            default:
                throw SignatureTemplate.Failure(description: "a value has {signature} and {timestamp} only")
            }
            guard !after.contains("{"), !patterns.contains(where: { $0.part == place }) else {
                throw SignatureTemplate.Failure(
                    description: "a value with several places needs the separator that is between them"
                )
            }
            patterns.append(Pattern(before: Array(part[..<open].utf8), part: place, after: Array(after.utf8)))
        }
        guard patterns.contains(where: { $0.part == .signature }) else {
            throw SignatureTemplate.Failure(description: "{signature} is missing")
        }
        guard separator.map({ $0.isASCII }) ?? true else {
            throw SignatureTemplate.Failure(description: "a separator is one character of ASCII")
        }
        self.patterns = patterns
        self.separator = separator?.asciiValue
    }

    var hasTimestamp: Bool { patterns.contains { $0.part == .timestamp } }

    /// What a value holds; `nil` where it has no signature of this form.
    func read(_ value: [UInt8]) -> Reading? {
        var reading = Reading()
        guard let separator else {
            guard let pattern = patterns.first, let signature = pattern.match(value[...]) else { return nil }
            reading.signatures = [signature]
            return reading
        }
        for part in value.split(separator: separator) {
            var part = part
            while part.first == 0x20 { part = part.dropFirst() }
            for pattern in patterns {
                guard let found = pattern.match(part) else { continue }
                switch pattern.part {
                case .signature: reading.signatures.append(found)
                case .timestamp: reading.timestamp = reading.timestamp ?? found
                }
                break
            }
        }
        return reading.signatures.isEmpty ? nil : reading
    }

    /// The value with these signatures; the form without a separator has room for the first one only.
    func text(signatures: [[UInt8]], timestamp: [UInt8]) -> [UInt8] {
        var parts: [[UInt8]] = []
        for pattern in patterns {
            switch pattern.part {
            case .timestamp: parts.append(pattern.before + timestamp + pattern.after)
            case .signature:
                let shown = separator == nil ? signatures.prefix(1) : signatures[...]
                for signature in shown { parts.append(pattern.before + signature + pattern.after) }
            }
        }
        return Array(parts.joined(separator: separator.map { [$0] } ?? []))
    }
}

extension SignatureValue.Pattern {
    /// What stands at the place, if the rest is as it should be.
    func match(_ value: ArraySlice<UInt8>) -> [UInt8]? {
        guard value.count >= before.count + after.count, value.starts(with: before),
            value.suffix(after.count).elementsEqual(after)
        else { return nil }
        return Array(value.dropFirst(before.count).dropLast(after.count))
    }
}

extension SignatureValue: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        self = Self.known(text, separator: nil)
    }

    /// A form in the program, which is right.
    static func known(_ text: String, separator: Character?) -> SignatureValue {
        do {
            return try SignatureValue(text, separator: separator)
        } catch {
            preconditionFailure("the value '\(text)': \(error)")
        }
    }
}
