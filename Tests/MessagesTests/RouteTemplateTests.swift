import Messages
import Testing

@Suite struct RouteTemplateTests {
    static let rows: [(target: String, template: String)] = [
        ("/", "/"),
        ("/api/runs/17/logs?after=3#x", "/api/runs/{id}/logs"),
        ("/api/v1/users", "/api/v1/users"),
        ("/2026-11-24/report", "/{id}/report"),
        ("/x/0b5f1a2c-3d4e-5f60-7182-93a4b5c6d7e8", "/x/{id}"),
        ("/x/507f1f77bcf86cd799439011/", "/x/{id}/"),
        ("/x/run_7f3a9c21", "/x/{id}"),
        ("/api/runs/gtggkjwcbhhkdpbpkzgsprvp/logs", "/api/runs/{id}/logs"),
        ("/api/webhook-subscriptions-of-a-team", "/api/webhook-subscriptions-of-a-team"),
        ("/x/evt_1NG8Du2eZvKYlo2CUI79vXWy", "/x/{id}"),
        ("/x/order_17", "/x/{id}"),
        ("/x/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/x/{id}"),
        ("/users/a.person@mail.example", "/users/{id}"),
        // Words stay words, also those of hexadecimal letters and with a digit.
        ("/facade/decade/added", "/facade/decade/added"),
        ("/oauth2/s3/sha256", "/oauth2/s3/sha256"),
        ("/api/hooks/order-created-v2", "/api/hooks/order-created-v2"),
        ("/files/covid-19", "/files/covid-19"),
        ("http://a.example:80/b/1?c", "/b/{id}"),
        ("http://a.example", "/"),
        ("a.example:443", "a.example:443"),
        ("*", "*"),
        ("", "/"),
        ("//a///7", "//a///{id}"),
    ]

    @Test(arguments: rows)
    func identifiersAreReplaced(_ row: (target: String, template: String)) {
        #expect(RouteTemplate(target: row.target.utf8.span).description == row.template)
    }

    @Test func templatesAreBounded() {
        let long = "/" + String(repeating: "a/", count: 10_000)
        #expect(
            RouteTemplate(target: long.utf8.span).description.utf8.count <= RouteTemplate.maximumCount + 3
        )
        let word = "/" + String(repeating: "a", count: 10_000)
        #expect(RouteTemplate(target: word.utf8.span).description == "/{id}")
    }

    @Test func anyBytesHaveATemplate() {
        let target: [UInt8] = [0x2F, 0xFF, 0x00, 0x2F, 0x31]
        #expect(RouteTemplate(target: target.span).description == "/\u{FFFD}\0/{id}")
    }
}
