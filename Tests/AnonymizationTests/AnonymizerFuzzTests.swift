import Anonymization
import Bytes
import Configuration
import JSON
import Messages
import SeededRandom
import Testing

/// Messages bent at random: nothing crashes, and what was JSON still is.
@Suite struct AnonymizerFuzzTests {
    private static let seeds: [(String, String)] = [
        (
            "application/json",
            #"{"email":"ada@navy.mil","card":"4929 1234 5678 9015","n":{"name":"Ada","tel":"+44 20 7946 0958"},"#
                + #""a":["2001:db8::77","eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln",4929123456789015,-1.5e3],"#
                + #""s":"{\"dob\":\"1815-12-10\"}","i":"GB82 WEST 1234 5698 7654 32","u":"http://x/?e=a%40b.cc"}"#
        ),
        ("application/x-www-form-urlencoded", "email=ada%40navy.mil&a[b]=%E0%A4&phone=%2B1+212-736-5000&x=%"),
        (
            "multipart/form-data; boundary=B",
            "--B\r\nContent-Disposition: form-data; name=\"ssn\"\r\n\r\n536-90-4399\r\n--B--"
        ),
        (
            "text/event-stream",
            "data: {\"email\":\ndata: \"ada@navy.mil\"}\r\n\r\nid: 1\n: sk_live_4eC39HqLyjWDarjtT1\n\n"
        ),
        ("text/csv", "name,email\n\"Ada, L\",ada@navy.mil\n\"\n"),
        (
            "application/xml",
            "<?xml version=\"1.0\"?><a e='ada@navy.mil'><!-- ada@navy.mil --><b>ada&#64;navy.mil</b><![CDATA[<c>]]></a>"
        ),
        (
            "text/html",
            "<p>ada&commat;navy.mil<input name=email value=\"ada@navy.mil\"><script>f({\"email\":\"ada@navy.mil\"})</script>"
        ),
        (
            "application/graphql",
            "query Q($e: String = \"ada@navy.mil\") { u(email: \"ada\\u0040navy.mil\", n: [1, {a: \"\"\"b\"\"\"}]) { id } } # c"
        ),
        (
            "application/x-protobuf",
            "\u{8}\u{1}\u{12}\u{C}ada@navy.mil\u{1A}\u{E}\u{A}\u{C}ada@navy.mil"
        ),
        ("application/grpc", "\u{0}\u{0}\u{0}\u{0}\u{E}\u{A}\u{C}ada@navy.mil"),
        (
            "application/http",
            "POST /?e=ada%40navy.mil HTTP/1.1\r\nContent-Type: text/plain\r\n\r\nto ada@navy.mil"
        ),
        (
            "text/plain",
            "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END call 001-212-736-5000x12 ::1 a@b.c@d.ee"
        ),
    ]

