import Bytes

/// Selects requests by method, path and host.
///
/// A filter is a list of terms that must all hold, separated by blanks:
///
///     term    = key ( "=" | "!=" ) pattern *( "," pattern )
///     key     = "method" / "path" / "host"
///
/// With `=` one of the patterns must match, with `!=` none may. In a pattern `*` stands for any run of bytes,
/// everything else for itself. Methods are compared exactly, hosts without regard to case and, unless the
/// pattern names one, to the port; a path is the target up to its `?`. `method=POST path=/api/*,/hooks/* host!=a.example`.
package struct RequestFilter: Hashable, Sendable {
    enum Key: String, Hashable, Sendable, CaseIterable {
        case method, path, host
    }

    struct Term: Hashable, Sendable {
        var key: Key
        var isNegated: Bool
        var patterns: [[UInt8]]
    }

    let terms: [Term]

    /// Lets every request through.
    package static let all = RequestFilter(terms: [])

    init(terms: [Term]) {
        self.terms = terms
    }

    /// Whether every term holds for a request's head.
    package func matches(_ head: borrowing Head) -> Bool {
        guard !terms.isEmpty else { return true }
        guard case .request(let method, _) = head.start else { return false }
        for term in terms {
            let subject: ArraySlice<UInt8>
            switch term.key {
            case .method: subject = head.bytes[method]
            case .path: subject = head.bytes[head.pathRange]
            case .host: subject = head.authorityRange.map { head.bytes[$0] } ?? []
            }
            let isMatched = term.patterns.contains { term.key.matches($0, subject) }
            if isMatched == term.isNegated { return false }
        }
        return true
    }
}

extension RequestFilter.Key {
    func matches(_ pattern: [UInt8], _ subject: ArraySlice<UInt8>) -> Bool {
        switch self {
        case .method, .path:
            return Wildcard.matches(pattern, subject)
        case .host:
            let host = subject.map(\.asciiLowercased)
            if Wildcard.matches(pattern, host[...]) { return true }
            // The colon of a port comes after the brackets of an IPv6 address.
            guard let colon = host.lastIndex(of: 0x3A), !host[colon...].contains(0x5D) else { return false }
            return Wildcard.matches(pattern, host[..<colon])
        }
    }
}

/// Patterns in which `*` stands for any run of bytes.
enum Wildcard {
    /// O(pattern × subject) at worst, without recursion: only the last `*` is ever reconsidered.
    static func matches(_ pattern: [UInt8], _ subject: ArraySlice<UInt8>) -> Bool {
        var place = 0
        var index = subject.startIndex
        var star: (place: Int, index: Int)?
        while index < subject.endIndex {
            if place < pattern.count, pattern[place] == 0x2A {
                star = (place, index)
                place += 1
            } else if place < pattern.count, pattern[place] == subject[index] {
                place += 1
                index += 1
            } else if let last = star {
                star = (last.place, last.index + 1)
                place = last.place + 1
                index = last.index + 1
            } else {
                return false
            }
        }
        while place < pattern.count, pattern[place] == 0x2A { place += 1 }
        return place == pattern.count
    }
}
