import Crypto
import MeshDatabase
import MeshTarget
import NIOCore
import SeededRandom

extension Service {
    /// Takes a webhook delivery: each refusal before the next question, so that an unsigned sender learns no more than that
    /// a hook exists.
    func takeDelivery(_ request: ServiceRequest, slug: String, _ exchange: Exchange) {
        exchange.delay = addedLatency(slug: slug)
        guard request.body.count <= MeshLimits.body else { return exchange.reply(MeshState.tooLong) }
        guard request.body.isEmpty || MeshState.isAccepted(type: request.field("Content-Type")) else {
            let remedy = "send JSON or a form and say so in Content-Type"
            return exchange.reply(.failure(415, "unsupported media type", remedy))
        }
        guard let hook = directory.hooks[slug] else { return exchange.reply(.failure(404, "unknown hook")) }
        if let refusal = overRate(hook.project) { return exchange.reply(refusal) }
        guard isSigned(request, hook) else {
            counts.badSignatures &+= 1
            audit(hook, exchange)
            return exchange.reply(.failure(401, "invalid signature"))
        }
        if hook.wantsJSON, !isJSON(request.body) {
            return exchange.reply(.failure(422, "invalid payload", "this hook takes JSON"))
        }
        guard !generator.chance(options.errorRate) else {
            return exchange.reply(.failure(500, "internal error"))
        }
        create(request, hook, exchange)
    }

    private func isSigned(_ request: ServiceRequest, _ hook: Directory.Hook) -> Bool {
        let verdict = DeliverySignature.check(
            request,
            keys: directory.keys[hook.signer] ?? [],
            tolerance: hook.tolerance,
            now: now / 1_000_000_000
        )
        switch verdict {
        case .valid: return true
        case .missing: return options.habits.contains(.unsigned) || options.defects.has(.unsignedAccepted)
        case .stale: return options.defects.has(.staleAccepted)
        case .wrong: return false
        }
    }

    // MARK: Limits

    private func overRate(_ project: String) -> MeshReply? {
        guard let rate = options.rateLimit ?? directory.rates[project] else { return nil }
        let key = options.defects.has(.rateLimitShared) ? "" : project
        var bucket = buckets[key] ?? TokenBucket(rate: rate, now: now)
        defer { buckets[key] = bucket }
        guard !bucket.take(at: now) else { return nil }
        counts.rateLimited[project, default: 0] &+= 1
        return MeshReply.failure(429, "too many deliveries")
            .adding("X-RateLimit-Limit", "\(Int(bucket.capacity))")
            .adding("X-RateLimit-Remaining", "\(bucket.remaining)")
            .adding("X-RateLimit-Reset", "\(bucket.secondsUntilNext)")
            .adding("Retry-After", "\(bucket.secondsUntilNext)")
    }

    /// Notes a delivery that was not signed; so many a second that a flood of them does not become one of rows.
    private func audit(_ hook: Directory.Hook, _ exchange: Exchange) {
        guard audits.take(at: now) else {
            counts.auditsDropped &+= 1
            return
        }
        let row = Transaction(
            Queries.audit,
            Parameter(hook.project),
            "sender",
            "delivery refused",
            Parameter("hook:" + hook.slug),
            Parameter(exchange.peer)
        )
        run(row, as: hook.project) { _, _ in }
    }

    private func isJSON(_ body: [UInt8]) -> Bool { JSONCheck.isValid(body) }

    private func addedLatency(slug: String) -> Int64 {
        options.latencies.reduce(0) { sum, added in
            guard added.slug == nil || added.slug == slug else { return sum }
            return sum + added.nanoseconds(at: generator.unit())
        }
    }

    // MARK: The run

    private func create(_ request: ServiceRequest, _ hook: Directory.Hook, _ exchange: Exchange) {
        let delivery = MeshRequest.deliveryFields.lazy.compactMap { request.field($0) }.first
        func id(_ occurrence: UInt32) -> String {
            RunID(
                seed: options.seed,
                slug: hook.slug,
                delivery: delivery,
                body: request.body,
                occurrence: occurrence
            ).text
        }
        if options.defects.strikes(.runLost) {
            return exchange.reply(Self.accepted(id(0)))
        }
        let ids = (own: id(0), spare: spare(id(0)))
        let transaction = delivered(request, hook, id: ids.own, spare: ids.spare)
        let twin =
            options.defects.strikes(.runDuplicated)
            ? delivered(request, hook, id: spare(id(0)), spare: spare(id(0)), isTwin: true) : nil
        run(transaction, as: hook.project) { service, answer in
            switch answer {
            case .failure(.connectionLost):
                service.settle(ids, hook, exchange, until: service.now + Self.settlingTime)
            case .failure(let error): exchange.reply(Self.reply(to: error))
            case .success(let tables):
                // Behind it stands only what lingers.
                guard
                    let table = service.options.bottlenecks.holdsConnection
                        ? tables.dropLast().last : tables.last,
                    table.rowCount == 1
                else {
                    return exchange.reply(.failure(500, "internal error"))
                }
                if let twin, table.string(0, 1) == "created" {
                    service.run(twin, as: hook.project) { _, _ in }
                }
                service.created(run: table.string(0, 0), outcome: table.string(0, 1), hook, exchange)
            }
        }
    }

