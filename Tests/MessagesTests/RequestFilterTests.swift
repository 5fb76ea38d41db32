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
            // The target names the host where it is in absolute form.
            Case(
                filter: "host=h",
                passes: ["GET http://h:80/api/x HTTP/1.1|Host: other"],
                stops: ["GET http://other/ HTTP/1.1|Host: h"]
            ),
            Case(
                filter: "header:X-Event=push,*pull*",
                passes: [
                    "GET / HTTP/1.1|x-event: push", "GET / HTTP/1.1|X-EVENT: a|A: b|X-Event: pull_request",
                ],
                stops: [
                    "GET / HTTP/1.1|x-event: Push", "GET / HTTP/1.1|x-event-2: push", "GET / HTTP/1.1",
                ]
            ),
            Case(
                filter: "header:a!=*",
                passes: ["GET / HTTP/1.1", "GET / HTTP/1.1|b: c"],
                stops: ["GET / HTTP/1.1|A: b", "GET / HTTP/1.1|A:"]
            ),
            // A request is selected as far as it tells.
            Case(filter: "status=500", passes: ["GET / HTTP/1.1"], stops: []),
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
            ("method=A header=b", 10, "names no field"), ("header:=b", 1, "names no field"),
            ("headers:a=b", 1, "header:NAME"), ("status=20", 8, "three digits"),
            ("status=200,ok", 12, "three digits"), ("status=2000", 8, "three digits"),
            ("status=2**0", 8, "three digits"), ("status>=500", 1, "'status>'"),
        ]
    )
    func saysWhereAnExpressionCannotBeRead(_ text: String, _ position: Int, _ word: String) {
        let error = #expect(throws: FilterError.self) { try RequestFilter(text) }
        #expect(error?.position == position)
        #expect(error?.reason.contains(word) == true)
    }

    @Test(
        arguments: [
            ("status=404", [404]), ("status=2xx,3XX", [200, 299, 302]),
            ("status!=2xx", [100, 302, 404, 500, 999]),
            ("status=5*", [500]), ("status=*4", [404]), ("status=x0x", [100, 200, 302, 404, 500]),
            ("status!=4xx status!=5xx", [100, 200, 299, 302, 999]), ("status=*", statuses),
            ("method=GET", statuses),
        ]
    )
    func selectsStatuses(_ text: String, _ expected: [UInt16]) throws {
        let filter = try RequestFilter(text)
        #expect(Self.statuses.filter { filter.matches(status: $0) } == expected)
        #expect(filter.asksForStatus == text.hasPrefix("status"))
    }

    private static let statuses: [UInt16] = [100, 200, 299, 302, 404, 500, 999]

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
