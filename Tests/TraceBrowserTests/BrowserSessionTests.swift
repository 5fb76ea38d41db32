import Compression
import Foundation
import Messages
import Testing
import TraceBrowser
import Traces

@Suite struct BrowserSessionTests {
    let scratch: Scratch
    let session: BrowserSession

    /// Exchanges that look for trouble, among a few that do not.
    static let script: TraceScript = {
        var script = TraceScript()
        script.open(0)
        script.exchange(
            0,
            "POST",
            "/hooks/1",
            status: 202,
            body: "{\"card\":\"Declined\"}",
            answer: "{\"run\":\"a\"}",
            at: 0
        )
        script.exchange(
            1,
            "GET",
            "/search?q=<script>alert(1)</script>",
            answer: "</script><script>alert(1)</script>",
            at: 10
        )
        script.add(
            .request,
            2,
            head: Array("GET /\u{202E}x HTTP/1.1\r\nHost: a\r\nX-\u{7}: ".utf8) + [0xFF, 0xFE]
                + Array("\r\n\r\n".utf8),
            times: 20...20
        )
        script.add(
            .response,
            2,
            "HTTP/1.1 200 OK\nContent-Type: text/plain",
            body: [0x61, 0xFF, 0x62],
            times: 21...21
        )
        let packed = ContentCoding.encode(Array("packed needle".utf8).span, coding: .gzip)
        script.add(.request, 3, "GET /packed HTTP/1.1\nHost: a", times: 30...30)
        script.add(
            .response,
            3,
            "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Type: text/plain",
            body: packed,
            times: 31...31
        )
        script.add(
            .request,
            4,
            "PUT /large HTTP/1.1\nHost: a\nX-Long: " + String(repeating: "l", count: 1 << 19),
            body: Array(repeating: 0x7A, count: 200_000),
            times: 40...44
        )
        script.add(
            .response,
            4,
            "HTTP/1.1 500 Broken",
            body: Array(repeating: 0, count: 10_000),
            times: 45...46
        )
        script.exchange(5, "GET", "/plain", at: 50)
        return script
    }()

    init() throws {
        scratch = try Scratch()
        let path = scratch.path("x.trace.gz")
        try Self.script.write(to: path)
        session = try BrowserSession(paths: [path])
        session.readAll()
    }

    private func get(_ path: String, _ parameters: [String: String] = [:]) throws -> [String: Any] {
        let answer = session.answer(BrowserRequest(path: path, parameters: parameters))
        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }

    /// Asks until the search is over: it goes on on a thread of its own.
    private func search(_ query: String) throws -> [String] {
        let deadline = Date(timeIntervalSinceNow: 60)
        while true {
            let view = try get("api/view", ["q": query])
            let isOver = (view["search"] as? [String: Any])?["finished"] as? Bool ?? true
            guard !isOver, Date() < deadline else { break }
            poll(nil, 0, 5)
        }
        let rows = try #require(try get("api/exchanges", ["q": query])["rows"] as? [[String: Any]])
        return rows.compactMap { $0["exchange"] as? String }
    }

    @Test(arguments: [
        ("declined", ["0"]), ("NEEDLE", ["3"]), ("<script>", ["1"]), ("\"run\"", ["0"]), ("zzzz", ["4"]),
        ("nowhere at all", []),
        ("path=/packed", ["3"]), ("header:x-long=l*", ["4"]), ("path=/packed needle", ["3"]),
        ("path=/plain needle", []),
        ("status=500 zzzz", ["4"]), ("status=200 zzzz", []), ("method=PUT", ["4"]),
    ]) func aTextIsFoundWhereverItStands(query: String, expected: [String]) throws {
        #expect(try search(query) == expected)
    }

    @Test func searchesAreKeptAndBounded() throws {
        for number in 0..<10 {
            _ = try session.searches.search(for: SearchTerms(text: FoldedText("text \(number)")))
        }
        let terms = SearchTerms(text: FoldedText("text 9"))
        #expect(try session.searches.search(for: terms) === session.searches.search(for: terms))
    }

