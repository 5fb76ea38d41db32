import Messages
import Testing

@Suite struct RequestFilterTests {
    struct Case: Sendable {
        var filter: String
        var passes: [String]
        var stops: [String]
    }

    @Test(
        arguments: [
            Case(
                filter: "method=POST",
                passes: ["POST /a HTTP/1.1"],
                stops: ["GET /a HTTP/1.1", "post /a HTTP/1.1"]
            ),
            Case(filter: "method=GET,HEAD", passes: ["HEAD /a HTTP/1.1"], stops: ["POST /a HTTP/1.1"]),
            Case(filter: "method!=GET,HEAD", passes: ["POST /a HTTP/1.1"], stops: ["HEAD /a HTTP/1.1"]),
            Case(
                filter: "path=/api/*",
                passes: [
                    "GET /api/ HTTP/1.1", "GET /api/x/y?z=/ HTTP/1.1", "GET http://h:80/api/x HTTP/1.1",
                ],
                stops: ["GET /api HTTP/1.1", "GET /v1/api/x HTTP/1.1", "GET /?/api/x HTTP/1.1"]
            ),
            // The query is no part of the path.
            Case(filter: "path=/a", passes: ["GET /a?b HTTP/1.1"], stops: ["GET /a/ HTTP/1.1"]),
            Case(
                filter: "path=*/hooks/*/run*",
                passes: ["GET /x/hooks/1/run HTTP/1.1", "GET /hooks//hooks/1/runs HTTP/1.1"],
                stops: ["GET /x/hooks/run HTTP/1.1"]
            ),
            Case(
                filter: "host=A.example",
                passes: ["GET / HTTP/1.1|HOST: a.EXAMPLE", "GET / HTTP/1.1|Host: a.example:8080"],
                stops: [
                    "GET / HTTP/1.1|Host: b.example", "GET / HTTP/1.0", "GET / HTTP/1.1|Host: xa.example",
                ]
            ),
            Case(
                filter: "host=a.example:80,[::1]",
                passes: ["GET / HTTP/1.1|Host: a.example:80", "GET / HTTP/1.1|Host: [::1]:99"],
                stops: ["GET / HTTP/1.1|Host: a.example"]
            ),
            Case(
                filter: "  method=POST\tpath=/h*  host!=*.test ",
                passes: ["POST /h HTTP/1.1|Host: a"],
                stops: [
                    "POST /h HTTP/1.1|Host: b.test", "GET /h HTTP/1.1|Host: a", "POST /x HTTP/1.1|Host: a",
                ]
            ),
        ]
    )
    func selects(_ row: Case) throws {
        let filter = try RequestFilter(row.filter)
        for text in row.passes { #expect(filter.matches(try head(text)), "\(text)") }
        for text in row.stops { #expect(!filter.matches(try head(text)), "\(text)") }
    }

    @Test(
        arguments: [
            ("", 1, "empty"), ("   ", 1, "empty"), ("POST", 1, "'=' or '!='"), ("verb=GET", 1, "'verb'"),
            ("method=GET pfad=/x", 12, "'pfad'"), ("method=", 8, "pattern"), ("method=A,,B", 10, "pattern"),
            ("method=A,", 10, "pattern"), ("=x", 1, "''"),
        ]
    )
    func saysWhereAnExpressionCannotBeRead(_ text: String, _ position: Int, _ word: String) {
        let error = #expect(throws: FilterError.self) { try RequestFilter(text) }
        #expect(error?.position == position)
        #expect(error?.reason.contains(word) == true)
    }

    /// A pattern that makes backtracking matchers take exponential time.
    @Test func hostilePatternsEnd() throws {
        let stars = String(repeating: "*a", count: 40)
        let filter = try RequestFilter("path=" + stars + "b")
        #expect(!filter.matches(try head("GET /" + String(repeating: "a", count: 4_000) + " HTTP/1.1")))
    }

    private func head(_ text: String) throws -> Head {
        let lines = text.split(separator: "|").joined(separator: "\r\n") + "\r\n\r\n"
        return try Head(parsing: Array(lines.utf8), kind: .request)
    }
}
