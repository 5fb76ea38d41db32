import Bytes
import JSON
import Messages

/// Compares one answer with another, and tells a sink where they differ.
struct ResponseComparison: Sendable {
    private let names: [String]
    private let limits: CheckLimits
    private var lockstep: JSONLockstep
    /// How the last comparison of bodies went.
    private(set) var bodyOutcome = BodyOutcome.compared

    enum BodyOutcome {
        case compared
        /// The recording does not have the body, or not the whole of it.
        case cut
        /// Both are there, and yet nothing can be said.
        case notComparable
    }

    init(names: [String], limits: CheckLimits) {
        self.names = names
        self.limits = limits
        lockstep = JSONLockstep(maximumCount: limits.jsonValues)
    }

    mutating func compare(
        _ expected: StoredResponse,
        _ observed: StoredResponse,
        into sink: inout some DifferenceSink
    ) {
        bodyOutcome = .compared
        if expected.status != observed.status {
            sink.differ(.status, .value, .status(expected.status), .status(observed.status))
        }
        for (index, name) in names.enumerated() where expected.headers[index] != observed.headers[index] {
            let (left, right) = (expected.headers[index], observed.headers[index])
            sink.differ(
                .header(name),
                left == nil ? .added : right == nil ? .missing : .value,
                left.map { .header(name, $0) },
                right.map { .header(name, $0) }
            )
        }
        compareBodies(expected, observed, into: &sink)
    }
}

extension ResponseComparison {
    private mutating func compareBodies(
        _ expected: StoredResponse,
        _ observed: StoredResponse,
        into sink: inout some DifferenceSink
    ) {
        switch (expected.body, observed.body) {
        case (.partial, _):
            bodyOutcome = .cut
        case (.replaced(let count), .replaced(let other)) where count == other:
            break
        case (.replaced, _):
            bodyOutcome = .cut
        case (.decoded(let left), .decoded(let right)):
            compareDecoded(
                left,
                expected.mediaType,
                right,
                observed.mediaType,
                goesOn: expected.isOpenEnded,
                into: &sink
            )
            // Of a session, the close frame of the server is missing, and said so.
            if observed.isOpenEnded, !expected.isOpenEnded, case .eventStream = expected.mediaType {
                sink.differ(
                    .body,
                    .incomplete,
                    .words("an event stream of \(left.count) bytes"),
                    .words("\(right.count) bytes, and no end")
                )
            }
        case (.opaque(let left, let coding), .opaque(let right, let other)) where coding == other:
            // Coders are free to write the same text in other bytes.
            if left != right { bodyOutcome = .notComparable }
        case (.fingerprint(let count, let hash), .decoded(let bytes)),
            (.fingerprint(let count, let hash), .opaque(let bytes, _)):
            if count != bytes.count || hash != bytes.hashValue { bodyOutcome = .notComparable }
        case (.decoded(let left), .partial(let count)):
            sink.differ(
                .body,
                .incomplete,
                .words("\(left.count) bytes"),
                .words("cut after \(count) bytes on the wire")
            )
        case (.decoded(let left), .damaged):
            sink.differ(
                .body,
                .type,
                .words("\(left.count) bytes"),
                .words("a body that cannot be decoded")
            )
        case (.digest(let digest), .decoded(let bytes)):
            if BodyDigest(bytes) != digest {
                sink.differ(
                    .body,
                    .bytes,
                    .words("\(digest.count) bytes"),
                    .words("\(bytes.count) bytes of another content")
                )
            }
        case (.decoded, _), (.opaque, _), (.fingerprint, _), (.digest, _), (.damaged, _):
            bodyOutcome = .notComparable
        }
        if sink.ignoresBody { bodyOutcome = .compared }
    }

