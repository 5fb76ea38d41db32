import Bytes
import JSON
import Messages

/// Compares one answer with the recorded one.
struct ResponseComparison {
    private let names: [String]
    private let rules: [CheckRule]
    private let limits: CheckLimits
    private(set) var findings: [Finding] = []
    /// Differences beyond the limit of one exchange.
    private(set) var foundBeyondLimit = 0
    /// Differences that a rule lets pass.
    private(set) var ignored = 0
    private(set) var bodyOutcome = BodyOutcome.compared

    enum BodyOutcome {
        case compared
        /// The recording does not have the body, or not the whole of it.
        case cut
        /// Both are there, and yet nothing can be said.
        case notComparable
    }

    init(names: [String], rules: [CheckRule], limits: CheckLimits) {
        self.names = names
        self.rules = rules
        self.limits = limits
    }

    mutating func compare(_ expected: StoredResponse, _ observed: StoredResponse) {
        if expected.status != observed.status {
            note(
                Finding(
                    field: .status,
                    kind: .value,
                    expected: ShownValue(expected.status),
                    observed: ShownValue(observed.status)
                ),
                isIgnored: rules.contains { $0.effect == .ignoreStatus }
            )
        }
        for (index, name) in names.enumerated() where expected.headers[index] != observed.headers[index] {
            compareHeader(name, expected.headers[index], observed.headers[index])
        }
        compareBodies(expected, observed)
    }

    private mutating func compareHeader(_ name: String, _ expected: String?, _ observed: String?) {
        let kind: Difference.Kind = expected == nil ? .added : observed == nil ? .missing : .value
        note(
            Finding(
                field: .header(name),
                kind: kind,
                expected: expected.map { ShownValue(header: name, value: $0) },
                observed: observed.map { ShownValue(header: name, value: $0) }
            ),
            isIgnored: rules.contains { $0.effect == .ignoreHeader(name) }
        )
    }

    private mutating func note(_ finding: Finding, isIgnored: Bool) {
        if isIgnored {
            ignored += 1
        } else if findings.count < limits.differencesPerExchange {
            findings.append(finding)
        } else {
            foundBeyondLimit += 1
        }
    }
}

extension ResponseComparison {
    private var ignoresBody: Bool { rules.contains { $0.effect == .ignoreBody } }

    private mutating func compareBodies(_ expected: StoredResponse, _ observed: StoredResponse) {
        switch (expected.body, observed.body) {
        case (.partial, _):
            bodyOutcome = .cut
        case (.replaced(let count), .replaced(let other)) where count == other:
            break
        case (.replaced, _):
            bodyOutcome = .cut
        case (.decoded(let left), .decoded(let right)):
            compareDecoded(left, expected.mediaType, right, observed.mediaType)
        case (.opaque(let left, let coding), .opaque(let right, let other)) where coding == other:
            // Coders are free to write the same text in other bytes.
            if left != right { bodyOutcome = .notComparable }
        case (.fingerprint(let count, let hash), .decoded(let bytes)),
            (.fingerprint(let count, let hash), .opaque(let bytes, _)):
            if count != bytes.count || hash != bytes.hashValue { bodyOutcome = .notComparable }
        case (.decoded(let left), .partial(let count)):
            note(
                Finding(
                    field: .body,
                    kind: .incomplete,
                    expected: ShownValue(text: "\(left.count) bytes"),
                    observed: ShownValue(text: "cut after \(count) bytes on the wire")
                ),
                isIgnored: ignoresBody
            )
        case (.decoded(let left), .damaged):
            note(
                Finding(
                    field: .body,
                    kind: .type,
                    expected: ShownValue(text: "\(left.count) bytes"),
                    observed: ShownValue(text: "a body that cannot be decoded")
                ),
                isIgnored: ignoresBody
            )
        case (.decoded, _), (.opaque, _), (.fingerprint, _), (.damaged, _):
            bodyOutcome = .notComparable
        }
        if ignoresBody { bodyOutcome = .compared }
    }

    private mutating func compareDecoded(
        _ expected: [UInt8],
        _ expectedType: MediaType,
        _ observed: [UInt8],
        _ observedType: MediaType
    ) {
        if expected == observed { return }
        if ignoresBody {
            ignored += 1
            return
        }
        if expectedType == .eventStream, observedType == .eventStream {
            compareValues(
                ServerSentEvents.value(of: expected.span, maximumCount: limits.jsonValues),
                ServerSentEvents.value(of: observed.span, maximumCount: limits.jsonValues)
            )
            return
        }
        let looksLikeJSON = expected.first == 0x7B || expected.first == 0x5B
        guard expectedType == .json || looksLikeJSON,
            let left = try? JSONValue(parsing: expected.span, maximumCount: limits.jsonValues)
        else {
            compareBytes(expected, observed)
            return
        }
        do {
            compareValues(left, try JSONValue(parsing: observed.span, maximumCount: limits.jsonValues))
        } catch {
            if error.reason == .tooManyValues {
                compareBytes(expected, observed)
            } else {
                note(
                    Finding(
                        field: .body,
                        kind: .type,
                        expected: ShownValue(text: "JSON"),
                        observed: ShownValue(text: observed.isEmpty ? "no body" : error.description)
                    ),
                    isIgnored: false
                )
            }
        }
    }

    private mutating func compareValues(_ expected: JSONValue, _ observed: JSONValue) {
        var comparison = JSONComparison(rules: rules, limit: limits.differencesPerExchange)
        comparison.compare(expected, observed)
        for finding in comparison.found { note(finding, isIgnored: false) }
        foundBeyondLimit += comparison.foundBeyondLimit
        ignored += comparison.ignored
    }

    private mutating func compareBytes(_ expected: [UInt8], _ observed: [UInt8]) {
        guard let offset = expected.span.firstDifference(from: observed.span) else { return }
        note(
            Finding(
                field: .body,
                kind: .bytes,
                expected: Self.excerpt(expected, at: offset),
                observed: Self.excerpt(observed, at: offset)
            ),
            isIgnored: false
        )
    }

    /// How long a body is and what stands in it from `offset` on.
    private static func excerpt(_ body: [UInt8], at offset: Int) -> ShownValue {
        let piece = Array(body[offset...].prefix(40))
        guard !piece.isEmpty else { return ShownValue(text: "\(body.count) bytes, at \(offset): the end") }
        var spelling: [UInt8] = []
        JSONString.escape(piece.span, into: &spelling)
        return ShownValue(
            text: "\(body.count) bytes, at \(offset): " + String(decoding: spelling, as: UTF8.self)
        )
    }
}

extension Span where Element == UInt8 {
    /// The first index at which the two differ, the end of the shorter one included.
    fileprivate func firstDifference(from other: Span<UInt8>) -> Int? {
        let common = Swift.min(count, other.count)
        for index in 0..<common where self[index] != other[index] { return index }
        return count == other.count ? nil : common
    }
}
