import SeededRandom

extension TrafficPlanner {
    /// What is wrong with a delivery, or out of the ordinary.
    enum Oddity: CaseIterable {
        case wrongSignature
        case noSignature
        case unknownHook
        case noType
        case compressed
        case chunked
        case secretInQuery
        case repeated
        case conflicting
    }

    /// A delivery of each odd kind at the start, so that even the shortest plan has them all.
    mutating func planOddities(sender: Sender) {
        for (index, oddity) in Oddity.allCases.enumerated() {
            _ = planDelivery(by: sender, at: Int64(index + 1) * 20_000_000, oddity: oddity)
        }
        let time = 250_000_000 as Int64
        let number = planDelivery(by: sender, at: time, to: .short)
        var reading = time + min(Self.settlingTime, duration * 6 / 10)
        for reader in Reader.allCases {
            planRead(of: number, by: sender, as: reader, suffix: "", at: reading)
            reading += 5_000_000
        }
    }

    /// A delivery as it comes: mostly in order.
    mutating func planDelivery(by sender: Sender, at time: Int64) -> Int {
        let draw = generator.unit()
        // Each row is the share of one oddity.
        let shares: [(Double, Oddity)] = [
            (0.03, .wrongSignature), (0.01, .noSignature), (0.01, .unknownHook), (0.02, .compressed),
            (0.04, .chunked), (0.01, .secretInQuery), (0.02, .repeated),
        ]
        var sum = 0.0
        for (share, oddity) in shares {
            sum += share
            if draw < sum { return planDelivery(by: sender, at: time, oddity: oddity) }
        }
        return planDelivery(by: sender, at: time, oddity: nil)
    }

    /// Adds a delivery; returns its number.
    mutating func planDelivery(
        by sender: Sender,
        at time: Int64,
        oddity: Oddity? = nil,
        to wanted: Workflow? = nil
    ) -> Int {
        let customer = generator.pick(customers)
        let content = body(of: customer, style: sender.style)
        for item in content.plants { plant(item.kind, item.value) }
        plant("client address", customer.clientAddress)

        let hook = pickHook(of: sender.tenant, wanted)
        var path = "/api/hooks/" + (oddity == .unknownHook ? "harbor-returns" : hook.slug)
        if oddity == .secretInQuery {
            let token = Credential.text(32, using: &generator)
            let email = DeliveryBody.formEncoded(customer.email)
            path += "?access_token=\(token)&email=\(email)"
            plant("token in a query", token)
            plant("e-mail in a query", email)
        }
        let type = oddity == .noType ? nil : content.type
        let delivery = Credential.uuid(using: &generator)
        var fields = sender.fields(delivery: delivery, client: customer.clientAddress, type: type)
        var bytes = content.bytes
        if oddity == .compressed {
            bytes = StoredGzip.wrap(bytes)
            fields.append(("Content-Encoding", "gzip"))
        }
        if oddity == .repeated || oddity == .conflicting {
            fields.append(("Idempotency-Key", Credential.uuid(using: &generator)))
        }
        switch oddity {
        case .noSignature: break
        case .wrongSignature:
            let digits = Credential.hex(64, using: &generator)
            fields.append((sender.signatureField, SignatureCheck.prefix + digits))
        default:
            fields.append((sender.signatureField, sign(bytes, sender)))
        }
        let expectedStatus =
            switch oddity {
            case .wrongSignature, .noSignature: 401
            case .unknownHook: 404
            case .noType: 415
            default: 202
            }
        let number = add(
            at: time,
            on: sender.connection,
            "POST",
            .path(path),
            fields,
            body: oddity == .chunked ? pieces(of: bytes) : [bytes],
            expecting: expectedStatus
        )
        if oddity == .repeated { repeatDelivery(number, sender: sender, changed: false) }
        if oddity == .conflicting { repeatDelivery(number, sender: sender, changed: true) }
        return number
    }

    /// After this a sender that saw no answer delivers again, in nanoseconds; the first delivery is over by then
    /// even at ten times the speed.
    private static let repetitionTime: Int64 = 400_000_000

    private mutating func repeatDelivery(_ number: Int, sender: Sender, changed: Bool) {
        var again = requests[number]
        again.number = requests.count
        again.time += Self.repetitionTime
        guard again.time < duration else { return }
        if changed {
            let bytes = Array(#"{"event":"order.cancelled"}"#.utf8)
            again.body = [bytes]
            again.expectedStatus = 409
            again.fields.removeAll {
                $0.name == sender.signatureField || $0.name.lowercased() == "content-type"
            }
            again.fields.append(("Content-Type", "application/json"))
            again.fields.append((sender.signatureField, sign(bytes, sender)))
        }
        requests.append(again)
    }

    private func sign(_ bytes: [UInt8], _ sender: Sender) -> String {
        SignatureCheck.signature(of: bytes, secret: sender.tenant.signingSecret)
    }

    private mutating func body(of customer: Customer, style: Sender.Style) -> DeliveryBody {
        switch style {
        case .forge: return .push(by: customer, using: &generator)
        case .form: return .signup(of: customer)
        case .mesh: break
        }
        let draw = generator.unit()
        if draw < 0.01 { return .order(of: customer, items: 400, using: &generator) }
        if draw < 0.55 {
            let items = generator.within(1...12)
            return .order(of: customer, items: items, using: &generator)
        }
        if draw < 0.80 { return .payment(by: customer, using: &generator) }
        if draw < 0.95 { return .ticket(from: customer, using: &generator) }
        return .integration(of: customer, using: &generator)
    }

    /// Workflows that are soon over are asked for most.
    private mutating func pickHook(of tenant: MeshTenant, _ wanted: Workflow?) -> MeshHook {
        let choices = tenant.hooks.flatMap { hook in
            let weight =
                switch hook.workflow {
                case wanted: 1
                case _ where wanted != nil: 0
                case .short: 6
                case .long: 1
                default: 2
                }
            return Array(repeating: hook, count: weight)
        }
        return generator.pick(choices)
    }

    private mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        let cuts = [generator.below(bytes.count), generator.below(bytes.count)].sorted()
        return [bytes[..<cuts[0]], bytes[cuts[0]..<cuts[1]], bytes[cuts[1]...]].filter { !$0.isEmpty }.map(
            Array.init
        )
    }

    mutating func add(
        at time: Int64,
        on connection: Int,
        _ method: String,
        _ target: PlannedRequest.Target,
        _ fields: [(name: String, value: String)],
        body: [[UInt8]] = [],
        expecting status: Int
    ) -> Int {
        let number = requests.count
        requests.append(
            PlannedRequest(
                number: number,
                time: time,
                connection: connection,
                method: method,
                target: target,
                fields: fields,
                body: body,
                expectedStatus: status
            )
        )
        return number
    }
}