    private mutating func compareDecoded(
        _ expected: [UInt8],
        _ expectedType: MediaType,
        _ observed: [UInt8],
        _ observedType: MediaType,
        goesOn: Bool,
        into sink: inout some DifferenceSink
    ) {
        if expected == observed { return }
        guard !sink.ignoresBody else {
            sink.differ(.body, .bytes, nil, nil)
            return
        }
        // JSON comes under other names, too.
        let looksLikeJSON = expected.first == 0x7B || expected.first == 0x5B
        switch (expectedType, observedType) {
        case (.eventStream, .eventStream):
            compareValues(
                ServerSentEvents.value(of: expected.span, maximumCount: limits.jsonValues),
                ServerSentEvents.value(of: observed.span, maximumCount: limits.jsonValues),
                goesOn: goesOn,
                into: &sink
            )
        case (.form, .form):
            compareValues(
                FormBody.value(of: expected.span, maximumCount: limits.jsonValues),
                FormBody.value(of: observed.span, maximumCount: limits.jsonValues),
                or: (expected, observed),
                into: &sink
            )
        case (.multipart, .multipart):
            compareValues(
                MultipartBody.value(of: expected.span, maximumCount: limits.jsonValues),
                MultipartBody.value(of: observed.span, maximumCount: limits.jsonValues),
                or: (expected, observed),
                into: &sink
            )
        case (.xml, .xml):
            let values = XMLBody.values(
                of: expected.span,
                and: observed.span,
                maximumCount: limits.jsonValues
            )
            compareValues(values?.0, values?.1, or: (expected, observed), into: &sink)
        case (.text, .text) where !looksLikeJSON:
            guard let left = TextLines.value(of: expected.span),
                let right = TextLines.value(of: observed.span)
            else { return compareTexts(expected, observed, into: &sink) }
            sink.comparesLines = true
            compareValues(left, right, into: &sink)
            sink.comparesLines = false
        default:
            guard expectedType == .json || looksLikeJSON else {
                return compareBytes(expected, observed, into: &sink)
            }
            compareJSON(expected, observed, goesOn: goesOn, into: &sink)
        }
    }

    private mutating func compareJSON(
        _ expected: [UInt8],
        _ observed: [UInt8],
        goesOn: Bool,
        into sink: inout some DifferenceSink
    ) {
        if !sink.wantsWhole, lockstep.compare(expected.span, observed.span, into: &sink) { return }
        guard let left = try? JSONValue(parsing: expected.span, maximumCount: limits.jsonValues) else {
            compareValues(
                JSONLines.value(of: expected.span, maximumCount: limits.jsonValues),
                JSONLines.value(of: observed.span, maximumCount: limits.jsonValues),
                or: (expected, observed),
                into: &sink
            )
            return
        }
        do {
            let right = try JSONValue(parsing: observed.span, maximumCount: limits.jsonValues)
            compareValues(left, right, goesOn: goesOn, into: &sink)
        } catch {
            if error.reason == .tooManyValues {
                compareBytes(expected, observed, into: &sink)
            } else {
                sink.differ(
                    .body,
                    .type,
                    .words("JSON"),
                    .words(observed.isEmpty ? "no body" : error.description)
                )
            }
        }
    }

    /// Compares two bodies by structure, or as bytes where one of them has none that can be read.
    private func compareValues(
        _ expected: JSONValue?,
        _ observed: JSONValue?,
        or bytes: ([UInt8], [UInt8]),
        into sink: inout some DifferenceSink
    ) {
        guard let expected, let observed else { return compareBytes(bytes.0, bytes.1, into: &sink) }
        compareValues(expected, observed, into: &sink)
    }

    /// `goesOn`: the first is a list that goes on where it was left, so that the second may have more elements.
    private func compareValues(
        _ expected: JSONValue,
        _ observed: JSONValue,
        goesOn: Bool = false,
        into sink: inout some DifferenceSink
    ) {
        var comparison = JSONComparison(goesOn: goesOn)
        comparison.compare(expected, observed, into: &sink)
        if sink.wantsWhole { sink.compared(expected, with: observed) }
    }

    /// Compares texts that are not lists of lines; how they differ can be told by what they are.
    private func compareTexts(
        _ expected: [UInt8],
        _ observed: [UInt8],
        into sink: inout some DifferenceSink
    ) {
        guard let offset = expected.span.firstDifference(from: observed.span) else { return }
        guard let left = String(validating: expected, as: UTF8.self),
            let right = String(validating: observed, as: UTF8.self)
        else { return compareBytes(expected, observed, into: &sink) }
        sink.differ(
            .body,
            .bytes,
            .text(left, shown: Self.excerpt(expected, at: offset)),
            .text(right, shown: Self.excerpt(observed, at: offset))
        )
    }

    private func compareBytes(
        _ expected: [UInt8],
        _ observed: [UInt8],
        into sink: inout some DifferenceSink
    ) {
        guard let offset = expected.span.firstDifference(from: observed.span) else { return }
        sink.differ(
            .body,
            .bytes,
            .words(Self.excerpt(expected, at: offset)),
            .words(Self.excerpt(observed, at: offset))
        )
    }

    /// How long a body is and what stands in it from `offset` on.
    private static func excerpt(_ body: [UInt8], at offset: Int) -> String {
        let piece = Array(body[offset...].prefix(40))
        guard !piece.isEmpty else { return "\(body.count) bytes, at \(offset): the end" }
        var spelling: [UInt8] = []
        JSONString.escape(piece.span, into: &spelling)
        return "\(body.count) bytes, at \(offset): " + String(decoding: spelling, as: UTF8.self)
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
