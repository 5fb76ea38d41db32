import Correlation
import Messages
import SeededRandom
import Testing
import Traces

@Suite struct EdgeLearnerTests {
    private func edges(_ messages: [RecordedMessage]) -> [String] {
        var learner = EdgeLearner()
        for message in messages { learner.take(message) }
        return learner.edges().map { "\($0.from) \($0.take) -> \($0.to) \($0.put)" }.sorted()
    }

    private static let uuid = "3f0c2a9e-51d7-4b8a-9c6e-0d1f2a3b4c5d"

    struct Row: CustomTestStringConvertible {
        var name: String
        var answer: (head: String, body: String)
        var request: (line: String, body: String)
        var edge: String

        var testDescription: String { name }
    }

    /// One session is enough for a value that nobody makes twice.
    @Test(arguments: [
        Row(
            name: "an object in the path",
            answer: ("HTTP/1.1 201 Created", #"{"data":{"id":"\#(uuid)"}}"#),
            request: ("GET /things/\(uuid)/parts", ""),
            edge: "POST /things json:$.data.id -> GET /things/{id}/parts path[1]"
        ),
        Row(
            name: "one of a list in the query",
            answer: ("HTTP/1.1 200 OK", #"[{"key":"k_01HV5Z7Q8R9S"},{"key":"k_01HV5Z7Q8R9T"}]"#),
            request: ("GET /find?key=k_01HV5Z7Q8R9T&x=1", ""),
            edge: "POST /things json:$[*].key -> GET /find query:key"
        ),
        Row(
            name: "a redirect",
            answer: ("HTTP/1.1 303 See Other|Location: https://a.example/orders/8f14e45fceea167a?step=2", ""),
            request: ("GET /orders/8f14e45fceea167a", ""),
            edge: "POST /things header:location path[1] -> GET /orders/{id} path[1]"
        ),
        Row(
            name: "a parameter of a redirect",
            answer: ("HTTP/1.1 302 Found|Location: /cb?code=Zx81kQ22pL%2F0&state=ok", ""),
            request: ("POST /token", "grant_type=authorization_code&code=Zx81kQ22pL%2F0"),
            edge: "POST /things header:location query:code -> POST /token form:code"
        ),
        Row(
            name: "a cookie",
            answer: ("HTTP/1.1 200 OK|Set-Cookie: sid=9d4f7c1b2a8e; Path=/", ""),
            request: ("GET /me|Cookie: a=b; sid=9d4f7c1b2a8e", ""),
            edge: "* cookie:sid -> * cookie:sid"
        ),
        Row(
            name: "a bearer token",
            answer: ("HTTP/1.1 200 OK", #"{"access_token":"tok_9f8e7d6c5b4a39281706"}"#),
            request: ("GET /me|Authorization: Bearer tok_9f8e7d6c5b4a39281706", ""),
            edge: "POST /things json:$.access_token -> * header:authorization credentials"
        ),
        Row(
            name: "a number of eighteen digits",
            answer: ("HTTP/1.1 200 OK", #"{"id":192837465564738291}"#),
            request: ("POST /like", #"{"post":192837465564738291}"#),
            edge: "POST /things json:$.id -> POST /like json:$.post"
        ),
        Row(
            name: "a small number, by its names",
            answer: ("HTTP/1.1 201 Created", #"{"id":1042,"attempt":3}"#),
            request: ("GET /things/1042", ""),
            edge: "POST /things json:$.id -> GET /things/{id} path[1]"
        ),
        Row(
            name: "escaped in JSON",
            answer: ("HTTP/1.1 200 OK", #"{"next":"a1B2\/c3D4\/e5F6g7H8i9J0"}"#),
            request: ("GET /page?cursor=a1B2%2Fc3D4%2Fe5F6g7H8i9J0", ""),
            edge: "POST /things json:$.next -> GET /page query:cursor"
        ),
        Row(
            name: "in base64",
            answer: ("HTTP/1.1 200 OK", #"{"key":"8f14e45fceea167a"}"#),
            request: ("GET /me|Authorization: Basic OGYxNGU0NWZjZWVhMTY3YTpzZWNyZXQ=", ""),
            edge: "POST /things json:$.key -> * header:authorization base64[0]"
        ),
        Row(
            name: "an entity tag",
            answer: (#"HTTP/1.1 200 OK|ETag: W/"5d8c72a5edda8d6a""#, ""),
            request: (#"GET /page|If-None-Match: W/"5d8c72a5edda8d6a""#, ""),
            edge: "POST /things header:etag -> * header:if-none-match"
        ),
        Row(
            name: "a hidden field",
            answer: (
                "HTTP/1.1 200 OK|Content-Type: text/html",
                "<form><input type=hidden name='csrf' value='q7&#43;Zk93bd81Lm02xx'></form>"
            ),
            request: ("POST /save", "csrf=q7%2BZk93bd81Lm02xx&a=1"),
            edge: "POST /things html:csrf -> POST /save form:csrf"
        ),
        Row(
            name: "an event",
            answer: (
                "HTTP/1.1 200 OK|Content-Type: text/event-stream",
                "event: made\ndata: {\"run\":\"8f14e45fceea167a\"}\n\n"
            ),
            request: ("GET /runs/8f14e45fceea167a", ""),
            edge: "POST /things event:$.run -> GET /runs/{id} path[1]"
        ),
    ]) func oneSessionIsEnough(row: Row) throws {
        var conversation = Conversation()
        conversation.add("POST /things", body: #"{"name":"x"}"#, answer: row.answer.head, row.answer.body)
        let parts = row.request.line.split(separator: "|", maxSplits: 1)
        let line = parts.count > 1 ? "\(parts[0]) HTTP/1.1|\(parts[1])|X-Rest:" : String(parts[0])
        conversation.add(line, body: row.request.body)
        #expect(edges(conversation.messages) == [row.edge])
    }

    /// What a client says first is its own, whoever repeats it.
    @Test func whatARequestHadBeforeIsNoValueOfAnAnswer() {
        var conversation = Conversation()
        conversation.add("POST /things", body: #"{"key":"\#(Self.uuid)"}"#, #"{"id":"\#(Self.uuid)"}"#)
        conversation.add("GET /things/\(Self.uuid)", #"{"id":"\#(Self.uuid)"}"#)
        #expect(edges(conversation.messages).isEmpty)
    }

    /// Users are numbered like orders, and known before: neither the first nor a seldom used one is an order.
    @Test func numbersOfAnotherThingAreNoEdge() {
        var conversation = Conversation()
        for number in 1...200 {
            conversation.add("POST /orders", #"{"id":\#(number)}"#)
            if number % 40 == 0 { conversation.add("GET /users/\(number / 10)", #"{"name":"x"}"#) }
            conversation.add(
                "GET /orders/\(number)",
                #"{"id":\#(number),"progress":\#(number % 100),"step":\#(number % 7)}"#
            )
        }
        #expect(edges(conversation.messages) == ["POST /orders json:$.id -> GET /orders/{id} path[1]"])
    }

    /// What names an order in one place names it there under other methods, too, however seldom; in another place a number of
    /// that size may be anything.
    @Test func aProvenNumberIsKnownWhereItIsRare() {
        var conversation = Conversation()
        for number in 1...200 {
            conversation.add("POST /start", #"{"odd":\#(number + 2_000)}"#)
            conversation.add("GET /orders/\(number + 2_000)?mark=\(number % 3)")
            if number % 20 == 0 {
                conversation.add("DELETE /orders/\(number + 2_000)")
                conversation.add("GET /shelves/\(number + 1_990)?room=\(number + 1_980)")
            }
        }
        #expect(
            edges(conversation.messages) == [
                "POST /start json:$.odd -> DELETE /orders/{id} path[1]",
                "POST /start json:$.odd -> GET /orders/{id} path[1]",
            ]
        )
    }

    @Test func aWordInALinkIsNoPartOfARoute() {
        var conversation = Conversation()
        for number in 0..<20 {
            let id = "8f14e45fceea1\(100 + number)"
            conversation.add(
                "POST /runs",
                #"{"id":"\#(id)","links":{"logs":"/runs/\#(id)/logs"},"kind":"runs"}"#
            )
            conversation.add("GET /runs/\(id)/logs")
        }
        #expect(edges(conversation.messages) == ["POST /runs json:$.id -> GET /runs/{id}/logs path[1]"])
    }

    /// Counters, moments, words, flags, prices and what all answers share, in answers and in requests; whatever the
    /// seed, only the number that lives on is found.
    @Test(arguments: 0..<40 as Range<UInt64>) func decoysAreNoEdges(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var conversation = Conversation()
        let words = ["queued", "running", "done", "failed", "eu-west-1", "gold", "v2", "utf-8"]
        let base = Int.random(in: 1...90_000, using: &generator)
        let kind = seed % 4
        var ids: [String] = []
        for number in 0..<150 {
            let id =
                switch kind {
                case 0: "\(base + number)"
                case 1: generator.text(12)
                case 2: "ord_" + generator.text(16)
                default: generator.text(32, of: "0123456789abcdef")
                }
            ids.append(id)
            let spelled = kind == 0 ? id : "\"\(id)\""
            let word = words.randomElement(using: &generator) ?? ""
            let moment = 1_700_000_000 + number / 3
            conversation.add(
                "POST /orders",
                body:
                    #"{"amount":\#(Int.random(in: 1...500, using: &generator)),"sent":\#(moment),"state":"\#(words.randomElement(using: &generator) ?? "")","n":\#(number)}"#,
                #"{"id":\#(spelled),"count":\#(number),"total":\#(Int.random(in: 1...500, using: &generator)),"state":"\#(word)","at":\#(moment),"when":"2023-11-14T22:13:\#(10 + number % 50)Z","build":"2024.11","price":\#(number).50,"ok":true}"#
            )
            let earlier = ids.randomElement(using: &generator) ?? id
            conversation.add(
                "GET /orders/\(earlier)?page=\(Int.random(in: 1...9, using: &generator))&limit=\(Int.random(in: 1...150, using: &generator))&state=\(words.randomElement(using: &generator) ?? "")&since=\(moment)",
                #"{"state":"\#(word)","attempt":\#(number % 4),"left":\#(150 - number)}"#
            )
        }
        #expect(edges(conversation.messages) == ["POST /orders json:$.id -> GET /orders/{id} path[1]"])
    }

    /// The tables stay within their limits, and say what went over them.
    @Test func aLongTraceIsForgottenFromItsBeginning() {
        var limits = EdgeLearner.Limits()
        limits.values = 64
        var learner = EdgeLearner(limits: limits)
        var generator = SeededGenerator(seed: 1)
        var conversation = Conversation()
        for _ in 0..<500 {
            let id = generator.text(32, of: "0123456789abcdef")
            conversation.add("POST /runs", #"{"id":"\#(id)"}"#)
            conversation.add("GET /runs/\(id)")
        }
        for message in conversation.messages { learner.take(message) }
        // The words of the paths are values, too, and come back each time.
        #expect(learner.counts.forgotten >= 500 - 64)
        #expect(learner.edges().map { $0.evidence?.held } == [500])
    }
}
