import Bytes

/// Tells runs of characters that look drawn by chance, as keys and passwords of services do that no list knows.
///
/// It is a judgement by shape: at least 20 characters of base64, with capitals, small letters and digits changing as
/// often as chance has it. Hashes and UUIDs (hexadecimal), numbers, words in any case, identifiers behind a short prefix
/// (`evt_1IuH…`), base64 of text, and pseudonyms are none, and neither is what a field holds that by its name is an
/// identifier or a hash.
enum UnknownSecret {
    static let shortest = 20
    /// Longer runs are data, such as images.
    static let longest = 512
    /// Words at the end of the name of a field whose values are random and no secrets.
    private static let harmlessEndings: [StaticString] = [
        "id", "ids", "uid", "uuid", "guid", "gid", "oid", "sid", "sha", "sha1", "sha256", "sha512", "md5",
        "hash",
        "hashes", "digest", "checksum", "integrity", "etag", "cursor", "ref", "rev", "revision", "commit",
        "version",
        "boundary", "fingerprint", "before", "after", "nonce", "trace", "span", "slug", "avatar", "icon",
        "image",
    ]

    /// The next run in `text` at or after `start` that looks like a secret.
    static func next(in text: Span<UInt8>, from start: Int) -> Range<Int>? {
        var index = start
        while index < text.count {
            guard text[index].canStandInSecret else {
                index &+= 1
                continue
            }
            var end = index
            while end < text.count, text[end].canStandInSecret { end &+= 1 }
            while end < text.count, text[end] == 0x3D { end &+= 1 }
            if (shortest...longest).contains(end &- index), isSecret(text.extracting(index..<end)) {
                return index..<end
            }
            index = end
        }
        return nil
    }

    /// Whether a field of this name holds identifiers or hashes; letter case and separators do not count.
    static func isHarmless(field name: Span<UInt8>) -> Bool {
        for ending in harmlessEndings {
            let length = ending.utf8CodeUnitCount
            guard name.count >= length else { continue }
            let start = name.count &- length
            guard name.extracting(start..<name.count).equalsIgnoringCase(ending) else { continue }
            // A whole word: `node_id`, `nodeId`, `id`, and not `paid`.
            if start == 0 || !name[start &- 1].isASCIILetter || name[start] & 0x20 == 0 { return true }
        }
        return false
    }

    private static func isSecret(_ run: Span<UInt8>) -> Bool {
        guard !PlaceholderMark.isOn(run), !MadeUpWord.couldMake(run) else { return false }
        var isHexadecimal = true
        var (capitals, small, digits, changes) = (0, 0, 0, 0)
        var counts = [UInt8](repeating: 0, count: 128)
        var last = 0
        for index in run.indices {
            let byte = run[index]
            counts[Int(byte & 0x7F)] &+= 1
            if byte.hexDigitValue == nil, byte != 0x2D, byte != 0x5F { isHexadecimal = false }
            let kind =
                switch byte {
                case 0x30...0x39: 1
                case 0x41...0x5A: 2
                case 0x61...0x7A: 3
                default: 0
                }
            if kind == 1 { digits &+= 1 }
            if kind == 2 { capitals &+= 1 }
            if kind == 3 { small &+= 1 }
            if kind != 0 {
                if last != 0, last != kind { changes &+= 1 }
                last = kind
            }
        }
        guard !isHexadecimal, digits > 0, run.prefixedIdentifierLength == 0 else { return false }
        let letters = capitals &+ small
        guard letters >= run.count / 3 else { return false }
        // Of characters drawn by chance from three kinds, more than every other one is of another kind than the one
        // before; in words with numbers between them, every fifth.
        let hasBoth = capitals > 1 && small > 1
        guard changes &* 100 >= run.count &* (hasBoth ? 38 : 33) else { return false }
        guard hasBoth || digits >= 4 else { return false }
        // Few characters come again.
        let different = counts.reduce(0) { $0 &+ ($1 > 0 ? 1 : 0) }
        guard different >= min(14, run.count / 2 &+ 2) else { return false }
        return !isText(behind: run)
    }

    /// Whether the run is base64 of text, which is looked into by itself.
    private static func isText(behind run: Span<UInt8>) -> Bool {
        var padded = Array(run)
        while padded.count & 3 != 0 { padded.append(0x3D) }
        guard let content = Base64.decode(padded.span)?.bytes, content.count > 3 else { return false }
        return content.allSatisfy { $0 >= 0x09 && $0 < 0x7F }
    }
}

extension UInt8 {
    fileprivate var canStandInSecret: Bool {
        isASCIILetter || isASCIIDigit || self == 0x2B || self == 0x2F || self == 0x2D || self == 0x5F
    }
}

extension Span where Element == UInt8 {
    /// The length of a prefix of small letters and underscores, such as `evt_` or `in_test_`, with which services begin
    /// their identifiers; 0 without one.
    fileprivate var prefixedIdentifierLength: Int {
        var index = 0
        while index < count, (0x61...0x7A).contains(self[index]) || self[index] == 0x5F { index &+= 1 }
        guard index < count, let underscore = extracting(0..<Swift.min(index, 24)).lastIndex(of: 0x5F),
            (2...20).contains(underscore)
        else { return 0 }
        return underscore &+ 1
    }
}
