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
        for term in terms where term.isMatched(by: head) == term.isNegated { return false }
        return true
    }

    /// Whether every term about the status of the response holds.
    package func matches(status: UInt16) -> Bool {
        guard let statuses else { return true }
        return Int(status) < statuses.count && statuses[Int(status)]
    }
}

extension RequestFilter.Term {
    /// Whether one of the patterns matches.
    func isMatched(by head: borrowing Head) -> Bool {
        switch key {
        case .method: isMatched(by: head.bytes[head.methodRange])
        case .path: isMatched(by: head.bytes[head.pathRange])
        case .host: isMatched(byHost: head.authorityRange.map { head.bytes[$0] } ?? [])
        case .header(let name): isMatched(byFieldsOf: head, called: name)
        case .status: false
        }
    }

    private func isMatched(by subject: ArraySlice<UInt8>) -> Bool {
        patterns.contains { Wildcard.matches($0, subject) }
    }

    private func isMatched(byHost host: ArraySlice<UInt8>) -> Bool {
        // The colon of a port comes after the brackets of an IPv6 address.
        let colon = host.lastIndex { $0 == 0x3A || $0 == 0x5D }
        let hasPort = colon.map { host[$0] == 0x3A } ?? false
        let name = hasPort ? host[..<(colon ?? host.endIndex)] : host
        return patterns.contains {
            Wildcard.matches($0, host, ignoringCase: true) || Wildcard.matches($0, name, ignoringCase: true)
        }
    }

    private func isMatched(byFieldsOf head: borrowing Head, called name: [UInt8]) -> Bool {
        var start = 0
        while let index = head.fieldIndex(of: name.span, from: start) {
            if isMatched(by: head.bytes[head.fields[index].value]) { return true }
            start = index + 1
        }
        return false
    }
}