    @Test func aListIsPaged() throws {
        let page = try get("api/exchanges", ["offset": "4", "count": "1"])
        #expect(page["total"] as? Int == 6)
        let rows = try #require(page["rows"] as? [[String: Any]])
        #expect(rows.map { $0["target"] as? String } == ["/large"])
        #expect(
            try (get("api/exchanges", ["offset": "-5", "count": "100000000"])["rows"] as? [Any])?.count == 6
        )
        #expect(
            try (get("api/exchanges", ["offset": "99999999999999999999", "count": "x"])["rows"] as? [Any])?
                .count == 6
        )
    }

    @Test func anExchangeIsWholeWhereverItsRecordsStand() throws {
        let exchange = try get("api/exchange", ["n": "4"])
        let request = try #require(exchange["request"] as? [String: Any])
        let headers = try #require(request["headers"] as? [[String]])
        #expect(headers.first { $0[0] == "X-Long" }?[1].utf8.count == 1 << 19)
        let body = try #require(request["body"] as? [String: Any])
        #expect(body["decoded_length"] as? Int == 200_000)
        #expect((body["text"] as? String)?.utf8.count == 200_000)
        let response = try #require(exchange["response"] as? [String: Any])
        #expect(response["status"] as? Int == 500)
        #expect((response["body"] as? [String: Any])?["form"] as? String == "binary")
        #expect((response["body"] as? [String: Any])?["cut"] as? Bool == true)
        #expect((exchange["curl"] as? String)?.hasPrefix("curl ") == true)
    }

    @Test func bytesThatAreNoTextAreShownAllTheSame() throws {
        let exchange = try get("api/exchange", ["n": "2"])
        let body = try #require((exchange["response"] as? [String: Any])?["body"] as? [String: Any])
        #expect(body["text"] as? String == "a\u{FFFD}b")
        #expect(body["lossy"] as? Bool == true)
        let packed = try get("api/exchange", ["n": "3"])
        let decoded = try #require((packed["response"] as? [String: Any])?["body"] as? [String: Any])
        #expect(decoded["text"] as? String == "packed needle")
        #expect(decoded["coding"] as? String == "gzip")
    }

    @Test func aBodyIsADownload() {
        let answer = session.answer(
            BrowserRequest(path: "api/body", parameters: ["n": "3", "side": "response"])
        )
        #expect(answer.type == "application/octet-stream")
        #expect(answer.attachment == "exchange-3-response.bin")
        #expect(answer.body == Array("packed needle".utf8))
        let stored = session.answer(BrowserRequest(path: "api/body", parameters: ["n": "3", "stored": "1"]))
        #expect(stored.body.starts(with: [0x1F, 0x8B]))
    }

    @Test(arguments: [
        (BrowserRequest(path: "api/exchange", parameters: ["n": "99"]), 404),
        (BrowserRequest(path: "api/exchange", parameters: ["n": "-1"]), 404),
        (BrowserRequest(path: "api/exchange"), 404),
        (BrowserRequest(path: "api/body", parameters: ["n": "x"]), 404),
        (BrowserRequest(path: "api/view", parameters: ["q": "flag=none-such"]), 400),
        (BrowserRequest(path: "api/nothing"), 404), (BrowserRequest(path: "../../etc/passwd"), 404),
        (BrowserRequest(method: .post, path: "api/send", parameters: ["n": "0"]), 403),
        (BrowserRequest(method: .post, path: "api/exchange"), 404),
    ]) func whatCannotBeAnsweredIsSaid(request: BrowserRequest, status: Int) throws {
        let answer = session.answer(request)
        #expect(answer.status == status)
        let said = try #require(
            try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: String]
        )
        #expect(said["error"]?.isEmpty == false)
    }

    @Test(arguments: [("nan", "nan"), ("inf", "1"), ("5", "1"), ("-1e300", "1e300"), ("x", "y")])
    func strangeTimesDoNoHarm(from: String, to: String) throws {
        let view = try get("api/view", ["from": from, "to": to, "columns": "999999999"])
        #expect((view["columns"] as? [Any])?.count == session.options.limits.columns)
    }

    @Test func theStateSaysHowFarReadingIs() throws {
        let state = try get("api/state")
        #expect(state["finished"] as? Bool == true)
        #expect(state["exchanges"] as? Int == 6)
        #expect((state["damage"] as? [Any])?.isEmpty == true)
    }
}

