extension MeshState {
    /// Why a reader is refused.
    struct Refusal: Error {
        var reply: MeshReply
    }

    /// The tenant who reads; others get 401, and readers of another's project 403.
    func reader(of request: MeshRequest) -> Result<Int, Refusal> {
        let unauthorized = MeshReply.failure(401, "unauthorized", "send a tenant's token as a bearer token")
            .adding("WWW-Authenticate", "Bearer")
        guard let authorization = request.authorization,
            authorization.prefix(7).lowercased() == "bearer ", authorization.utf8.count > 7
        else { return .failure(Refusal(reply: unauthorized)) }
        switch authentication {
        case .tokens:
            let token = authorization.dropFirst(7)
            guard let tenant = tenants.firstIndex(where: { isEqual($0.token, token) }) else {
                return .failure(Refusal(reply: unauthorized))
            }
            guard request.project == nil || request.project == tenants[tenant].id else {
                return .failure(Refusal(reply: .failure(403, "not your project")))
            }
            return .success(tenant)
        case .project:
            guard let tenant = tenants.firstIndex(where: { $0.id == request.project }) else {
                let message = "name a project in X-Project-Id"
                return .failure(Refusal(reply: .failure(401, "unauthorized", message)))
            }
            return .success(tenant)
        }
    }

    /// Compares in a time that depends on the lengths alone.
    private func isEqual(_ left: String, _ right: Substring) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        return zip(left.utf8, right.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// The run of this tenant; another tenant's is as unknown as one that does not exist.
    func run(_ id: String, tenant: Int) -> Run? {
        guard let number = numbers[RunID(text: id)], let run = runs[number], run.tenant == tenant else {
            return nil
        }
        return run
    }

    static let unknownRun = MeshReply.failure(404, "unknown run")

    func show(_ id: String, tenant: Int) -> MeshReply {
        guard let run = run(id, tenant: tenant) else { return Self.unknownRun }
        return .json(200, JSONText.object { run.write(to: &$0, project: tenants[tenant].id) })
    }

    /// The tenant's runs in the order they were made.
    func list(_ request: MeshRequest, tenant: Int) -> MeshReply {
        guard let page = Page(request) else { return Page.refusal }
        let wanted = request.parameter("status")
        guard wanted == nil || RunStatus.allCases.contains(where: { $0.rawValue == wanted }) else {
            return .failure(400, "invalid parameter", "status is queued, running, succeeded or failed")
        }
        let numbers = numbersByTenant[tenant]
        var found: [Run] = []
        for number in numbers[numbers.firstIndex(above: page.after)...] {
            guard let run = runs[number], wanted == nil || run.status.rawValue == wanted else { continue }
            found.append(run)
            if found.count > page.limit { break }
        }
        let hasMore = found.count > page.limit
        let shown = found.prefix(page.limit)
        let body = JSONText.object {
            $0.member("runs", objects: shown) { $1.write(to: &$0, project: tenants[tenant].id) }
            $0.member("next", hasMore ? shown.last.map { String($0.number) } : nil)
        }
        return .json(200, body)
    }

    func log(_ id: String, _ request: MeshRequest, tenant: Int) -> MeshReply {
        guard let run = run(id, tenant: tenant) else { return Self.unknownRun }
        guard let page = Page(request) else { return Page.refusal }
        let first = Int(min(page.after, UInt64(run.lineTimes.count)))
        let end = min(run.lineTimes.count, first + page.limit)
        let body = JSONText.object {
            $0.member("logs", objects: first..<end) { run.writeLine($1, to: &$0) }
            $0.member("next", end < run.lineTimes.count ? String(end) : nil)
        }
        return .json(200, body)
    }

    func health() -> MeshReply {
        let body = JSONText.object {
            $0.member("status", "ok")
            $0.member("version", "1")
            $0.member("details") {
                $0.member("store", "memory")
                $0.member("tenants", tenants.count)
                $0.member("hooks", hooks.count)
            }
        }
        return .json(200, body)
    }
}

/// Which part of a list is asked for.
private struct Page {
    /// What the cursor of the page before said; 0 is the start.
    var after: UInt64 = 0
    var limit = MeshLimits.defaultPage

    static let refusal = MeshReply.failure(
        400,
        "invalid parameter",
        "after is a cursor, limit a number from 1 to \(MeshLimits.page)"
    )

    init?(_ request: MeshRequest) {
        if let text = request.parameter("after") {
            guard let after = UInt64(text) else { return nil }
            self.after = after
        }
        if let text = request.parameter("limit") {
            guard let limit = Int(text), (1...MeshLimits.page).contains(limit) else { return nil }
            self.limit = limit
        }
    }
}

extension [UInt64] {
    /// The index of the first number above `bound` in an ascending array.
    fileprivate func firstIndex(above bound: UInt64) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if self[middle] > bound { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
