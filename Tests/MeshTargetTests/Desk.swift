import MeshTarget

/// A core with a clock that the test moves, and short words for asking it.
struct Desk {
    var state: MeshState
    var now = MeshTime(nanoseconds: 1_741_529_106_000_000_000)

    init(
        seed: UInt64 = 7,
        authentication: MeshAuthentication = .tokens,
        signingSecret: [UInt8]? = nil,
        limits: MeshLimits = MeshLimits()
    ) {
        state = MeshState(
            seed: seed,
            signingSecret: signingSecret,
            authentication: authentication,
            limits: limits
        )
    }

    /// Time passes, and the core is told.
    mutating func wait(milliseconds: Int64) {
        now = now.advanced(by: milliseconds * 1_000_000)
        state.advance(to: now)
    }

    /// Whole answers only; a stream where none was asked for is status 0.
    mutating func ask(_ request: MeshRequest) -> MeshReply {
        switch state.answer(request, at: now) {
        case .reply(let reply): reply
        case .stream: MeshReply(status: 0, fields: [], body: [])
        }
    }

    /// A delivery that is in order, to be spoiled by the test.
    func delivery(_ slug: String, _ body: String = #"{"n":1}"#, id: String? = nil) -> MeshRequest {
        var request = MeshRequest(method: "POST", target: "/api/hooks/\(slug)")
        request.contentType = "application/json"
        request.delivery = id
        sign(&request, body, slug)
        return request
    }

    /// Gives the request `body` and the signature of the tenant whose hook `slug` is.
    func sign(_ request: inout MeshRequest, _ body: String, _ slug: String) {
        request.body = Array(body.utf8)
        let tenant = state.tenants.first { $0.hooks.contains { $0.slug == slug } } ?? state.tenants[0]
        request.signature = SignatureCheck.signature(of: request.body, secret: tenant.signingSecret)
    }

    /// A request of one tenant's reader.
    func reading(_ target: String, tenant: Int = 0) -> MeshRequest {
        var request = MeshRequest(method: "GET", target: target)
        request.authorization = "Bearer " + state.tenants[tenant].token
        return request
    }

    /// Delivers and returns the id of the run, or nothing if the delivery was refused.
    mutating func deliver(_ slug: String, _ body: String = #"{"n":1}"#, id: String? = nil) -> String {
        ask(delivery(slug, body, id: id)).field("X-Run-Id") ?? ""
    }

    /// The status of a run as its reader sees it.
    mutating func status(of run: String, tenant: Int = 0) -> String {
        ask(reading("/api/runs/\(run)", tenant: tenant)).member("status") ?? ""
    }
}

extension MeshReply {
    var text: String { String(decoding: body, as: UTF8.self) }

    func field(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    /// The first member `name` whose value is a string.
    func member(_ name: String) -> String? {
        let parts = text.split(separator: "\"\(name)\":\"", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        return String(parts[1].prefix { $0 != "\"" })
    }
}