/// A second answer, from a replay or from a server just now.
@Suite struct ComparedAnswerTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static func reference(_ exchange: UInt64, trace: TraceID = TraceScript.id) -> ObservedReference {
        ObservedReference(trace: trace, exchange: exchange, loop: 0, copy: 0)
    }

    private func recorded() throws -> String {
        var script = TraceScript()
        for number in 0..<UInt64(3) {
            script.exchange(number, answer: "{\"n\":\(number),\"same\":true}", at: Int64(number) * 10)
        }
        let path = scratch.path("recorded-\(UUID().uuidString).trace.gz")
        try script.write(to: path)
        return path
    }

    private func compared(_ session: BrowserSession, _ number: Int) throws -> [String: Any]? {
        let answer = session.answer(BrowserRequest(path: "api/exchange", parameters: ["n": String(number)]))
        let exchange = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return exchange?["observed"] as? [String: Any]
    }

    @Test func whatAReplayObservedIsHeldAgainstTheRecording() throws {
        var script = TraceScript()
        script.header.traceID = TraceID(high: 1, low: 2)
        // Answers come in another order, under numbers of their own.
        for (number, recorded) in [(0, 2), (1, 0), (2, 1)] as [(UInt64, UInt64)] {
            let time = Int64(number) * 10
            let text = recorded == 1 ? "{\"n\":7,\"same\":true}" : "{\"n\":\(recorded),\"same\":true}"
            script.add(
                .request,
                number,
                "GET /health HTTP/1.1\nHost: b",
                times: time...time,
                of: Self.reference(recorded)
            )
            script.add(
                .response,
                number,
                "HTTP/1.1 \(recorded == 0 ? 500 : 200) Said\nContent-Type: application/json\nContent-Length: \(text.utf8.count)",
                body: Array(text.utf8),
                times: time + 1...time + 2,
                of: Self.reference(recorded)
            )
        }
        script.add(
            .request,
            3,
            "GET /health HTTP/1.1\nHost: b",
            times: 90...90,
            of: Self.reference(0, trace: TraceID(high: 9, low: 9))
        )
        let observed = scratch.path("observed.trace.gz")
        try script.write(to: observed)
        let session = try BrowserSession(paths: [try recorded()], observed: observed)
        session.readAll()

        let checks = try (0..<3).map { try #require(try compared(session, $0)?["check"] as? [String: Any]) }
        #expect(checks.map { $0["verdict"] as? String } == ["fail", "fail", "pass"])
        let fields = checks.map {
            ($0["differences"] as? [[String: Any]] ?? []).compactMap { $0["field"] as? String }
        }
        #expect(fields == [["status"], ["$.n"], []])
        let changed = session.answer(BrowserRequest(path: "api/exchanges", parameters: ["q": "changed=yes"]))
        #expect(
            String(decoding: changed.body, as: UTF8.self).contains("\"total\":1,"),
            "statuses and lengths tell of one"
        )
        let state = session.answer(BrowserRequest(path: "api/state"))
        #expect(String(decoding: state.body, as: UTF8.self).contains("\"observed_foreign\":1"))
    }

    private func session(_ send: @escaping @Sendable (RecordedMessage) throws -> SentExchange) throws
        -> BrowserSession
    {
        var options = BrowserSession.Options()
        options.sender = RequestSender(target: "http://127.0.0.1:1", send: send)
        let session = try BrowserSession(paths: [try recorded()], options: options)
        session.readAll()
        return session
    }

    private func send(_ session: BrowserSession, _ number: Int = 1) -> BrowserAnswer {
        session.answer(BrowserRequest(method: .post, path: "api/send", parameters: ["n": String(number)]))
    }

    @Test func aRequestIsSentAndItsAnswerCompared() throws {
        let session = try session { request in
            var answer = TraceScript()
            answer.add(
                .response,
                request.exchange,
                "HTTP/1.1 200 OK\nContent-Type: application/json",
                body: Array("{\"n\":1,\"same\":false}".utf8),
                times: 1...2
            )
            guard case .whole(let head, let body, let end)? = answer.records.first else {
                throw QueryError("no answer")
            }
            return SentExchange(
                request: request,
                response: RecordedMessage(head: head, body: body, end: end),
                failure: nil
            )
        }
        let answer = send(session)
        #expect(answer.status == 200)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains("\"verdict\":\"fail\""))
        #expect(text.contains("$.same"))
    }

    @Test func aFailureIsAResult() throws {
        let session = try session { SentExchange(request: $0, response: nil, failure: "failed: connect") }
        #expect(String(decoding: send(session).body, as: UTF8.self).contains("failed: connect"))
        let throwing = try self.session { _ in throw QueryError("refused") }
        #expect(send(throwing).status == 502)
    }

    @Test func twoAreNotSentAtOnce() throws {
        let session = try session { SentExchange(request: $0, response: nil, failure: "closed") }
        let status = session.sendAlone { send(session).status }
        #expect(status == 429)
        #expect(send(session).status == 200, "and the next may be")
    }
}
