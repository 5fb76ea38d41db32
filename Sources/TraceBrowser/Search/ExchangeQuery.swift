import Messages

/// Which exchanges are asked for: terms as `replay --filter` has them, a few of the browser's own, and a text.
///
///     term  = key ( "=" | "!=" ) value *( "," value )
///     key   = "method" / "route" / "status" / "connection" / "session" / "client" / "flag"
///           / "path" / "host" / "header:" name
///     term  =/ "slower=" duration / "changed=" ( "yes" / "no" )
///
/// What is no term is text that has to stand in one of the messages, blanks included; in quotes it may look like a term.
/// A status of `none` is that of an exchange without response. A flag is one of those that `tapedeck cat` knows, or
/// `noted`, `signed`, `websocket`.
package struct ExchangeQuery: Hashable, Sendable {
    /// A term that is decided over values which many exchanges share.
    struct Pattern: Hashable, Sendable {
        /// In small letters; `*` stands for anything.
        var patterns: [[UInt8]]
        var isNegated: Bool
    }

    var methods: [Pattern] = []
    var routes: [Pattern] = []
    var clients: [Pattern] = []
    var connections: [(numbers: Set<UInt64>, isNegated: Bool)] = []
    var sessions: [(numbers: Set<UInt64>, isNegated: Bool)] = []
    var flags: [(names: Set<String>, isNegated: Bool)] = []
    var status: RequestFilter?
    /// Microseconds that an exchange has to take at least.
    var slower: UInt32?
    var changed: Bool?
    package var search = SearchTerms()

    /// As it was asked for; equal texts are equal queries.
    package let text: String

    package static func == (left: ExchangeQuery, right: ExchangeQuery) -> Bool { left.text == right.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    package static let all = ExchangeQuery(text: "")

    private init(text: String) { self.text = text }

    /// Longer queries are refused.
    package static let maximumCount = 2_048

    package init(_ text: String) throws(QueryError) {
        guard text.utf8.count <= Self.maximumCount else {
            throw QueryError("a query has at most \(Self.maximumCount) bytes")
        }
        self.text = text
        var words: [String] = []
        var deep: [String] = []
        var statuses: [String] = []
        for word in Self.words(of: text) {
            guard !word.isQuoted, let term = QueryTerm(word.text) else {
                words.append(word.text)
                continue
            }
            switch term.key {
            case "path", "host": deep.append(word.text)
            case _ where term.key.hasPrefix("header:"): deep.append(word.text)
            case "status":
                statuses.append(word.text.replacing("none", with: "000"))
            default: try take(term)
            }
        }
        search.text = FoldedText(words.joined(separator: " "))
        search.filter = try Self.filter(deep)
        status = try Self.filter(statuses)
    }

    private static func filter(_ terms: [String]) throws(QueryError) -> RequestFilter? {
        guard !terms.isEmpty else { return nil }
        do {
            return try RequestFilter(terms.joined(separator: " "))
        } catch {
            throw QueryError(error.reason)
        }
    }

    private mutating func take(_ term: QueryTerm) throws(QueryError) {
        let pattern = Pattern(
            patterns: term.values.map { Array($0.lowercased().utf8) },
            isNegated: term.isNegated
        )
        switch term.key {
        case "method": methods.append(pattern)
        case "route": routes.append(pattern)
        case "client": clients.append(pattern)
        case "connection": connections.append((try term.numbers(radix: 10), term.isNegated))
        case "session": sessions.append((try term.numbers(radix: 16), term.isNegated))
        case "flag":
            let known = Set(MessageFlags.names.map(\.name)).union(["noted", "signed", "websocket"])
            for name in term.values where !known.contains(name) {
                throw QueryError(
                    "there is no flag '\(name)'; there are \(known.sorted().joined(separator: ", "))"
                )
            }
            flags.append((Set(term.values), term.isNegated))
        case "slower": slower = try term.microseconds()
        case "changed":
            guard !term.isNegated, term.values == ["yes"] || term.values == ["no"] else {
                throw QueryError("say changed=yes or changed=no")
            }
            changed = term.values == ["yes"]
        default: preconditionFailure("the keys of terms are those above")
        }
    }

    /// The words between blanks; one in quotes may hold blanks. Quotes within a word are a part of it.
    private static func words(of text: String) -> [(text: String, isQuoted: Bool)] {
        var words: [(text: String, isQuoted: Bool)] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first == " " || first == "\t" {
                rest.removeFirst()
            } else if let end = endOfQuoted(rest) {
                let inner = rest[rest.index(after: rest.startIndex)..<end]
                if !inner.isEmpty { words.append((String(inner), true)) }
                rest = rest[rest.index(after: end)...]
            } else {
                let word = rest.prefix { $0 != " " && $0 != "\t" }
                words.append((String(word), false))
                rest = rest.dropFirst(word.count)
            }
        }
        return words
    }

    /// The quote that ends a quoted word at the start of `text`: the first with a blank or nothing behind it.
    private static func endOfQuoted(_ text: Substring) -> Substring.Index? {
        guard text.first == "\"" else { return nil }
        var rest = text.dropFirst()
        while let quote = rest.firstIndex(of: "\"") {
            rest = rest[rest.index(after: quote)...]
            guard let next = rest.first else { return quote }
            if next == " " || next == "\t" { return quote }
        }
        return nil
    }
}

/// A query that cannot be read, in a sentence.
package struct QueryError: Error, Equatable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// One term of a query; a word whose key is not known is none, but text.
struct QueryTerm {
    var key: String
    var values: [String]
    var isNegated: Bool

    private static let keys: Set<String> = [
        "method", "route", "status", "connection", "session", "client", "flag", "path", "host", "slower",
        "changed",
    ]

    init?(_ word: String) {
        guard let equals = word.firstIndex(of: "=") else { return nil }
        var key = word[..<equals]
        isNegated = key.last == "!"
        if isNegated { key.removeLast() }
        guard Self.keys.contains(String(key)) || key.hasPrefix("header:") && key.count > 7 else { return nil }
        self.key = String(key)
        values = word[word.index(after: equals)...].split(separator: ",").map(String.init)
        if values.isEmpty { return nil }
    }

    func numbers(radix: Int) throws(QueryError) -> Set<UInt64> {
        var numbers: Set<UInt64> = []
        for value in values {
            guard let number = UInt64(value, radix: radix) else {
                throw QueryError("\(key)=\(value): that is no number")
            }
            numbers.insert(number)
        }
        return numbers
    }

    /// A duration such as `250ms`, in microseconds.
    func microseconds() throws(QueryError) -> UInt32 {
        let units: [(String, Double)] = [("us", 1), ("µs", 1), ("ms", 1e3), ("s", 1e6), ("m", 6e7)]
        if !isNegated, values.count == 1 {
            for (unit, factor) in units where values[0].hasSuffix(unit) {
                if let number = Double(values[0].dropLast(unit.count)), number >= 0, number.isFinite {
                    return UInt32(min(number * factor, Double(UInt32.max - 1)))
                }
            }
        }
        throw QueryError("say how slow, as in slower=250ms")
    }
}