    /// Nanoseconds for which the database is asked what became of a delivery whose connection broke, and between two questions.
    private static let settlingTime: Int64 = 10_000_000_000
    private static let settlingPause = TimeAmount.milliseconds(250)

    /// Answers a delivery whose connection broke on the way: whether its run is there only the database knows, once it is
    /// back.
    private func settle(
        _ ids: (own: String, spare: String),
        _ hook: Directory.Hook,
        _ exchange: Exchange,
        until deadline: Int64
    ) {
        let question = Transaction(Queries.whichRun, Parameter(ids.own), Parameter(ids.spare))
        run(question, as: hook.project) { service, answer in
            if let table = (try? answer.get())?.last {
                guard table.rowCount == 1 else {
                    return exchange.reply(Self.reply(to: .connectionLost("nothing was written")))
                }
                return service.created(run: table.string(0, 0), outcome: "created", hook, exchange)
            }
            guard service.now < deadline else {
                return exchange.reply(Self.reply(to: .connectionLost("what was written is not known")))
            }
            service.after(Self.settlingPause) { $0.settle(ids, hook, exchange, until: deadline) }
        }
    }

    /// An id that no other delivery has; for one whose own id is taken.
    private func spare(_ id: String) -> String {
        spares &+= 1
        let body = Array("\(id) \(now) \(generator.next())".utf8)
        return RunID(seed: options.seed, slug: "", delivery: nil, body: body, occurrence: spares).text
    }

    private func delivered(
        _ request: ServiceRequest,
        _ hook: Directory.Hook,
        id: String,
        spare: String,
        isTwin: Bool = false
    ) -> Transaction {
        var transaction = Transaction()
        let hold = options.bottlenecks.rowLock ?? options.bottlenecks.pool?.hold
        if hold != nil {
            transaction.add(options.bottlenecks.rowLock != nil ? Queries.turnstile : Queries.occupy)
        }
        let key =
            options.habits.contains(.noIdempotency) || isTwin
            ? nil : request.field("Idempotency-Key") ?? request.field("Webhook-Id")
        let correlation = Self.short(request.field("X-Correlation-Id") ?? request.field("X-Replay-Id"))
        // A replay that sends a request again and again marks all of them alike.
        let mark = correlation ?? Self.short(request.field("X-Tapedeck-Replay"))
        let leaks = options.defects.has(.secretInLog)
        transaction.add(
            Queries.takeDelivery,
            Parameter(id),
            Parameter(spare),
            Parameter(hook.project),
            Parameter(hook.slug),
            Parameter(hook.workflow),
            Parameter(correlation),
            Parameter(mark),
            Parameter(key),
            Parameter(SHA256.hash(data: request.body).hex),
            Parameter(CreatedPayload.of(request, keepsSecrets: options.habits.contains(.rawHeaders))),
            Parameter(options.maxAttempts),
            Parameter(leaks ? CreatedPayload.leak(request) : "run queued")
        )
        if let hold { transaction.add(Queries.linger, Parameter("\(Double(hold) / 1e9)")) }
        return transaction
    }

    private static func short(_ mark: String?) -> String? {
        mark.flatMap { $0.utf8.count <= MeshLimits.correlation ? $0 : nil }
    }

    private func created(run: String, outcome: String, _ hook: Directory.Hook, _ exchange: Exchange) {
        switch outcome {
        case "conflict":
            return exchange.reply(.failure(409, "idempotency key was used for another body"))
        case "repeated":
            counts.repeated &+= 1
            return exchange.reply(Self.accepted(run).adding("Idempotent-Replay", "true"))
        default:
            counts.accepted &+= 1
        }
        if options.defects.has(.runReadable) || options.defects.has(.streamLeak) {
            knownProjects[run] = hook.project
        }
        database.notify(Notification(channel: Doorbell.jobs, payload: ""))
        feeds[hook.project]?.poke()
        exchange.reply(
            options.habits.contains(.emptyAnswer)
                ? MeshReply(status: 202, fields: [], body: []) : Self.accepted(run)
        )
    }

    private static func accepted(_ run: String) -> MeshReply {
        let body = JSONText.object {
            $0.member("run_id", run)
            $0.member("status", "queued")
        }
        return MeshReply.json(202, body).adding("X-Run-Id", run)
    }
}
