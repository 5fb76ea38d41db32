import JSON

extension ExecutionRule {
    /// A query of the target's database that shows runs, put to it again and again and never changing anything.
    package struct Query: Hashable, Sendable {
        /// Where the connection string is: `env:VAR` or `file:PATH`.
        package let connection: String
        /// One query, without the semicolon at its end.
        package let text: String

        /// Stands for the moment since which changes are wanted.
        package static let placeholder = "{since}"
        /// Bytes of a query.
        package static let limit = 16_384

        /// Refuses what is no single query: it becomes a part of another one, which runs in a transaction that only reads,
        /// and nothing may end that, nor speak to the client instead of the database.
        package init(connection: String, text: String) throws(UnreadableQuery) {
            var bytes = text[...]
            while let last = bytes.last, last.isWhitespace || last == ";" { bytes.removeLast() }
            guard bytes.utf8.count <= Self.limit else {
                throw UnreadableQuery("the query is longer than \(Self.limit) bytes")
            }
            guard !bytes.contains(where: { $0 == ";" || $0 == "\\" || $0 == "\0" }) else {
                throw UnreadableQuery("one query is wanted here, without ';' and '\\'")
            }
            let word = bytes.drop { $0.isWhitespace || $0 == "(" }.prefix { $0.isLetter }.lowercased()
            guard ["select", "with", "table", "values"].contains(word) else {
                throw UnreadableQuery("a query begins with 'select' or 'with'")
            }
            self.connection = connection
            self.text = String(bytes)
        }

        /// Since when a look wants to know of changes.
        package enum Since: Hashable, Sendable {
            /// Since shortly before the look itself.
            case now
            /// Since shortly before a moment that the database has told, as ``Line/moment(_:)``.
            case moment(String)
        }

        /// Seconds that a transaction may take from a moment in what it writes to its commit.
        package static let overlap = 10
        /// Seconds that the query may take.
        package static let patience = 10

        /// What the client `psql` is told: the moment of the look, then a line of JSON for each run.
        package func script(since: Since) -> String {
            let start =
                switch since {
                case .now: "now()"
                case .moment(let text): "'\(text)'::timestamptz"
                }
            let query = text.replacing(
                Self.placeholder,
                with: "(\(start) - interval '\(Self.overlap) seconds')"
            )
            return """
                begin transaction isolation level repeatable read read only;
                set local statement_timeout = '\(Self.patience)s';
                set local lock_timeout = '1s';
                select 'at ' || to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
                select row_to_json(tapedeck_run) from (
                \(query)
                ) as tapedeck_run;
                commit;

                """
        }

        /// What a line of the answer says.
        package enum Line: Hashable, Sendable {
            /// When the look was, by the clock of the database.
            case moment(String)
            case run(RunSighting)
            /// A row that is no run.
            case unreadable
            /// The code of an error (SQLSTATE), with what it means where that is known.
            case failure(String)
            /// Anything else that the client said.
            case other(String)
        }

        /// Reads a line that ``script(since:)`` was answered.
        package static func line(_ bytes: [UInt8], delay: DelayPlace?) -> Line {
            if bytes.first == 0x7B {
                guard let value = try? JSONValue(parsing: bytes.span, maximumCount: 10_000),
                    let run = RunSighting(value, delay: delay)
                else { return .unreadable }
                return .run(run)
            }
            let text = String(decoding: bytes.prefix(200), as: UTF8.self)
            if text.hasPrefix("at "), ISOTime.nanoseconds(String(text.dropFirst(3))) != nil {
                return .moment(String(text.dropFirst(3)))
            }
            if let place = text.firstRange(of: "ERROR:") {
                let code = String(text[place.upperBound...].drop { $0 == " " }.prefix { $0 != " " })
                return .failure(meanings[code].map { "\($0) (\(code))" } ?? "error \(code)")
            }
            return .other(text)
        }

        /// PostgreSQL's documentation, appendix A.
        private static let meanings = [
            "42601": "no SQL", "42703": "there is no such column", "42P01": "there is no such table",
            "42883": "there is no such function", "42501": "the role may not read that",
            "42702": "a column is ambiguous", "57014": "it took too long", "55P03": "a lock was in the way",
            "25006": "it would change something", "3F000": "there is no such schema",
            "0A000": "it would change something", "22P02": "a value is not of its type",
        ]
    }
}

/// What a plan gives as a query and is none.
package struct UnreadableQuery: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
