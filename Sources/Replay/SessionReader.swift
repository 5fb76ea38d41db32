import Bytes
package import Messages
package import Packets
package import Signatures
package import Traces

/// Finds the session of a recorded request.
package struct SessionReader: Sendable {
    private let marks: [SessionRule.Mark]
    private let cookieNames: [[UInt8]]
    private let fieldNames: [[UInt8]]
    private let deliveries: [[UInt8]]

    package init(rule: SessionRule, schemes: SchemeDirectory) {
        marks = rule.marks
        cookieNames = rule.marks.map { if case .cookie(let name) = $0 { Array(name.utf8) } else { [] } }
        fieldNames = rule.marks.map {
            if case .place(let place) = $0, let name = place.headerName { Array(name.utf8) } else { [] }
        }
        let places = rule.marks.contains(.delivery) ? schemes.deliveryPlaces : []
        deliveries = places.compactMap { $0.headerName.map { Array($0.utf8) } }
    }

    /// The key of a request whose head may be unreadable.
    func key(of message: RecordedMessage, client: IPAddress?) -> SessionKey {
        guard let head = try? message.head.parsed() else {
            return Self.key(.connection, message.connection, 0)
        }
        return key(of: message, head: head, client: client)
    }

    /// The key of the session; O(head), and O(body) where a mark stands in it. `client` is where it came from, `nil`
    /// where the trace does not say.
    package func key(of message: RecordedMessage, head: borrowing Head, client: IPAddress?) -> SessionKey {
        for (index, mark) in marks.enumerated() {
            // Marks of different kinds are told apart, the same mark at two places of a rule is not.
            switch mark {
            case .sessionCookie:
                if let key = cookie(of: head, { $0.isSessionCookieName }) { return key }
            case .cookie:
                let name = cookieNames[index]
                if let key = cookie(of: head, { $0.equals(name.span) }) { return key }
            case .bearer:
                if let value = head.value(of: "authorization"), let range = value.credentialRange {
                    return Self.key(.bearer, value.extracting(range))
                }
            case .client:
                if let client { return Self.key(.client, client.high, client.low) }
            case .delivery:
                for name in deliveries {
                    guard let field = head.fieldIndex(of: name.span) else { continue }
                    return Self.key(.delivery, head.value(of: head.fields[field]))
                }
            case .connection:
                return Self.key(.connection, message.connection, 0)
            case .place(let place):
                let name = fieldNames[index]
                if !name.isEmpty {
                    if let field = head.fieldIndex(of: name.span) {
                        return Self.key(.place, head.value(of: head.fields[field]))
                    }
                } else if let value = place.value(in: copy head, body: message.body.span) {
                    return Self.key(.place, value.span)
                }
            }
        }
        return Self.key(.connection, message.connection, 0)
    }

    private func cookie(of head: borrowing Head, _ isWanted: (Span<UInt8>) -> Bool) -> SessionKey? {
        var index = head.fieldIndex(of: "cookie")
        while let field = index {
            let value = head.value(of: head.fields[field])
            var cookies = CookieWalk()
            while let cookie = cookies.next(in: value) {
                if isWanted(value.extracting(cookie.name)), !cookie.value.isEmpty {
                    return Self.key(.cookie, value.extracting(cookie.value))
                }
            }
            index = head.fieldIndex(of: "cookie", from: field + 1)
        }
        return nil
    }

    private enum Kind: UInt64 {
        case cookie = 1
        case bearer, client, delivery, connection, place
    }

    private static func key(_ kind: Kind, _ value: Span<UInt8>) -> SessionKey {
        var hash = StableHash(seed: kind.rawValue)
        hash.combine(value)
        return SessionKey(value: hash.value)
    }

    private static func key(_ kind: Kind, _ high: UInt64, _ low: UInt64) -> SessionKey {
        var hash = StableHash(seed: kind.rawValue)
        hash.combine(high)
        hash.combine(low)
        return SessionKey(value: hash.value)
    }
}

/// Goes through the pairs of a Cookie field (RFC 6265, section 4.2.1).
struct CookieWalk {
    private var position = 0

    /// Where the name and the value of the next pair stand, without blanks and quotes around them.
    mutating func next(in text: Span<UInt8>) -> (name: Range<Int>, value: Range<Int>)? {
        while position < text.count {
            let end = text.firstIndex(of: 0x3B, from: position) ?? text.count
            let pair = text.trimmed(position..<end)
            position = end + 1
            var equals = pair.lowerBound
            while equals < pair.upperBound, text[equals] != 0x3D { equals += 1 }
            guard equals < pair.upperBound else { continue }
            var value = text.trimmed(equals + 1..<pair.upperBound)
            if value.count >= 2, text[value.lowerBound] == 0x22, text[value.upperBound - 1] == 0x22 {
                value = value.lowerBound + 1..<value.upperBound - 1
            }
            return (text.trimmed(pair.lowerBound..<equals), value)
        }
        return nil
    }
}

extension Span where Element == UInt8 {
    func equals(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }

    /// A range without the blanks at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
        while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
        return start..<end
    }

    /// Whether `word`, in small letters, stands somewhere in it, letter case aside.
    func holds(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        guard count >= length else { return false }
        for start in 0...(count - length)
        where extracting(start..<start + length).equalsIgnoringCase(word) { return true }
        return false
    }

    /// Whether a cookie of this name tells sessions apart, by what frameworks call theirs: `PHPSESSID`, `connect.sid`,
    /// `_app_session`, `access_token`. One against forgery does not, though it may be called a token.
    var isSessionCookieName: Bool {
        if holds("sess") || holds("auth") || holds("jwt") { return true }
        if count >= 3, extracting(count - 3..<count).equalsIgnoringCase("sid") { return true }
        return holds("token") && !holds("csrf") && !holds("xsrf")
    }

    /// Where the credentials stand behind a scheme that repeats them in every request; `nil` where signatures would
    /// stand there, which differ from request to request.
    var credentialRange: Range<Int>? {
        var end = 0
        while end < count, self[end] != 0x20 { end += 1 }
        let scheme = extracting(0..<end)
        guard
            scheme.equalsIgnoringCase("bearer") || scheme.equalsIgnoringCase("basic")
                || scheme.equalsIgnoringCase("token") || scheme.equalsIgnoringCase("apikey")
        else { return nil }
        let range = trimmed(end..<count)
        return range.isEmpty ? nil : range
    }
}
