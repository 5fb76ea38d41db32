package import Signatures

/// By what the requests of one user or one sender are known, whatever connections they came on.
///
/// The marks are tried in turn; a request that has none of them belongs to the session of its connection.
package struct SessionRule: Hashable, Sendable {
    package enum Mark: Hashable, Sendable {
        /// Cookies whose names say that they hold a session.
        case sessionCookie
        case cookie(String)
        /// The credentials in Authorization: Bearer, Basic, Token or ApiKey.
        case bearer
        /// The address of the client, in the trace a pseudonym.
        case client
        /// The identifier that a webhook sender gives a delivery; its retries have the same.
        case delivery
        case connection
        /// A header field, a parameter of the query, a field of a form or a value of a JSON body.
        case place(SignaturePlace)
    }

    package var marks: [Mark]

    package init(_ marks: [Mark]) {
        self.marks = marks
    }

    /// The session cookie or the credentials where there are some, else the client.
    package static let automatic = SessionRule([.sessionCookie, .bearer, .client])

    /// Reads marks separated by commas: `cookie:sid, bearer, client`.
    package init(_ text: String) throws(UnreadableValue) {
        var marks: [Mark] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let mark = Mark(part.trimmed) else {
                throw UnreadableValue(
                    text: text,
                    kind: "session rule",
                    reason:
                        "it names cookie, cookie:NAME, bearer, client, delivery, connection, header:NAME, query:NAME, "
                        + "form:NAME or json:/POINTER, several separated by commas"
                )
            }
            marks.append(mark)
        }
        self.marks = marks
    }
}

extension SessionRule.Mark {
    package init?(_ text: Substring) {
        switch text {
        case "cookie": self = .sessionCookie
        case "bearer": self = .bearer
        case "client": self = .client
        case "delivery": self = .delivery
        case "connection": self = .connection
        default:
            if text.hasPrefix("cookie:") {
                let name = text.dropFirst(7)
                guard !name.isEmpty,
                    name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x3D && $0 != 0x3B })
                else { return nil }
                self = .cookie(String(name))
            } else {
                guard let place = SignaturePlace(String(text)) else { return nil }
                self = .place(place)
            }
        }
    }
}

extension SessionRule: CustomStringConvertible {
    package var description: String { marks.map(\.description).joined(separator: ", ") }
}

extension SessionRule.Mark: CustomStringConvertible {
    package var description: String {
        switch self {
        case .sessionCookie: "cookie"
        case .cookie(let name): "cookie:\(name)"
        case .bearer: "bearer"
        case .client: "client"
        case .delivery: "delivery"
        case .connection: "connection"
        case .place(let place): place.description
        }
    }
}

extension Substring {
    /// Without blanks at both ends.
    var trimmed: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
