import Anonymization
import Bytes
import Compression
import Configuration
import Foundation
import JSON
import Messages
import Testing

@Suite struct AnonymizerTests {
    static let canaries = [
        "ada.lovelace@navy.mil", "ada.lovelace%40navy.mil", "4929 1234 5678 9015", "4929123456789015",
        "Lovelace",
        "7946 0958", "s3ss10n-c00kie", "t0ken-9f8e7d6c5b4a", "key-a1b2c3d4", "203.0.113.77", "2001:db8::77",
        "987-65-4320", "hunter2",
    ]
    private static let json =
        #"{ "email" : "ada.lovelace@navy.mil", "card":"4929 1234 5678 9015","pan": 4929123456789015,"#
        + #" "last_name":"Lovelace","contact":{"name":"Lovelace","tel":"+44 20 7946 0958"},"#
        + #" "note":"see 203.0.113.77 or [2001:db8::77], call +44 20 7946 0958","ssn":"987-65-4320","#
        + #" "password":"hunter2","u":"ada.lovelace\u0040navy.mil","inner":"{\"last_name\":\"Lovelace\"}","#
        + #" "list":["ada.lovelace@navy.mil"],"ada.lovelace@navy.mil":1.50,"#
        + #" "url":"https://x.example/?e=ada.lovelace%40navy.mil&api_key=key-a1b2c3d4"}"#
    private static let form =
        "email=ada.lovelace%40navy.mil&last_name=Lovelace&tel=%2B44+20+7946+0958&card=4929+1234+5678+9015"
        + "&user%5Blast_name%5D=Lovelace&password=hunter2&note=ssn+987-65-4320"
    private static let parts =
        "--B\r\nContent-Disposition: form-data; name=\"last_name\"\r\n\r\nLovelace\r\n"
        + "--B\r\nContent-Disposition: form-data; name=\"d\"\r\nContent-Type: application/json\r\n\r\n\(json)\r\n"
        + "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"987-65-4320.csv\"\r\n"
        + "Content-Type: text/csv\r\n\r\nemail,last_name\r\nada.lovelace@navy.mil,Lovelace\r\n--B--\r\n"
    private static let events =
        "id: 7\nevent: run\ndata: {\"last_name\":\ndata: \"Lovelace\"}\n\n: for ada.lovelace@navy.mil\n"
        + "data: mail to ada.lovelace@navy.mil\n\n"

