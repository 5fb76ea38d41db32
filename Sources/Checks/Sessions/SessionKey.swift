import Bytes
import Messages
import Traces

/// What two exchanges have in common that makes them parts of one session, as a number; those of different passes over a
/// recording differ.
struct SessionKey: Hashable {
    /// How closely exchanges belong together.
    enum Link: Int, CaseIterable {
        /// A value that an answer gave, or that a request changed, stands in a later request.
        case value
        /// They came over one connection, or with the same cookies or credentials.
        case session
    }

    private let number: UInt64

    private init(_ kind: UInt64, _ value: UInt64, _ pass: ExchangeKey) {
        var number = value &* 0x9E37_79B9_7F4A_7C15 ^ kind
        number ^= number >> 29
        number = number &* 0xBF58_476D_1CE4_E5B9 ^ UInt64(pass.loop) << 32 ^ UInt64(pass.copy)
        self.number = number ^ number >> 32
    }

    static func connection(_ connection: UInt64, in pass: ExchangeKey) -> Self { Self(1, connection, pass) }

    static func credential(_ field: Span<UInt8>, in pass: ExchangeKey) -> Self {
        Self(2, field.mixedHash, pass)
    }

    /// `hash` is that of the value's bytes.
    static func value(_ hash: UInt64, in pass: ExchangeKey) -> Self { Self(3, hash, pass) }

    /// An identifier in a path, and the segment before it.
    static func resource(_ kind: UInt64, _ identifier: UInt64, in pass: ExchangeKey) -> Self {
        Self(5, kind &* 5 ^ identifier, pass)
    }

    /// One value in the place of another.
    static func change(_ expected: UInt64, _ observed: UInt64, in pass: ExchangeKey) -> Self {
        Self(4, expected &* 3 ^ observed, pass)
    }
}

/// What a request shows of the sessions that it is part of.
struct SessionRequest {
    /// Segments of a path and values of a query that are looked at, and keys of one exchange.
    static let mostKeys = 32

    /// Whether it asks for nothing to be changed (RFC 9110, section 9.2.1), so that no later answer differs because of it.
    private(set) var isSafe = false
    /// Of what stands in its path and query.
    private(set) var values: [SessionKey] = []
    /// Of what its path names: an identifier with the segment before it, as in `orders/41`.
    private(set) var resources: [SessionKey] = []
    private(set) var sessions: [SessionKey] = []

    /// With `readsFields`, cookies and credentials are looked for; without, the request line is enough. `scratch` is storage
    /// that serves one head after another; O(n).
    init(_ record: HeadRecord, in pass: ExchangeKey, readsFields: Bool, _ scratch: inout Head) {
        sessions.append(.connection(record.connection, in: pass))
        if !readsFields, record.encoding == .http1 {
            let bytes = record.bytes.span
            if let first = bytes.firstIndex(of: 0x20), let end = bytes.firstIndex(of: 0x20, from: first + 1) {
                read(bytes.extracting(0..<first), bytes.extracting(first + 1..<end), in: pass)
            }
            return
        }
        guard (try? record.parse(into: &scratch)) != nil else { return }
        if let value = scratch.value(of: "cookie") { sessions.append(.credential(value, in: pass)) }
        if let value = scratch.value(of: "authorization") {
            sessions.append(.credential(value, in: pass))
            // What a login answered with.
            let word = (value.firstIndex(of: 0x20) ?? -1) + 1
            sessions.append(.value(value.extracting(word..<value.count).mixedHash, in: pass))
        }
        guard case .request(let method, let target) = scratch.start else { return }
        let bytes = scratch.bytes.span
        read(bytes.extracting(method.bounds), bytes.extracting(target.bounds), in: pass)
    }

    private mutating func read(_ method: Span<UInt8>, _ target: Span<UInt8>, in pass: ExchangeKey) {
        isSafe =
            method.equalsIgnoringCase("GET") || method.equalsIgnoringCase("HEAD")
            || method.equalsIgnoringCase("OPTIONS")
        append(reference: target, in: pass)
    }

    /// Appends the parts of a path and the values of a query.
    private mutating func append(reference: Span<UInt8>, in pass: ExchangeKey) {
        var before: UInt64 = 0
        SessionValues.forEachPart(of: reference) { part in
            guard values.count < Self.mostKeys else { return }
            let hash = part.mixedHash
            values.append(.value(hash, in: pass))
            if RouteTemplate.isIdentifier(part) { resources.append(.resource(before, hash, in: pass)) }
            before = hash
        }
    }
}