    private func bend(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        let special = Array("@:+-.%\"\\{}[],0x&=;\r\n \u{e9}".utf8)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let index = Int.random(in: 0...bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes.insert(special[Int.random(in: 0..<special.count, using: &generator)], at: index)
            case 1 where index < bytes.count: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 2 where index < bytes.count:
                bytes.removeSubrange(
                    index..<min(bytes.count, index + Int.random(in: 1...9, using: &generator))
                )
            default: bytes.insert(contentsOf: bytes[..<min(bytes.count, 40)], at: index)
            }
        }
        return bytes
    }

    @Test func bentBodies() throws {
        var generator = SeededGenerator(seed: 42)
        let sets = try AnonymizerChoice.usual()
        var anonymizer = Anonymizer(ruleSets: sets, key: .fixed)
        var stillJSON = 0
        for (type, body) in Self.seeds {
            let head = try Head(
                parsing: Array("POST / HTTP/1.1\r\nContent-Type: \(type)\r\n\r\n".utf8),
                kind: .request
            )
            for _ in 0..<1500 {
                let bent = bend(Array(body.utf8), &generator)
                var message = RawMessage(head: head, body: bent)
                anonymizer.anonymize(&message)
                let isJSON = (try? JSONValue(parsing: bent.span)) != nil
                if type == "application/json", isJSON {
                    stillJSON += 1
                    #expect(
                        (try? JSONValue(parsing: message.body.span)) != nil,
                        "\(String(decoding: bent, as: UTF8.self))"
                    )
                }
            }
        }
        #expect(stillJSON > 50)
    }

    /// Marks of every notation one behind the other, as nobody would write them.
    @Test func soup() throws {
        let marks = [
            "&", "&amp;", "amp;", ";", "=", "a=", "email=", "%40", "%", "{", "}", "[", "]", "\"", "\\",
            "\\u0040", ":", ",",
            "<", ">", "</", "/>", "<a>", "</a>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "&#64;", "&#",
            "'", "http://",
            "/", "?", "#", "\r\n", "data:", ";base64,", "eyJhIjoxfQ", "H4sIAAAA", "--B", "--B--",
            "Content-Type: ",
            "multipart/mixed; boundary=B", "Content-Transfer-Encoding: base64", "=\r\n", "query {", "(", ")",
            "$", "\"\"\"",
            "...", "ada@navy.mil", "+44 20 7946 0958", "name", "password", " ", "\u{e9}", "\u{0}",
            "\u{12}\u{3}abc",
            "-----BEGIN PRIVATE KEY-----", "-----END", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln",
            "filename=\"", "1", "-",
        ]
        var generator = SeededGenerator(seed: 44)
        var anonymizer = Anonymizer(ruleSets: try AnonymizerChoice.usual(), key: .fixed)
        let types = Set(
            Self.seeds.map(\.0) + [
                "multipart/mixed; boundary=B", "text/xml; charset=latin1", "text/plain; charset=utf-16",
            ]
        )
        for type in types.sorted() {
            let head = try Head(
                parsing: Array("POST / HTTP/1.1\r\nContent-Type: \(type)\r\n\r\n".utf8),
                kind: .request
            )
            for _ in 0..<400 {
                let count = Int.random(in: 1...40, using: &generator)
                let text = (0..<count).compactMap { _ in marks.randomElement(using: &generator) }.joined()
                let body =
                    type == "application/json" ? Array("[\(text.debugDescription)]".utf8) : Array(text.utf8)
                var message = RawMessage(head: head, body: body)
                anonymizer.anonymize(&message)
                // Of `'` in markup six bytes come at most, and of an address four more.
                #expect(message.body.count <= 6 * body.count + 64, "\(text)")
            }
        }
    }

    /// Rules that take out, move and bucket, and every text that they leave: what was JSON still is.
    @Test func bentBodiesUnderEveryAction() throws {
        let yaml = """
            name: all
            detect: [email, phone, card]
            strings: {action: pseudonymize, as: text}
            fields:
              - {names: [email, "*name"], action: drop}
              - {names: ["*date", dob, created], action: shift, subject: id}
              - {names: [n, age, "*amount"], action: bucket, size: 7}
              - {paths: ["$..*[1]", "$[0]"], action: drop}
              - {paths: ["$..a.*", "$..b[*]"], action: mask}
            """
        let set = try RuleSetFile.ruleSet(yaml: Array(yaml.utf8), file: "all.yaml")
        var anonymizer = Anonymizer(rules: set, key: .fixed)
        var generator = SeededGenerator(seed: 44)
        var stillJSON = 0
        for (type, body) in Self.seeds {
            let head = try Head(
                parsing: Array("POST /?id=7 HTTP/1.1\r\nContent-Type: \(type)\r\n\r\n".utf8),
                kind: .request
            )
            for _ in 0..<1500 {
                let bent = bend(Array(body.utf8), &generator)
                var message = RawMessage(head: head, body: bent)
                anonymizer.anonymize(&message)
                guard type == "application/json", (try? JSONValue(parsing: bent.span)) != nil else {
                    continue
                }
                stillJSON += 1
                // A text that was dropped as a whole leaves nothing.
                let isJSON = message.body.isEmpty || (try? JSONValue(parsing: message.body.span)) != nil
                #expect(isJSON, "\(String(decoding: bent, as: UTF8.self))")
            }
        }
        #expect(stillJSON > 50)
    }

    @Test func bentHeads() throws {
        var generator = SeededGenerator(seed: 43)
        var anonymizer = Anonymizer(ruleSets: try AnonymizerChoice.usual(), key: .fixed)
        let head =
            "GET http://u:p@h/a%40b.cc/phone/2127365000?e=ada%40navy.mil#t=1 HTTP/1.1\r\nAuthorization: Basic YTpi\r\n"
            + "Forwarded: for=\"[2001:db8::77]:1\"\r\nCookie: a=1; b\r\nX-A: ada@navy.mil\r\n\r\n"
        var read = 0
        for _ in 0..<3000 {
            guard let bent = try? Head(parsing: bend(Array(head.utf8), &generator), kind: .request) else {
                continue
            }
            read += 1
            var message = RawMessage(
                head: bent,
                body: [],
                trailers: bend(Array("X-A: a@b.cc\r\n".utf8), &generator)
            )
            anonymizer.anonymize(&message)
            let again = try Head(parsing: message.head.bytes, kind: .request)
            // Line ends inside a value become blanks, and outer blanks belong to no value when a head is read again.
            #expect(again.start == message.head.start)
            #expect(again.fields.map(\.name) == message.head.fields.map(\.name))
        }
        #expect(read > 500)
    }
}