    @Test(arguments: [
        ("application/json", json), ("application/x-www-form-urlencoded", form),
        ("text/event-stream", events),
        ("multipart/form-data; boundary=B", parts), ("application/x-ndjson", json + "\n" + json + "\n"),
        (
            "text/plain",
            "see https://x/?e=ada.lovelace%40navy.mil&last_name=Lovelace of ada.lovelace@navy.mil, 987-65-4320"
        ),
        ("application/xml", "<to>ada.lovelace@navy.mil</to>"), ("", json),
    ])
    func noCanarySurvives(type: String, body: String) throws {
        let plain = Array(body.utf8)
        for coding in ["", "gzip", "deflate"] {
            var fields = [
                "Authorization: Bearer t0ken-9f8e7d6c5b4a",
                "Cookie: session=s3ss10n-c00kie; e=ada.lovelace%40navy.mil",
                "X-Api-Key: key-a1b2c3d4", "X-Forwarded-For: 203.0.113.77, 2001:db8::77",
                "X-User: Ada Lovelace",
                "Referer: https://x.example/u/ada.lovelace%40navy.mil?last_name=Lovelace",
                "X-Info: ada.lovelace@navy.mil",
            ]
            if !type.isEmpty { fields.append("Content-Type: \(type)") }
            if !coding.isEmpty { fields.append("Content-Encoding: \(coding)") }
            let format = ContentCoding(Array(coding.utf8).span)
            let coded = ContentCoding.encode(plain.span, coding: format)
            let made = try AnonymizedMessage(
                "/u/ada.lovelace%40navy.mil/phone/020-7946%200958?last_name=Lovelace&api_key=key-a1b2c3d4&x=1",
                fields: fields + ["Content-Length: \(coded.count)"],
                body: coded,
                trailers: "X-User: Lovelace\r\nX-Sum: 1\r\n"
            )
            let decoded = try ContentCoding.decode(made.body.span, coding: format, limit: 1 << 20)
            let text =
                made.headText + String(decoding: decoded, as: UTF8.self)
                + String(decoding: made.trailers, as: UTF8.self)
            for canary in Self.canaries { #expect(!text.contains(canary), "\(canary) in \(text)") }
            #expect(text.contains("&x=1 HTTP/1.1") && text.contains("X-Sum: 1"))
            #expect(text.contains("Content-Length: \(made.body.count)\r\n"))
            #expect(made.audit.counts.allSatisfy { !$0.name.hasPrefix("body-") }, "nothing replaced whole")
            #expect(try Head(parsing: made.head.bytes, kind: .request).fields == made.head.fields)
            if type.contains("json"), !type.contains("nd") { _ = try JSONValue(parsing: decoded.span) }
        }
    }

    /// The pseudonym of one address is one, wherever it stands and however it is written.
    @Test func oneAddressHasOnePseudonym() throws {
        let type = "Content-Type: application/json"
        let json = try AnonymizedMessage(fields: [type], body: Array(#"{"a":"ada@navy.mil"}"#.utf8)).bodyText
        let pseudonym = String(json.dropFirst(6).dropLast(2))
        #expect(pseudonym.hasSuffix(".test"))
        let escaped = try AnonymizedMessage(fields: [type], body: Array(#"{"a":"ada\u0040navy.mil"}"#.utf8))
        #expect(escaped.bodyText == json.replacingOccurrences(of: "@", with: "\\u0040"))
        let coded = pseudonym.split(separator: "@").joined(separator: "%40")
        let head = try AnonymizedMessage(
            "/u/ada%40navy.mil?e=ada%40navy.mil&f=ada@navy.mil",
            fields: ["X-A: ada@navy.mil"]
        )
        #expect(head.headText.contains("/u/\(coded)?e=\(coded)&f=\(pseudonym) "))
        #expect(head.headText.contains("X-A: \(pseudonym)\r\n"))
        let form = try AnonymizedMessage(
            fields: ["Content-Type: application/x-www-form-urlencoded"],
            body: Array("e=ada%40navy.mil".utf8)
        )
        #expect(form.bodyText == "e=\(coded)")
        #expect(head.audit[.email] == 4)
    }

    @Test(arguments: [
        ("application/json", "{ \"a\" : [ 1.0e+2,-0, 1E5 ,\t\"\\u00e9\\/x\" ],\r\n\"a\":null }  "),
        (
            "application/json",
            "\u{FEFF}{\"order\":\"4929123456789016\",\"id\":\"59ed1dcb-046f-47d9-ae00-5f3b2d57e4ed\"}"
        ),
        ("application/x-www-form-urlencoded", "a=%2f&&b&=c&d=1+2%"),
        ("text/plain", "see v1.2.3.4.5 at 12:34:56, react@16.2.0"),
        ("text/event-stream", "id: 1\rdata: {}\r\rdata\n\n"),
        ("multipart/form-data; boundary=B", "--B\r\n\r\nx\r\n--B--"),
        (
            "application/xml",
            "<?xml version='1.0'?>\n<a b = 'c&amp;d'><!-- e --><![CDATA[<f>]]>&#233;<g/></a>\n"
        ),
        (
            "text/html",
            "<!DOCTYPE html><p>a < b & c<br>&nbsp;<script>if (a<b) { c() }</script><input value=x>"
        ),
        (
            "application/graphql",
            "query Q($a: Int = 1) { b(c: {d: [$a, 2.5, ENUM]}) { ...e @f(g: \"h\") } } # i"
        ),
        ("text/plain; charset=iso-8859-1", "a: 1\nb=2\n"),
        ("application/json", #"{"a":"eyJiIjoxfQ==","c":"e30","d":"SGVsbG8sIHdvcmxkIQ"}"#),
        ("application/json", #"{"t":"eyJhbGciOiJub25lIn0.eyJpYXQiOjF9."}"#),
    ])
    func whatHoldsNothingStaysByteByByte(type: String, body: String) throws {
        let fields = ["Content-Type: \(type)", "X-Request-Id: 59ed1dcb-046f-47d9-ae00-5f3b2d57e4ed"]
        let made = try AnonymizedMessage("/a//b/%zz?q=%&&x", fields: fields, body: Array(body.utf8))
        #expect(made.body == Array(body.utf8))
        #expect(
            made.headText.hasPrefix(
                "POST /a//b/%zz?q=%&&x HTTP/1.1\r\nHost: a\r\n\(fields[0])\r\n\(fields[1])\r\n"
            )
        )
        #expect(made.audit.counts.isEmpty, "\(made.audit.counts)")
    }

    @Test(arguments: [
        (["Content-Type: application/octet-stream"], "ada", true, WholeReplacement.unknownType),
        // Nobody says what it is, and it does not look like JSON.
        ([], "ada@navy.mil", true, .unknownType),
        (["Content-Type: application/json"], "{\"a\":ada}", true, .malformed),
        (["Content-Type: application/json"], "{\"a\":\"ada\"", true, .malformed),
        (["Content-Type: application/json"], "{\"a\":\"ada\"}", false, .incomplete),
        (["Content-Type: text/plain"], "ada\u{0}", false, .incomplete),
        (["Content-Type: application/json", "Content-Encoding: compress"], "{}", true, .unknownCoding),
        (["Content-Type: application/json", "Content-Encoding: gzip, exi"], "{}", true, .unknownCoding),
        (["Content-Type: application/json", "Content-Encoding: br"], "{}", true, .undecodable),
        (["Content-Type: application/json", "Content-Encoding: zstd"], "{}", true, .undecodable),
        (["Content-Type: text/plain; charset=utf-7"], "ada+AEA-navy.mil", true, .unknownCharset),
        (["Content-Type: text/plain; charset=utf-16le"], "ad\u{0}", true, .malformed),
        (["Content-Type: text/xml"], "<a>ada</b>", true, .malformed),
        (["Content-Type: application/xml"], "<!DOCTYPE a [<!ENTITY e \"ada\">]><a>&e;</a>", true, .malformed),
        (["Content-Type: application/graphql"], "{ a(b: \"ada\") ", true, .malformed),
        (["Content-Type: application/x-protobuf"], "\u{0A}\u{7F}ada", true, .malformed),
        (["Content-Type: application/http"], "ada", true, .malformed),
        (["Content-Type: application/msgpack"], "ada", true, .unknownType),
        (["Content-Type: application/json", "Content-Encoding: gzip"], "ada", true, .undecodable),
        (
            ["Content-Type: application/json", "Content-Encoding: gzip", "Content-Encoding: gzip"], "a", true,
            .undecodable
        ),
        (["Content-Type: multipart/form-data"], "--B", true, .malformed),
        (["Content-Type: multipart/form-data; boundary=B"], "--B\r\n\r\nada\r\n", true, .malformed),
        (["Content-Type: application/x-ndjson"], "{}\nada\n", true, .malformed),
    ])
    func whatCannotBeLookedIntoIsReplacedWhole(
        fields: [String],
        body: String,
        isComplete: Bool,
        reason: WholeReplacement
    ) throws {
        let made = try AnonymizedMessage(fields: fields, body: Array(body.utf8), isBodyComplete: isComplete)
        #expect(made.body == [UInt8](repeating: 0x78, count: body.utf8.count))
        #expect(made.audit[reason] == 1)
    }

    @Test func textThatIsNoTextIsReplacedWhole() throws {
        let made = try AnonymizedMessage(fields: ["Content-Type: text/plain"], body: [0x61, 0xFF, 0xFE])
        #expect(made.bodyText == "xxx")
        #expect(made.audit[.malformed] == 1)
    }

    @Test func wholeEventsOfACutStreamAreKept() throws {
        let body = "data: {\"n\":1}\n\ndata: {\"last_name\":\"Lov"
        let made = try AnonymizedMessage(
            fields: ["Content-Type: text/event-stream"],
            body: Array(body.utf8),
            isBodyComplete: false
        )
        #expect(made.bodyText == "data: {\"n\":1}\n\n" + String(repeating: "x", count: 23))
        #expect(made.audit[.incomplete] == 1)
    }

    @Test(arguments: [
        // A scheme with parameters keeps their names.
        (
            "Authorization: Digest username=\"ada\", realm=\"r\", uri=\"/a\", nc=00000001, response=\"6629fae4\"",
            ", realm=\"r\", uri=\"/a\", nc=00000001, response=\"xxxx"
        ),
        // The scope of a key and what it signs are needed to sign again.
        (
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request,"
                + " SignedHeaders=host;x-amz-date, Signature=5d672d79c15b",
            "/20150830/us-east-1/iam/aws4_request, SignedHeaders=host;x-amz-date, Signature=x"
        ),
        ("Authorization: Bearer abcdefgh", "Bearer xxxx"),
        ("Authorization: Basic YWRhOmh1bnRlcjI=", "Basic "),
        ("Cookie: a=secret1; b=\"secret2\"", "a=xxxx"),
        ("Set-Cookie: id=secret1; Path=/; Max-Age=60", "; Path=/; Max-Age=60"),
        ("X-Signature: sha256=00ff00ff", "X-Signature: xxx"),
    ])
    func credentialsKeepTheirShape(field: String, expected: String) throws {
        let made = try AnonymizedMessage(fields: [field])
        #expect(made.headText.contains(expected), "\(made.headText)")
        let line = made.headText.split(separator: "\r\n").last.map(String.init)
        #expect(line?.utf8.count == field.utf8.count && line != field)
        #expect(made.audit[.credential] >= 1)
    }

    /// A user is the same one wherever the name stands, and a password is no more than its shape.
    @Test func usersAreWhatTheyAre() throws {
        let named = try AnonymizedMessage(
            fields: ["Content-Type: application/json"],
            body: Array(#"{"username":"ada"}"#.utf8)
        )
        let user = String(named.bodyText.dropFirst(13).dropLast(2))
        // "ada:hunter2"
        let basic = try AnonymizedMessage(fields: ["Authorization: Basic YWRhOmh1bnRlcjI="]).headText
        let coded = try #require(basic.split(separator: " ").last?.prefix { $0 != "\r\n" })
        let pair = String(decoding: try #require(Data(base64Encoded: String(coded))), as: UTF8.self)
        #expect(pair.hasPrefix("\(user):xxxx") && user != "ada")
        let digest = try AnonymizedMessage(fields: ["Authorization: Digest username=\"ada\", response=\"1\""])
        #expect(digest.headText.contains("username=\"\(user)\""))
        let url = try AnonymizedMessage("http://ada:hunter2@a.test/").headText
        #expect(url.contains("http://\(user):xxxx"))
    }

    /// What is spelled with escapes is spelled so again.
    @Test(arguments: [
        (
            "application/json", #"{"e":"ada\u0040navy.mil","u":"http:\/\/x\/?e=ada%40navy.mil"}"#,
            [#"\u0040"#, #"http:\/\/x\/?e="#, "%40"]
        ),
        ("application/json", #"{"last_name":"M\u00fcller"}"#, [#"\u00"#]),
        ("text/plain", "to ada&#64;navy.mil and ada%40navy.mil", ["&#64;", "%40"]),
        ("application/xml", "<a>ada&#x40;navy.mil</a>", ["&#x40;"]),
        ("application/x-www-form-urlencoded", "e=ada%40navy.mil", ["%40"]),
    ])
    func escapesAreWrittenBack(type: String, body: String, kept: [String]) throws {
        let made = try AnonymizedMessage(fields: ["Content-Type: \(type)"], body: Array(body.utf8))
        #expect(!made.bodyText.contains("navy") && !made.bodyText.contains("fcller"), "\(made.bodyText)")
        for text in kept { #expect(made.bodyText.contains(text), "\(text) in \(made.bodyText)") }
        #expect(made.bodyText.utf8.count == body.utf8.count, "\(made.bodyText)")
    }

    /// URLs in parameters of URLs are looked into to a depth, and cost neither stack nor time beyond it.
    @Test(arguments: [
        ("text/plain", "http://x?a="), ("application/x-www-form-urlencoded", "/?a="),
        ("application/json", "/?a="),
    ])
    func nestedURLsAreBounded(type: String, level: String) throws {
        let nest = String(repeating: level, count: 20_000) + "ada.lovelace@navy.mil"
        let body = type.hasSuffix("json") ? "\"\(nest)\"" : "b=\(nest)"
        let made = try AnonymizedMessage(fields: ["Content-Type: \(type)"], body: Array(body.utf8))
        #expect(made.bodyText.utf8.count == body.utf8.count && !made.bodyText.contains("lovelace"))
    }

    /// Who sends UTF-8 and calls it UTF-16 is read all the same; a query may come with the spelling of markup.
    @Test(arguments: [
        ("text/plain; charset=utf-16", "to ada@navy.mil now"),
        ("application/x-www-form-urlencoded", "a=1&amp;last_name=Lovelace&amp;x"),
        ("text/plain", "/?a=1&amp;amp;x=2&amp;;;y=1&amp;"),
        ("text/html", "<meta charset=shift_jis><p>ada@navy.mil"),
        ("application/xml", "<a b='ada@navy.mil'>\"ada@navy.mil\"</a>"),
    ])
    func whatIsWrittenWrongIsReadAllTheSame(type: String, body: String) throws {
        let made = try AnonymizedMessage(fields: ["Content-Type: \(type)"], body: Array(body.utf8))
        #expect(!made.bodyText.contains("navy") && !made.bodyText.contains("Lovelace"), "\(made.bodyText)")
        #expect(made.bodyText.utf8.count == body.utf8.count, "\(made.bodyText)")
    }

    /// A value never brings a line end into a head.
    @Test func noValueBreaksALine() throws {
        let made = try AnonymizedMessage(
            "/u/a%0d%0aX:%20ada@navy.mil%0d%0a?password=%0d%0aY:1",
            fields: ["X-User: Ada"]
        )
        let lines = made.headText.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.count == 5 && lines[0].hasSuffix(" HTTP/1.1"))
        #expect(!made.headText.contains("ada@navy.mil"))
    }
}
