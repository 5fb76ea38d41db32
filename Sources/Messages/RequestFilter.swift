import Bytes

/// Selects exchanges by method, path, host and header fields of the request, and by the status of the response.
///
/// A filter is a list of terms that must all hold, separated by blanks:
///
///     term    = key ( "=" | "!=" ) pattern *( "," pattern )
///     key     = "method" / "path" / "host" / "header:" name / "status"
///
/// With `=` one of the patterns must match, with `!=` none may. In a pattern `*` stands for any run of bytes,
/// everything else for itself. Methods are compared exactly, hosts without regard to case and, unless the
/// pattern names one, to the port; a path is the target up to its `?`. A field that stands there several times matches
/// where one of its values does, and one that is not there matches nothing. In the pattern of a status, which has three
/// digits, `x` stands for any digit. `method=POST path=/api/*,/hooks/* host!=a.example header:x-event=push status=5xx`.
package struct RequestFilter: Hashable, Sendable {
    enum Key: Hashable, Sendable {
        case method, path, host, status
        /// Letters of the name are compared without their case.
        case header(name: [UInt8])
    }

    struct Term: Hashable, Sendable {
        var key: Key
        var isNegated: Bool
        var patterns: [[UInt8]]
    }

    /// Those about the request.
    let terms: [Term]
    /// Whether each status from 000 to 999 is selected; `nil` where no term is about it.
    private let statuses: [Bool]?

    /// Lets every exchange through.
    package static let all = RequestFilter(terms: [])

    init(terms: [Term]) {
        self.terms = terms.filter { $0.key != .status }
        let aboutStatus = terms.filter { $0.key == .status }
        statuses = aboutStatus.isEmpty ? nil : StatusPattern.statuses(where: aboutStatus)
    }

    /// Whether a term is about the request.
    package var asksForRequest: Bool { !terms.isEmpty }

    /// Whether a term is about the status of the response.
    package var asksForStatus: Bool { statuses != nil }

    /// Whether every term about the request holds for its head.
    package func matches(_ head: borrowing Head) -> Bool {
        guard !terms.isEmpty else { return true }
        guard head.kind == .request else { return false }
        for index in terms.indices where terms[index].isMatched(by: head) == terms[index].isNegated {
            return false
        }
        return true
    }

    /// Whether every term about the status of the response holds.
    package func matches(status: UInt16) -> Bool {
        guard let statuses else { return true }
        return Int(status) < statuses.count && statuses[Int(status)]
    }
}

extension RequestFilter.Term {
    /// Whether one of the patterns matches; nothing is copied.
    func isMatched(by head: borrowing Head) -> Bool {
        let bytes = head.bytes.span
        switch key {
        case .method: return isMatched(by: bytes.extracting(head.methodRange.bounds))
        case .path: return isMatched(by: bytes.extracting(head.pathRange.bounds))
        case .host:
            guard let host = head.authorityRange else { return isMatched(byHost: Span()) }
            return isMatched(byHost: bytes.extracting(host.bounds))
        case .header(let name): return isMatched(byFieldsOf: head, called: name.span)
        case .status: return false
        }
    }

    private func isMatched(by subject: Span<UInt8>, ignoringCase: Bool = false) -> Bool {
        for pattern in patterns
        where Wildcard.matches(pattern.span, subject, ignoringCase: ignoringCase) { return true }
        return false
    }

    private func isMatched(byHost host: Span<UInt8>) -> Bool {
        // The colon of a port comes after the brackets of an IPv6 address.
        var colon = host.count
        while colon > 0, host[colon &- 1] != 0x3A, host[colon &- 1] != 0x5D { colon &-= 1 }
        let hasPort = colon > 0 && host[colon &- 1] == 0x3A
        return isMatched(by: host, ignoringCase: true)
            || hasPort && isMatched(by: host.extracting(first: colon &- 1), ignoringCase: true)
    }

    private func isMatched(byFieldsOf head: borrowing Head, called name: Span<UInt8>) -> Bool {
        let bytes = head.bytes.span
        let fields = head.fields.span
        for index in fields.indices {
            let field = fields[index]
            if field.name.count == name.count,
                bytes.extracting(field.name.bounds).equalsIgnoringCase(name),
                isMatched(by: bytes.extracting(field.value.bounds))
            {
                return true
            }
        }
        return false
    }
}
