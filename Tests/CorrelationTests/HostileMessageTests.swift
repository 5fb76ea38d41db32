import Bytes
import Compression
import Correlation
import Messages
import SeededRandom
import Testing
import Traces

/// Nothing that stands in a message stops a look at it, and the two ways to look agree.
@Suite struct HostileMessageTests {
    private static let requests = [
        "GET /a//%/%4/b%zz/{id}/*?&=&a=&=b&a=%&x=1#f HTTP/1.1|Host: a|Cookie: ;=;a;b=;=c; d=e|Authorization: |X: ",
        "POST /x?u=http://h/%2F?q=1 HTTP/1.1|Host: a|Content-Type: application/json|Authorization: Basic ====",
        "POST * HTTP/1.1|Host: a|Content-Type: application/x-www-form-urlencoded|Cookie: \"a\"=\"b\"",
        "GET http://u:p@h:1 HTTP/1.1|Host: a|Referer: ://|Content-Encoding: gzip, br, zstd, deflate, gzip",
        "POST /p HTTP/1.1|Host: a|Content-Type: text/event-stream",
    ]

    private static let bodies = [
        "", "{", #"{"":"","a":{"":[[],{},"x"]},"\u0000":"\ud800","n":-1e999}"#, "[[[[[[[[1]]]]]]]]",
        "\"abc\"",
        "data\ndata:\ndata: {\"a\"\n\ndata:{\"a\":1}\r\n\r\n", "a&=&b=%&%3D=%26&c",
        "<input><input name=><meta name=a content=",
        "<input name='a' value=\"&amp;&#39;&\" /><INPUT VALUE=x NAME=y>", "\u{0}\u{1}\u{2}",
        "token.. -- ~~ ...a.b...",
        "YWJjZGVmZ2g=", String(repeating: "[", count: 600), String(repeating: "a/", count: 3_000),
    ]

    @Test(arguments: 0..<60 as Range<UInt64>) func whateverStandsInThem(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var learner = EdgeLearner()
        var plan = CorrelationPlan()
        let spots = [
            "path[0]", "path[3]", "query:a", "header:cookie", "header:authorization credentials", "cookie:d",
            "json:$..*",
            "form:a", "body token[0]", "header:referer path[0]", "query:u host",
            "header:authorization base64[0]",
        ]
        for spot in spots {
            plan.edges.append(
                ValueEdge(
                    from: try RoutePattern("*"),
                    take: try ValueSpot(
                        spot.hasPrefix("path") || spot.hasPrefix("query") || spot.hasPrefix("form")
                            ? "body" : spot
                    ),
                    to: try RoutePattern("*"),
                    put: try ValueSpot(spot),
                    match: .latest
                )
            )
        }
        var values = RecordedValues(plan)
        for number in 0..<30 as Range<UInt64> {
            let request = RecordedMessage.recorded(
                .request,
                number,
                at: Int64(number),
                bent(Self.requests.randomElement(using: &generator) ?? "", &generator),
                body: bent(Self.bodies.randomElement(using: &generator) ?? "", &generator)
            )
            let answer = RecordedMessage.recorded(
                .response,
                number,
                at: Int64(number),
                "HTTP/1.1 200 OK|Location: /%|Set-Cookie: =;|Set-Cookie: a|"
                    + (["Content-Type: text/html", "Content-Type: application/json", "X: y"].randomElement(
                        using: &generator
                    ) ?? ""),
                body: bent(Self.bodies.randomElement(using: &generator) ?? "", &generator)
            )
            for message in [request, answer] {
                learner.take(message)
                guard message.kind == .request else {
                    values.take(answer: message)
                    continue
                }
                let ties = values.ties(of: message)
                values.expectAnswer(to: message.exchange, for: ties)
                guard let head = try? message.head.parsed() else { continue }
                let content = MessageContent(head: head, body: message.body)
                for spot in spots {
                    try put(try ValueSpot(spot), of: content)
                }
            }
        }
        _ = learner.edges()
    }

    /// What is put in a place stands there, and everything else is as it was.
    private func put(_ spot: ValueSpot, of content: MessageContent) throws {
        guard content.codings.isIdentity else { return }
        let found = content.values(at: spot)
        var draft = RequestDraft(
            target: Array(content.head.target),
            fields: content.head.fields.map {
                .init(
                    name: Array(content.head.name(of: $0)).map(\.asciiLowercased),
                    value: Array(content.head.value(of: $0))
                )
            },
            body: content.body
        )
        let count = draft.put([.init(number: 0, value: Array("a/b".utf8))], at: spot)
        #expect(count <= 1)
        if found.isEmpty { #expect(count == 0, "\(spot)") }
        #expect(!draft.target.contains(0x0A))
    }

    private func bent(_ text: String, _ generator: inout SeededGenerator) -> String {
        var characters = Array(text.unicodeScalars)
        for _ in 0..<Int.random(in: 0...3, using: &generator) where !characters.isEmpty {
            let index = Int.random(in: characters.indices, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: characters[index] = Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &generator))
            case 1: characters.remove(at: index)
            default: characters.insert(contentsOf: characters[index...].prefix(9), at: index)
            }
        }
        var made = String.UnicodeScalarView()
        made.append(contentsOf: characters)
        return String(made)
    }
}
