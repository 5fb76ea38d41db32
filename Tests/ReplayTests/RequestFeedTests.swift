import Messages
import Replay
import Signatures
import Testing
import Traces

@Suite struct RequestFeedTests {
    private static let secret = SigningSecret(Array("staging".utf8))

    private func request(_ exchange: UInt64, at milliseconds: Int64) -> RecordedMessage {
        .recorded(
            .request,
            exchange,
            at: milliseconds,
            "POST / HTTP/1.1|X-Signature: sha256=00|Content-Length: 2",
            body: "{}",
            signature: (.mesh, .unverified)
        )
    }

    private func counts(_ messages: [RecordedMessage], lookahead: Int = 100) throws -> SignatureCounts {
        let plan = try ReplayPlan.test {
            $0.credentials = [try SignatureCredential(.mesh, [Self.secret])]
            $0.limits.lookahead = lookahead
        }
        var source = MemorySource(messages)
        var feed = RequestFeed(plan: plan, schedule: Schedule(start: 0, factor: 1))
        var signer = RequestSigner(plan: plan)
        var exchanges: [UInt64] = []
        while case .request(var scheduled)? = try feed.next(from: &source) {
            signer.sign(&scheduled.request, pass: scheduled.loop, at: 0)
            exchanges.append(scheduled.request.exchange)
        }
        #expect(exchanges == messages.filter { $0.kind == .request }.map(\.exchange))
        return signer.counts
    }

    @Test func theRecordedAnswerDecidesHowAnUnverifiedRequestIsSigned() throws {
        let messages = [
            request(1, at: 0), request(2, at: 1), request(3, at: 2),
            .recorded(.response, 2, at: 3, "HTTP/1.1 401 No|Content-Length: 0"),
            .recorded(.response, 1, at: 4, "HTTP/1.1 100 Continue", flags: .interim),
            .recorded(.response, 1, at: 5, "HTTP/1.1 202 Yes|Content-Length: 0"),
            .recorded(.response, 3, at: 6, "HTTP/1.1 403 No|Content-Length: 0"),
        ]
        let counts = try counts(messages)
        #expect(counts.signed == 1)
        #expect(counts.invalidated == 2)
    }

    @Test func anAnswerBeyondTheLookaheadIsNotWaitedFor() throws {
        var messages = (0..<20).map { request(UInt64($0), at: Int64($0)) }
        messages.append(.recorded(.response, 0, at: 30, "HTTP/1.1 401 No|Content-Length: 0"))
        #expect(try counts(messages, lookahead: 5).signed == 20)
        #expect(try counts(messages, lookahead: 50).invalidated == 1)
    }

    @Test func whatComesLateIsCountedAndDueAtOnce() throws {
        var source = MemorySource([.get(0, at: 100), .get(1, at: 50), .get(2, at: 110)])
        let run = try Simulation.run(try .test(), &source)
        #expect(run.starts.map(\.at) == [0, 0, 10])
        #expect(run.summary.outOfOrder == 1)
    }

    @Test func skippedRequestsAreScheduledOnes() throws {
        var source = MemorySource([
            .get(0), .recorded(.request, 1, "GET / HTTP/1.1", flags: .gap), .recorded(.request, 2, "junk"),
        ])
        let run = try Simulation.run(try .test(), &source)
        #expect(run.summary.requests.scheduled == 3)
        #expect(run.summary.skips == [.incompleteBody: 1, .unreadableHead: 1])
    }
}
