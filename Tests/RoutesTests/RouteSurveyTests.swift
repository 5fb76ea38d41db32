import Messages
import Packets
import Routes
import Testing
import Traces

/// What is found of services that nobody has described.
@Suite struct RouteSurveyTests {
    /// Requests to a service, and the templates that some targets are to have.
    struct Service: CustomTestStringConvertible {
        var why: String
        var exchanges: [Exchange]
        var templates: [(target: String, template: String)]

        var testDescription: String { why }
    }

    struct Exchange {
        var line: String
        var answer: String?
        var status = 200
        var type = "application/json"
    }

    static let people = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi"]
    static let kinds = ["users", "orders", "tags", "invoices", "teams", "regions", "carts", "plans", "jobs"]

    static let services: [Service] = [
        Service(
            why: "numbered jobs that are answered alike, done or not",
            exchanges: (1...6).flatMap { number in
                [
                    Exchange(line: "POST /jobs", answer: #"{"id":"j\#(number)","state":"new"}"#),
                    Exchange(line: "GET /jobs/j\(number)", answer: #"{"id":"j","state":"new","step":0}"#),
                    Exchange(
                        line: "GET /jobs/j\(number)",
                        answer: #"{"id":"j","state":"done","step":3,"result":{"a":1,"b":2,"c":3}}"#
                    ),
                    Exchange(line: "GET /jobs/j\(number)/logs?after=1", answer: #"[{"at":1,"text":"x"}]"#),
                ]
            },
            templates: [
                ("/jobs/j3", "/jobs/{id}"), ("/jobs/j777/logs?after=2", "/jobs/{id}/logs"),
                ("/jobs/stats", "/jobs/stats"), ("/jobs", "/jobs"),
            ]
        ),
        Service(
            why: "numbered endpoints that are answered each in its own way",
            exchanges: (1...9).map {
                Exchange(line: "GET /step\($0)", answer: #"{"a\#($0)":1,"b\#($0)":2,"c\#($0)":3}"#)
            },
            templates: [("/step3", "/step3")]
        ),
        Service(
            why: "numbered endpoints that are asked for often stay what they are",
            exchanges: (1...8).flatMap { number in
                (0..<25).map { _ in Exchange(line: "GET /r\(number)", answer: #"{"a":1,"b":2,"c":3}"#) }
            },
            templates: [("/r3", "/r3")]
        ),
        Service(
            why: "versions are no parameters",
            exchanges: (1...9).map { Exchange(line: "GET /v\($0)/x", answer: #"{"a":1,"b":2,"c":3}"#) },
            templates: [("/v3/x", "/v3/x")]
        ),
        Service(
            why: "people with posts of their own, beside endpoints",
            exchanges: people.flatMap { name in
                [
                    Exchange(
                        line: "GET /users/\(name)",
                        answer: #"{"name":"x","mail":"y","since":3,"friends":[{"name":"z"}]}"#
                    ),
                    Exchange(
                        line: "GET /users/\(name)/posts/\(name)s-first",
                        answer: #"{"title":"x","text":"y","at":3}"#
                    ),
                ]
            } + [
                Exchange(line: "GET /users/search?q=a", answer: #"{"hits":[],"pages":1,"took":3,"next":""}"#),
                Exchange(line: "POST /users/login", answer: #"{"token":"x","until":1,"scope":"y"}"#),
                Exchange(line: "GET /users/nobody", answer: #"{"error":"not found"}"#, status: 404),
            ],
            templates: [
                ("/users/alice", "/users/{id}"), ("/users/zoe", "/users/{id}"),
                ("/users/nobody", "/users/{id}"), ("/users/search?q=b", "/users/search"),
                ("/users/login", "/users/login"),
                ("/users/zoe/posts/anything", "/users/{id}/posts/{id}"),
            ]
        ),
        Service(
            why: "people beside two endpoints whose answers have as many members",
            exchanges: people.map {
                Exchange(line: "GET /\($0)", answer: #"{"name":"x","mail":"y","since":3}"#)
            }
                + ["about", "zones"].map {
                    Exchange(line: "GET /\($0)", answer: #"{"text":"x","version":"y","links":3}"#)
                },
            templates: [("/alice", "/{id}"), ("/zoe", "/{id}"), ("/about", "/about"), ("/zones", "/zones")]
        ),
        Service(
            why: "lists of several kinds in one envelope",
            exchanges: kinds.map {
                Exchange(
                    line: "GET /api/\($0)",
                    answer: #"{"items":[{"\#($0)a":1,"\#($0)b":2,"\#($0)c":3}],"total":3,"page":1}"#
                )
            },
            templates: [("/api/users", "/api/users"), ("/api/other", "/api/other")]
        ),
        Service(
            why: "the same where most lists are empty",
            exchanges: kinds.enumerated().map { index, kind in
                Exchange(
                    line: "GET /api/\(kind)",
                    answer: index < 6
                        ? #"{"items":[],"total":0,"page":1}"#
                        : #"{"items":[{"\#(kind)a":1,"\#(kind)b":2,"\#(kind)c":3,"\#(kind)d":4}],"total":3,"page":1}"#
                )
            },
            templates: [("/api/users", "/api/users")]
        ),
        Service(
            why: "a few names that say no more than that it is well",
            exchanges: people.map { Exchange(line: "POST /hooks/\($0)", answer: #"{"ok":true}"#) },
            templates: [("/hooks/alice", "/hooks/alice")]
        ),
        Service(
            why: "many such names",
            exchanges: people.flatMap { name in
                ["", "-x", "-y"].map { Exchange(line: "POST /hooks/\(name)\($0)", answer: "", status: 202) }
            },
            templates: [("/hooks/alice-y", "/hooks/{id}")]
        ),
        Service(
            why: "requests of which no answer is known",
            exchanges: (1...9).map { Exchange(line: "GET /orders/order-\(1_000 + $0)", answer: nil) },
            templates: [("/orders/order-1007", "/orders/{id}"), ("/orders/open", "/orders/open")]
        ),
        Service(
            why: "tenants first",
            exchanges: people.flatMap { name in
                ["a", "b"].map { _ in
                    Exchange(
                        line: "GET /\(name)/api/runs",
                        answer: #"{"runs":[{"id":1,"state":"x"}],"next":2}"#
                    )
                }
            },
            templates: [("/alice/api/runs", "/{id}/api/runs"), ("/zoe/api/runs", "/{id}/api/runs")]
        ),
        Service(
            why: "targets of other forms, and nothing",
            exchanges: [
                Exchange(line: "OPTIONS *", answer: ""), Exchange(line: "GET /", answer: ""),
                Exchange(line: "CONNECT a.example:443", answer: ""), Exchange(line: "GET //", answer: "{"),
            ],
            templates: [("*", "*"), ("/", "/"), ("//", "//")]
        ),
    ]

    static func parameters(of exchanges: [Exchange]) -> PathParameters {
        var survey = RouteSurvey()
        for (number, exchange) in exchanges.enumerated() {
            let number = UInt64(number)
            survey.note(message(.request, number, "\(exchange.line) HTTP/1.1\r\nHost: a\r\n\r\n", ""))
            guard let answer = exchange.answer else { continue }
            let head = "HTTP/1.1 \(exchange.status) Any\r\nContent-Type: \(exchange.type)\r\n\r\n"
            survey.note(message(.response, number, head, answer))
        }
        return survey.parameters
    }

    @Test(arguments: services)
    func parametersAreFound(_ service: Service) {
        let parameters = Self.parameters(of: service.exchanges)
        for (target, template) in service.templates {
            #expect(RouteTemplate(target: target.utf8.span, parameters: parameters).description == template)
        }
    }

    @Test(arguments: services)
    func theOrderOfExchangesTellsNothing(_ service: Service) {
        let parameters = Self.parameters(of: service.exchanges)
        #expect(Self.parameters(of: service.exchanges.reversed()) == parameters)
    }

    /// A template is a target too: nothing changes when it is taken again.
    @Test(arguments: services)
    func templatesAreTheirOwnTemplates(_ service: Service) {
        let parameters = Self.parameters(of: service.exchanges)
        for (_, template) in service.templates {
            #expect(parameters.route("GET " + template) == "GET " + template)
        }
    }

    @Test func whatIsKnownComesFirst() {
        let known = PathParameters([.init(prefix: "/a/", forms: ["j#"])])
        let found = PathParameters([
            .init(prefix: "/a/", exceptions: []), .init(prefix: "/b/", exceptions: ["me"]),
        ])
        let both = known.joined(with: found)
        #expect(both.route("GET /a/j7") == "GET /a/{id}")
        #expect(both.route("GET /a/x") == "GET /a/x")
        #expect(both.route("GET /b/x") == "GET /b/{id}")
        #expect(both.route("GET /b/me") == "GET /b/me")
        #expect(both.route("(other routes)") == "(other routes)")
    }

    /// Who spells a segment out means it and no other.
    @Test func whatIsSpelledOutIsSpared() {
        let parameters = PathParameters([
            .init(prefix: "/a/", forms: ["j#"]), .init(prefix: "/b/", exceptions: []),
        ])
        .sparing(["j7", "x"])
        #expect(parameters.route("GET /a/j7") == "GET /a/j7")
        #expect(parameters.route("GET /a/j8") == "GET /a/{id}")
        #expect(parameters.route("GET /b/x/y") == "GET /b/x/y")
        #expect(parameters.route("GET /b/y") == "GET /b/{id}")
    }

    @Test func whatIsKeptIsBounded() {
        let exchanges = (0..<30_000).map { Exchange(line: "GET /a/x\($0)y", answer: nil) }
        let parameters = Self.parameters(of: exchanges)
        #expect(parameters.places == [.init(prefix: "/a/", forms: ["x#y"])])
        let deep = Exchange(line: "GET /" + String(repeating: "a/", count: 10_000), answer: nil)
        #expect(Self.parameters(of: [deep]).isEmpty)
    }

    private static func message(
        _ kind: MessageKind,
        _ exchange: UInt64,
        _ head: String,
        _ body: String
    ) -> RecordedMessage {
        let time = PacketTime(nanoseconds: Int64(exchange))
        return RecordedMessage(
            head: HeadRecord(
                kind: kind,
                exchange: exchange,
                connection: 0,
                start: time,
                encoding: .http1,
                bytes: Array(head.utf8),
                framing: .length(UInt64(body.utf8.count)),
                of: nil
            ),
            body: Array(body.utf8),
            end: EndRecord(
                kind: kind,
                exchange: exchange,
                connection: 0,
                time: time,
                wireLength: UInt64(body.utf8.count),
                flags: []
            )
        )
    }
}
