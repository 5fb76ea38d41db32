import MeshTarget
import Testing

/// Who may read, and what lists give.
@Suite struct MeshStateReadsTests {
    static let targets = ["/api/runs", "/api/runs/RUN", "/api/runs/RUN/logs", "/api/runs/RUN/logs/stream"]

    @Test(arguments: targets) func nobodyReadsWithoutAToken(target: String) {
        var desk = Desk()
        let run = desk.deliver("harbor-orders")
        let token = desk.state.tenants[0].token
        let values: [String?] = [
            nil, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic \(token)", token, "Bearer \(token)x",
        ]
        for value in values {
            var request = desk.reading(target.replacing("RUN", with: run))
            request.authorization = value
            let reply = desk.ask(request)
            #expect(reply.status == 401)
            #expect(reply.member("error") == "unauthorized")
            #expect(reply.field("WWW-Authenticate") == "Bearer")
            #expect(!reply.text.contains(run))
        }
    }

    @Test(arguments: targets.dropFirst()) func anotherTenantsRunIsUnknown(target: String) {
        var desk = Desk()
        let run = desk.deliver("harbor-orders")
        let foreign = desk.ask(desk.reading(target.replacing("RUN", with: run), tenant: 1))
        let unknown = desk.ask(desk.reading(target.replacing("RUN", with: "nothing"), tenant: 1))
        #expect(foreign.status == 404)
        #expect(foreign.text == unknown.text)
    }

    @Test func listsShowOnlyTheTenantsOwn() {
        var desk = Desk()
        let own = desk.deliver("harbor-orders")
        let foreign = desk.deliver("meadow-payments")
        let list = desk.ask(desk.reading("/api/runs")).text
        #expect(list.contains(own))
        #expect(!list.contains(foreign))
    }

    @Test func aProjectThatIsNotTheTokensIsRefused() {
        var desk = Desk()
        var request = desk.reading("/api/runs")
        request.project = "meadow"
        #expect(desk.ask(request).status == 403)
        request.project = "harbor"
        #expect(desk.ask(request).status == 200)
    }

    /// A replayed request has a placeholder for a token, and says whose it is beside it.
    @Test func projectsStandInForTokensInReplays() {
        var desk = Desk(authentication: .project)
        let run = desk.deliver("harbor-orders")
        let rows: [(authorization: String?, project: String?, status: Int)] = [
            ("Bearer placeholder", "harbor", 200), ("Bearer placeholder", "meadow", 404),
            ("Bearer placeholder", nil, 401), ("Bearer placeholder", "nowhere", 401), (nil, "harbor", 401),
        ]
        for row in rows {
            var request = MeshRequest(method: "GET", target: "/api/runs/\(run)")
            request.authorization = row.authorization
            request.project = row.project
            #expect(desk.ask(request).status == row.status)
        }
    }

    @Test func pagesThroughRunsInTheOrderTheyWereMade() {
        var desk = Desk()
        let runs = (0..<25).map { desk.deliver("harbor-orders", id: "\($0)") }
        var seen: [String] = []
        var after: String? = "0"
        while let cursor = after {
            let reply = desk.ask(desk.reading("/api/runs?limit=10&after=\(cursor)"))
            seen += reply.text.split(separator: #"{"id":""#).dropFirst().map { String($0.prefix(24)) }
            after = reply.member("next")
        }
        #expect(seen == runs)
    }

    @Test func filtersByStatus() {
        var desk = Desk()
        let short = desk.deliver("harbor-orders")
        let failing = desk.deliver("harbor-charges")
        desk.wait(milliseconds: 65)
        #expect(desk.ask(desk.reading("/api/runs?status=succeeded")).member("id") == short)
        #expect(desk.ask(desk.reading("/api/runs?status=running")).member("id") == failing)
        #expect(desk.ask(desk.reading("/api/runs?status=failed")).text == #"{"runs":[],"next":null}"#)
    }

    @Test(arguments: ["limit=0", "limit=1001", "limit=x", "limit=", "after=-1", "after=x", "status=done"])
    func aParameterThatDoesNotParseIsAnError(query: String) {
        var desk = Desk()
        #expect(desk.ask(desk.reading("/api/runs?\(query)")).status == 400)
    }

    @Test func pagesThroughALog() {
        var desk = Desk()
        let run = desk.deliver("harbor-orders")
        desk.wait(milliseconds: 100)
        let target = "/api/runs/\(run)/logs"
        let whole = desk.ask(desk.reading(target)).text
        let messages = [
            "run queued", "run started", "step validate finished", "step transform finished",
            "step notify finished", "run succeeded",
        ]
        #expect(
            whole.split(separator: #""message":""#).dropFirst().map { String($0.prefix { $0 != "\"" }) }
                == messages
        )
        let part = desk.ask(desk.reading("\(target)?after=1&limit=2"))
        #expect(part.text.split(separator: #""id":"#).count - 1 == 2)
        #expect(part.member("message") == "run started")
        #expect(part.member("next") == "3")
        #expect(desk.ask(desk.reading("\(target)?after=99999999999")).text == #"{"logs":[],"next":null}"#)
    }

    @Test func aRunHasTheFieldsOfItsDescription() {
        var desk = Desk()
        var request = desk.delivery("harbor-orders")
        request.correlation = "quote \" and \u{1}"
        let run = desk.ask(request).field("X-Run-Id") ?? ""
        let expected =
            #"{"id":"\#(run)","project_id":"harbor","workflow_id":"wf-short","slug":"harbor-orders","#
            + #""status":"queued","attempt":1,"correlation_id":"quote \" and \u0001","#
            + #""created_at":"2025-03-09T14:05:06.000000Z","started_at":null,"finished_at":null,"error":null}"#
        #expect(desk.ask(desk.reading("/api/runs/\(run)")).text == expected)
    }

    @Test func healthAndMetricsAskForNothing() {
        var desk = Desk()
        let health = desk.ask(MeshRequest(method: "GET", target: "/health"))
        #expect(health.status == 200)
        #expect(health.member("status") == "ok")
        #expect(
            desk.ask(MeshRequest(method: "GET", target: "/api/metrics")).text.contains("status=\"200\"} 1\n")
        )
    }

    @Test(arguments: [
        "/", "", "health", "/healthy", "/api", "/api/runs/a/b", "/api/runs/a/logs/x", "//health",
    ])
    func elsewhereIsNothing(target: String) {
        var desk = Desk()
        #expect(desk.ask(desk.reading(target)).status == 404)
    }

    @Test func aTenantDescribesItselfWithoutItsSecrets() {
        for tenant in MeshTenant.all(seed: 3) {
            let text = "\(tenant)"
            #expect(!text.contains(tenant.token))
            #expect(!text.contains(String(decoding: tenant.signingSecret, as: UTF8.self)))
        }
    }

    @Test func slugsAreUniqueAmongTenants() {
        let slugs = MeshTenant.all(seed: 3).flatMap { $0.hooks.map(\.slug) }
        #expect(Set(slugs).count == slugs.count)
        #expect(slugs.count == 8)
    }
}
