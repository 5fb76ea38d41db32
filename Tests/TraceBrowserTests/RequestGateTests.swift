import Testing
import TraceBrowser

@Suite struct RequestGateTests {
    static let token = String(repeating: "a1", count: 16)
    static let gate = RequestGate(token: token, port: 4321)

    struct Row: CustomTestStringConvertible {
        var reason: String
        var asked: RequestGate.Asked
        /// `nil` where it is let through.
        var status: Int?

        var testDescription: String { reason }
    }

    static func asked(
        _ method: String = "GET",
        target: String = "/\(token)/api/state",
        hosts: [String] = ["127.0.0.1:4321"],
        origin: String? = nil,
        site: String? = nil,
        type: String? = nil
    ) -> RequestGate.Asked {
        .init(
            method: method,
            target: target,
            hosts: hosts,
            origin: origin,
            fetchSite: site,
            contentType: type
        )
    }

    static let post = (origin: "http://127.0.0.1:4321", type: "application/json")

    @Test(arguments: [
        Row(reason: "the page", asked: asked(target: "/\(token)/")),
        Row(reason: "its script asks", asked: asked(site: "same-origin")),
        Row(reason: "a typed address", asked: asked(site: "none")),
        Row(reason: "by name", asked: asked(hosts: ["localhost:4321"])),
        Row(reason: "by name, in capitals", asked: asked(hosts: ["LOCALHOST:4321"])),
        Row(reason: "over IPv6", asked: asked(hosts: ["[::1]:4321"])),
        Row(reason: "HEAD is GET without a body", asked: asked("HEAD")),
        Row(reason: "no token", asked: asked(target: "/"), status: 403),
        Row(reason: "an empty target", asked: asked(target: ""), status: 403),
        Row(
            reason: "another token",
            asked: asked(target: "/\(String(repeating: "a2", count: 16))/"),
            status: 403
        ),
        Row(reason: "the beginning of the token", asked: asked(target: "/\(token.dropLast())/"), status: 403),
        Row(reason: "the token and more", asked: asked(target: "/\(token)b/"), status: 403),
        Row(reason: "the token without what ends it", asked: asked(target: "/\(token)"), status: 403),
        Row(reason: "the token in a query", asked: asked(target: "/?\(token)/"), status: 403),
        Row(
            reason: "an absolute target",
            asked: asked(target: "http://127.0.0.1:4321/\(token)/"),
            status: 403
        ),
        Row(reason: "DNS rebinding", asked: asked(hosts: ["evil.example:4321"]), status: 421),
        Row(
            reason: "a name that begins like ours",
            asked: asked(hosts: ["127.0.0.1.evil.example:4321"]),
            status: 421
        ),
        Row(reason: "another port", asked: asked(hosts: ["127.0.0.1:80"]), status: 421),
        Row(reason: "no port", asked: asked(hosts: ["127.0.0.1"]), status: 421),
        Row(reason: "no Host", asked: asked(hosts: []), status: 421),
        Row(reason: "two Hosts", asked: asked(hosts: ["127.0.0.1:4321", "evil.example"]), status: 421),
        Row(reason: "a page of another site", asked: asked(site: "cross-site"), status: 403),
        Row(reason: "a page of another port of this machine", asked: asked(site: "same-site"), status: 403),
        Row(
            reason: "too long",
            asked: asked(target: "/\(token)/" + String(repeating: "x", count: 9_000)),
            status: 414
        ),
        Row(reason: "a method that is not served", asked: asked("DELETE"), status: 405),
        Row(reason: "CONNECT", asked: asked("CONNECT"), status: 405),
        Row(reason: "a post of the page", asked: asked("POST", origin: post.origin, type: post.type)),
        Row(reason: "a post without origin", asked: asked("POST", type: post.type), status: 403),
        Row(reason: "a post of nowhere", asked: asked("POST", origin: "null", type: post.type), status: 403),
        Row(
            reason: "a post of elsewhere",
            asked: asked("POST", origin: "http://evil.example", type: post.type),
            status: 403
        ),
        Row(
            reason: "a post of this origin to another name of it",
            asked: asked("POST", hosts: ["localhost:4321"], origin: post.origin, type: post.type),
            status: 403
        ),
        Row(reason: "a form", asked: asked("POST", origin: post.origin, type: "text/plain"), status: 415),
    ]) func isLetThroughOrNot(row: Row) {
        do throws(RequestGate.Refusal) {
            _ = try Self.gate.admit(row.asked)
            #expect(row.status == nil)
        } catch {
            #expect(error.status == row.status)
            #expect(!error.sentence.contains(Self.token), "a refusal does not tell the token")
        }
    }

    @Test func pathAndParametersAreRead() throws {
        let target =
            "/\(Self.token)/api/view?q=status%3D5xx+%22a%20b%22&from=1.5&empty=&alone&q2=%zz&x=%C3%A9"
        let request = try Self.gate.admit(Self.asked(target: target))
        #expect(request.path == "api/view")
        #expect(
            request.parameters == [
                "q": "status=5xx \"a b\"", "from": "1.5", "empty": "", "alone": "", "q2": "%zz", "x": "é",
            ]
        )
    }

    @Test func tokensAreLongAndDiffer() {
        let tokens = (0..<100).map { _ in RequestGate.makeToken() }
        #expect(Set(tokens).count == 100)
        #expect(tokens.allSatisfy { $0.utf8.count == 32 })
    }

    @Test func onPort80TheHostMayGoWithoutIt() throws {
        let gate = RequestGate(token: Self.token, port: 80)
        _ = try gate.admit(Self.asked(hosts: ["127.0.0.1"]))
    }
}
