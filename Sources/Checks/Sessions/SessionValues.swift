import Bytes
import JSON
import Messages

/// Values by which one exchange of a session may know another, as hashes of their bytes.
enum SessionValues {
    /// Values of one answer that are kept.
    static let mostValues = 32
    /// Longer values name nothing.
    private static let longestValue = 256

    /// Calls `body` with each segment of a reference's path and each value of its query.
    static func forEachPart(of reference: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
        var start = 0
        for index in 0...reference.count {
            let isEnd: Bool
            if index == reference.count {
                isEnd = true
            } else {
                switch reference[index] {
                case 0x2F, 0x3F, 0x26, 0x3D, 0x23: isEnd = true
                default: isEnd = false
                }
            }
            guard isEnd else { continue }
            if index > start, index - start <= longestValue {
                body(reference.extracting(start..<index))
            }
            start = index + 1
        }
    }

    /// The values of a JSON text that name something: by their form, or by the name of the member they are in; and whether
    /// there is a token among them.
    ///
    /// Nothing of a text that is not JSON, and what came before the error of one that is broken.
    static func named(in text: Span<UInt8>) -> (values: [UInt64], hasToken: Bool) {
        guard text.count > 0, text[0] == 0x7B || text[0] == 0x5B else { return ([], false) }
        var scanner = JSONScanner(text)
        var isNamed = false
        var hasToken = false
        var values: [UInt64] = []
        while values.count < mostValues, let token = try? scanner.next() {
            switch token {
            case .key(let name):
                let name = text.extracting(name.bounds)
                isNamed = isNameOfIdentifier(name)
                if name.count >= 5, name.extracting(name.count - 5..<name.count).equalsIgnoringCase("token") {
                    hasToken = true
                }
            case .string(let range):
                let value = text.extracting(range.bounds)
                guard value.count > 0, value.count <= longestValue else { continue }
                if isNamed || isDistinct(value) { values.append(value.mixedHash) }
            case .number(let range):
                let value = text.extracting(range.bounds)
                if isNamed, value.count <= longestValue { values.append(value.mixedHash) }
            case .bool, .null, .beginObject, .endObject, .beginArray, .endArray: break
            }
        }
        return (values, hasToken)
    }

    /// Shorter values are alike by chance.
    private static let shortestDistinct = 6

    /// Whether a value is of a form that no two things share by chance.
    static func isDistinct(_ value: Span<UInt8>) -> Bool {
        value.count >= shortestDistinct && RouteTemplate.isIdentifier(value)
    }

    private static let words: [[UInt8]] = [
        "id", "uuid", "guid", "key", "token", "ref", "number", "slug", "handle", "cursor", "code", "href",
    ].map { Array($0.utf8) }

    /// Whether a member says by its name that it names something: `id`, `run_id`, `runId`, `token`.
    static func isNameOfIdentifier(_ name: Span<UInt8>) -> Bool {
        words.contains { word in
            guard name.count >= word.count else { return false }
            let start = name.count - word.count
            guard name.extracting(start..<name.count).equalsIgnoringCase(word.span) else { return false }
            guard start > 0 else { return true }
            // `runId` and `run_id`, not `paid`.
            let before = name[start - 1] | 0x20
            return !(0x61...0x7A).contains(before) || (0x41...0x5A).contains(name[start])
        }
    }
}

/// A scalar that differs, as hashes of the bytes on both sides.
struct ChangedValue: Hashable {
    var expected: UInt64?
    var observed: UInt64?
    /// Each of both is of a form that no two things share by chance.
    private var isDistinct = false
    /// It names something, by its form or by where it stands.
    private(set) var names = false

    init(_ expected: JSONValue?, _ observed: JSONValue?, at field: Difference.Field) {
        let left = expected.flatMap(Self.spelling)
        let right = observed.flatMap(Self.spelling)
        self.expected = left.map { $0.span.mixedHash }
        self.observed = right.map { $0.span.mixedHash }
        if let left, let right {
            isDistinct = SessionValues.isDistinct(left.span) && SessionValues.isDistinct(right.span)
        }
        names = isDistinct || left.map { SessionValues.isDistinct($0.span) } ?? false
        if !names, case .json(let place) = field, let name = place.lastName {
            names = SessionValues.isNameOfIdentifier(name.utf8.span)
        }
    }

    /// What other differences of the same change have in common with it.
    func key(in pass: ExchangeKey) -> SessionKey? {
        guard isDistinct, let expected, let observed else { return nil }
        return .change(expected, observed, in: pass)
    }

    private static func spelling(_ value: JSONValue) -> [UInt8]? {
        switch value {
        case .string(let text): text.isEmpty ? nil : Array(text.utf8)
        case .number(let number): Array(number.spelling.utf8)
        case .null, .bool, .array, .object: nil
        }
    }
}
