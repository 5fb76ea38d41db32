import MeshTarget
import Testing

/// What hooks take and what they refuse.
@Suite struct MeshStateIntakeTests {
    struct Case: CustomTestStringConvertible {
        var testDescription: String
        var status: Int
        var error: String?
        var spoil: @Sendable (inout MeshRequest, Desk) -> Void

        init(
            _ reason: String,
            _ status: Int,
            _ error: String?,
            _ spoil: @escaping @Sendable (inout MeshRequest, Desk) -> Void
        ) {
            testDescription = reason
            self.status = status
            self.error = error
            self.spoil = spoil
        }
    }

    static let cases: [Case] = [
        Case("in order", 202, nil) { _, _ in },
        Case("a form", 202, nil) { request, desk in
            request.contentType = "application/x-www-form-urlencoded"
            desk.sign(&request, "a=1", "harbor-orders")
        },
        Case("a type built on JSON, with a parameter", 202, nil) { request, _ in
            request.contentType = "Application/CloudEvents+JSON ; charset=utf-8"
        },
        Case("no body needs no type", 202, nil) { request, desk in
            request.contentType = nil
            desk.sign(&request, "", "harbor-orders")
        },
        Case("a body of the greatest length", 202, nil) { request, desk in
            desk.sign(&request, String(repeating: "x", count: MeshLimits.body), "harbor-orders")
        },
        Case("a byte more", 413, "body too long") { request, desk in
            desk.sign(&request, String(repeating: "x", count: MeshLimits.body + 1), "harbor-orders")
        },
        Case("a body without a type", 415, "unsupported media type") { request, _ in
            request.contentType = nil
        },
        Case("a type that is no delivery", 415, "unsupported media type") { request, _ in
            request.contentType = "text/plain"
        },
        Case("a hook that is not there", 404, "unknown hook") { request, _ in
            request.target = "/api/hooks/harbor-returns"
        },
        Case("no hook named", 404, "unknown hook") { request, _ in request.target = "/api/hooks/" },
        Case("no signature", 401, "invalid signature") { request, _ in request.signature = nil },
        Case("the signature of another body", 401, "invalid signature") { request, _ in
            request.body.append(0x20)
        },
        Case("another tenant's signature", 401, "invalid signature") { request, desk in
            desk.sign(&request, #"{"n":1}"#, "meadow-payments")
        },
        Case("another method", 405, "method not allowed") { request, _ in request.method = "PUT" },
    ]

    @Test(arguments: cases) func answers(_ row: Case) {
        var desk = Desk()
        var request = desk.delivery("harbor-orders")
        row.spoil(&request, desk)
        let reply = desk.ask(request)
        #expect(reply.status == row.status)
        #expect(reply.member("error") == row.error)
        #expect((reply.field("X-Run-Id") != nil) == (row.status == 202))
        #expect(desk.state.counts.accepted == (row.status == 202 ? 1 : 0))
        #expect(desk.state.counts.statuses == [row.status: 1])
    }

    @Test func namesTheRunInFieldAndBody() {
        var desk = Desk()
        let reply = desk.ask(desk.delivery("harbor-orders"))
        let id = reply.field("X-Run-Id") ?? ""
        #expect(reply.text == #"{"run_id":"\#(id)","status":"queued"}"#)
        #expect(reply.field("Content-Type") == "application/json")
    }

    @Test func takesOneSecretForAll() {
        var desk = Desk(signingSecret: Array("shared".utf8))
        for slug in ["harbor-orders", "meadow-payments", "summit-reports"] {
            var request = desk.delivery(slug)
            request.signature = SignatureCheck.signature(of: request.body, secret: Array("shared".utf8))
            #expect(desk.ask(request).status == 202)
        }
    }

    @Test func repeatsTheAnswerUnderAnIdempotencyKey() {
        var desk = Desk()
        var request = desk.delivery("harbor-orders")
        request.idempotencyKey = "key-1"
        let first = desk.ask(request)
        desk.wait(milliseconds: 500)
        let second = desk.ask(request)
        #expect(second.status == 202)
        #expect(second.field("X-Run-Id") == first.field("X-Run-Id"))
        #expect(first.field("Idempotent-Replay") == nil)
        #expect(second.field("Idempotent-Replay") == "true")
        #expect(desk.state.counts.accepted == 1)
        #expect(desk.state.counts.repeated == 1)

        desk.sign(&request, #"{"n":2}"#, "harbor-orders")
        #expect(desk.ask(request).status == 409)
        #expect(desk.state.counts.accepted == 1)
    }

    @Test func keepsTheKeysOfTenantsApart() {
        var desk = Desk()
        for slug in ["harbor-orders", "meadow-payments"] {
            var request = desk.delivery(slug, #"{"slug":"\#(slug)"}"#)
            request.idempotencyKey = "key-1"
            #expect(desk.ask(request).field("Idempotent-Replay") == nil)
        }
        #expect(desk.state.counts.accepted == 2)
    }

    @Test func refusesMoreRunsThanItsLimit() {
        var limits = MeshLimits()
        limits.unfinishedRuns = 2
        var desk = Desk(limits: limits)
        let statuses = (0..<3).map { desk.ask(desk.delivery("harbor-orders", id: "\($0)")).status }
        #expect(statuses == [202, 202, 503])
        #expect(desk.state.counts.refused == 1)
        // A short run is over by then, so there is room again.
        desk.wait(milliseconds: 100)
        #expect(desk.ask(desk.delivery("harbor-orders", id: "3")).status == 202)
    }
}
