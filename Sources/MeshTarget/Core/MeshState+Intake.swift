import Crypto

extension MeshState {
    /// Takes a webhook delivery: length and type, then hook, signature and idempotency, each refusal before the
    /// next question, so that an unsigned sender learns no more than that a hook exists.
    mutating func takeDelivery(_ request: MeshRequest, slug: String, at now: MeshTime) -> MeshReply {
        guard request.body.count <= MeshLimits.body else { return Self.tooLong }
        guard request.body.isEmpty || Self.isAccepted(type: request.contentType) else {
            return .failure(415, "unsupported media type", "send JSON or a form and say so in Content-Type")
        }
        guard let (tenant, hook) = hooks[slug] else { return .failure(404, "unknown hook") }
        let secret = tenants[tenant].signingSecret
        guard SignatureCheck.isValid(request.signature, body: request.body, secret: secret) else {
            counts.badSignatures &+= 1
            return .failure(401, "invalid signature")
        }

        let key = request.idempotencyKey.map { IdempotencyKey(tenant: tenant, key: $0) }
        let digest = key == nil ? [] : Array(SHA256.hash(data: request.body))
        if let key, let earlier = delivered[key] {
            guard earlier.body == digest else {
                return .failure(409, "idempotency key was used for another body")
            }
            counts.repeated &+= 1
            return Self.accepted(earlier.run).adding("Idempotent-Replay", "true")
        }
        guard counts.unfinished < limits.unfinishedRuns else {
            counts.refused &+= 1
            return .failure(503, "too many running workflows").adding("Retry-After", "1")
        }
        let id = makeRun(request, tenant: tenant, hook: hook, key: key, at: now)
        if let key { delivered[key] = Delivered(run: id, body: digest) }
        return Self.accepted(id)
    }

    /// What a hook answers to a body over the limit; also given by a shell that did not keep the body.
    package static let tooLong = MeshReply.failure(
        413,
        "body too long",
        "a delivery has at most \(MeshLimits.body) bytes"
    )

    private static func accepted(_ id: RunID) -> MeshReply {
        let body = JSONText.object {
            $0.member("run_id", id.text)
            $0.member("status", RunStatus.queued.rawValue)
        }
        return .json(202, body).adding("X-Run-Id", id.text)
    }

    /// JSON, any type built on JSON (RFC 6839, section 3.1), and forms.
    package static func isAccepted(type: String?) -> Bool {
        guard let type else { return false }
        let end = type.firstIndex(of: ";") ?? type.endIndex
        let name = type[..<end].lowercased().filter { $0 != " " && $0 != "\t" }
        return name == "application/json" || name == "application/x-www-form-urlencoded"
            || (name.hasPrefix("application/") && name.hasSuffix("+json"))
    }

    private mutating func makeRun(
        _ request: MeshRequest,
        tenant: Int,
        hook: MeshHook,
        key: IdempotencyKey?,
        at now: MeshTime
    ) -> RunID {
        let id = freeID(for: request, slug: hook.slug)
        let number = nextNumber
        nextNumber += 1
        let correlation = request.correlation.flatMap { $0.utf8.count <= MeshLimits.correlation ? $0 : nil }
        runs[number] = Run(
            id: id,
            number: number,
            tenant: tenant,
            slug: hook.slug,
            workflow: hook.workflow,
            correlation: correlation,
            idempotencyKey: key,
            created: now,
            lineTimes: [now]
        )
        numbers[id] = number
        numbersByTenant[tenant].append(number)
        counts.accepted &+= 1
        counts.unfinished += 1
        counts.peakUnfinished = max(counts.peakUnfinished, counts.unfinished)
        timers.set(.step(number), at: now.advanced(by: Self.queueTime))
        return id
    }

    /// How long a run stays queued, in nanoseconds.
    static let queueTime: Int64 = 2_000_000

    /// The id of the delivery, counting on where the same delivery has come before.
    private mutating func freeID(for request: MeshRequest, slug: String) -> RunID {
        func id(_ occurrence: UInt32) -> RunID {
            RunID(
                seed: seed,
                slug: slug,
                delivery: request.delivery,
                body: request.body,
                occurrence: occurrence
            )
        }
        let first = id(0)
        var occurrence = occurrences[first, default: 0]
        var candidate = occurrence == 0 ? first : id(occurrence)
        // Only after the first run was forgotten can a later one still hold the id.
        while numbers[candidate] != nil {
            occurrence &+= 1
            candidate = id(occurrence)
        }
        occurrences[first] = occurrence &+ 1
        return candidate
    }
}
