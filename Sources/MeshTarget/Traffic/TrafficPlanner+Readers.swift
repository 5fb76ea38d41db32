import SeededRandom

extension TrafficPlanner {
    /// Who asks for a run.
    enum Reader: CaseIterable {
        case owner
        /// A person whose browser sends a cookie too.
        case browser
        /// Another tenant, who must not learn that the run exists.
        case stranger
        case nobody
    }

    /// After this a short run is over even if its delivery came at a tenth of the time, in nanoseconds.
    static let settlingTime: Int64 = 2_200_000_000

    /// Now and then asks for the run of a delivery, on the connection that made it.
    ///
    /// What is asked for, and when, is chosen so that the answer is the same when the traffic is replayed up to
    /// ten times as fast: short runs long after their end, long ones long before.
    mutating func planReading(of number: Int, by sender: Sender) {
        let delivery = requests[number]
        guard delivery.expectedStatus == 202, generator.chance(0.1) else { return }
        guard let workflow = workflow(of: delivery) else { return }
        let delay: Int64
        switch workflow {
        case .short, .failing: delay = Self.settlingTime
        case .long: delay = 900_000_000
        default: return
        }
        guard delivery.time + delay < duration else { return }
        let draw = generator.unit()
        let reader: Reader = draw < 0.8 ? .owner : draw < 0.9 ? .browser : draw < 0.96 ? .stranger : .nobody
        let suffix = generator.chance(0.25) ? "/logs?limit=50" : ""
        planRead(of: number, by: sender, as: reader, suffix: suffix, at: delivery.time + delay)
    }

    mutating func planRead(
        of number: Int,
        by sender: Sender,
        as reader: Reader,
        suffix: String,
        at time: Int64
    ) {
        let other = tenants.first { $0.id != sender.tenant.id } ?? sender.tenant
        var fields = [("Host", "api.mesh.example"), ("Accept", "application/json")]
        switch reader {
        case .owner, .browser: fields += credentials(of: sender.tenant)
        case .stranger: fields += credentials(of: other)
        case .nobody: break
        }
        if reader == .browser {
            let session = Credential.hex(32, using: &generator)
            fields.append(("Cookie", "theme=dark; session=\(session)"))
            plant("session cookie", session)
        }
        let status =
            switch reader {
            case .owner, .browser: 200
            case .stranger: 404
            case .nobody: 401
            }
        _ = add(
            at: time,
            on: sender.connection,
            "GET",
            .run(of: number, suffix: suffix),
            fields,
            expecting: status
        )
    }

    /// A delivery that starts a run of a second or two, and a reader who follows its log to the end.
    mutating func planLogStream(connection: Int) {
        let sender = Sender(connection: connection, tenant: tenants[0], style: .mesh)
        let time = duration * 3 / 10
        let number = planDelivery(by: sender, at: time, to: .medium)
        let fields = [("Host", "api.mesh.example"), ("Accept", "text/event-stream")]
        _ = add(
            at: time + 600_000_000,
            on: connection,
            "GET",
            .run(of: number, suffix: "/logs/stream"),
            fields + credentials(of: sender.tenant),
            expecting: 200
        )
    }

    mutating func planHealthChecks(connection: Int) {
        for time in stride(from: 50_000_000, to: duration, by: 250_000_000) {
            _ = add(
                at: time,
                on: connection,
                "GET",
                .path("/health"),
                [("Host", "mesh.example"), ("User-Agent", "probe/1")],
                expecting: 200
            )
        }
    }

    private mutating func credentials(of tenant: MeshTenant) -> [(String, String)] {
        plant("bearer token", tenant.token)
        return [("Authorization", "Bearer " + tenant.token), ("X-Project-Id", tenant.id)]
    }

    private func workflow(of delivery: PlannedRequest) -> Workflow? {
        guard case .path(let path) = delivery.target else { return nil }
        let slug = path.dropFirst("/api/hooks/".count).prefix { $0 != "?" }
        return tenants.lazy.flatMap(\.hooks).first { $0.slug == slug }?.workflow
    }
}
