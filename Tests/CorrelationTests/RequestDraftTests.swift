import Compression
import Correlation
import Messages
import Testing

@Suite struct RequestDraftTests {
    private static func draft(
        _ target: String = "/a/b%20c/d?x=1&y=a%2Bb",
        _ fields: [(String, String)] = [],
        body: [UInt8] = []
    ) -> RequestDraft {
        RequestDraft(
            target: Array(target.utf8),
            fields: fields.map { .init(name: Array($0.0.utf8), value: Array($0.1.utf8)) },
            body: body
        )
    }

    private static func put(_ draft: inout RequestDraft, _ value: String, _ spot: String, number: Int = 0)
        throws -> Int
    {
        draft.put([.init(number: number, value: Array(value.utf8))], at: try ValueSpot(spot))
    }

    @Test(arguments: [
        ("path[0]", "n/w", "/n%2Fw/b%20c/d?x=1&y=a%2Bb"),
        ("path[1]", "é", "/a/%C3%A9/d?x=1&y=a%2Bb"),
        ("path[1] token[1]", "z", "/a/b%20z/d?x=1&y=a%2Bb"),
        ("query:y", "1+2&3", "/a/b%20c/d?x=1&y=1%2B2%263"),
        ("query:x", "line\r\nbreak", "/a/b%20c/d?x=line%0D%0Abreak&y=a%2Bb"),
    ]) func aTargetKeepsItsRest(spot: String, value: String, target: String) throws {
        var draft = Self.draft()
        #expect(try Self.put(&draft, value, spot) == 1)
        #expect(String(decoding: draft.target, as: UTF8.self) == target)
        #expect(draft.isTargetChanged && !draft.isBodyChanged)
    }

    @Test(arguments: ["path[3]", "query:z", "header:none", "cookie:none", "json:$.id", "form:x", "body"])
    func whatIsNotThereIsNotPut(spot: String) throws {
        var draft = Self.draft()
        #expect(try Self.put(&draft, "v", spot) == 0)
        #expect(!draft.isTargetChanged && !draft.isBodyChanged)
    }

    @Test(arguments: [
        ("authorization", "Bearer old.tok", "header:authorization credentials", "new", "Bearer new"),
        (
            "authorization", "Basic dXNlcjpvbGQ=", "header:authorization base64[1]", "newer",
            "Basic dXNlcjpuZXdlcg=="
        ),
        ("referer", "https://h:1/a/7?x=2#f", "header:referer path[1]", "8", "https://h:1/a/8?x=2#f"),
        ("referer", "https://u@h:1/a/7", "header:referer host", "other.test", "https://u@other.test/a/7"),
        ("if-none-match", "W/\"abc\"", "header:if-none-match token[1]", "def", "W/\"def\""),
        ("cookie", "a=1; sid=old; b=2", "cookie:sid", "new", "a=1; sid=new; b=2"),
        ("cookie", "sid=old", "cookie:sid token[0]", "new", "sid=new"),
    ]) func aFieldKeepsItsRest(name: String, value: String, spot: String, new: String, made: String) throws {
        var draft = Self.draft("/", [("x", "y"), (name, value)])
        #expect(try Self.put(&draft, new, spot) == 1)
        #expect(String(decoding: draft.fields[1].value, as: UTF8.self) == made)
        #expect(draft.fields.map(\.isChanged) == [false, true])
    }

    /// A live answer is not trusted: nothing of it may end a line, or a cookie.
    @Test(arguments: ["a\r\nInjected: 1", "a\u{0}b", "a\nb"]) func aFieldTakesNoLineBreak(value: String)
        throws
    {
        var draft = Self.draft("/", [("x-id", "1"), ("cookie", "sid=old")])
        #expect(try Self.put(&draft, value, "header:x-id") == 0)
        #expect(try Self.put(&draft, value, "cookie:sid") == 0)
        #expect(try Self.put(&draft, "a; b=c", "cookie:sid") == 0)
        #expect(draft.fields.allSatisfy { !$0.isChanged })
    }

    @Test(arguments: [
        (#"{"a": {"id" : "x"}, "b":1.50}"#, "json:$.a.id", "n\"w", #"{"a": {"id" : "n\"w"}, "b":1.50}"#),
        (#"{"id":17,"z":[ ]}"#, "json:$.id", "1801", #"{"id":1801,"z":[ ]}"#),
        (#"{"id":17}"#, "json:$.id", "abc", #"{"id":"abc"}"#),
        (#"{"id":"17"}"#, "json:$.id", "18", #"{"id":"18"}"#),
        (#"{"u":"\/runs\/7\/x"}"#, "json:$.u path[1]", "8", #"{"u":"/runs/8/x"}"#),
        (#"[{"k":"a"},{"k":"b"}]"#, "json:$[1].k", "c", #"[{"k":"a"},{"k":"c"}]"#),
    ]) func aBodyKeepsItsRest(body: String, spot: String, value: String, made: String) throws {
        var draft = Self.draft("/", [("content-type", "application/json")], body: Array(body.utf8))
        #expect(try Self.put(&draft, value, spot) == 1)
        #expect(String(decoding: draft.body, as: UTF8.self) == made)
    }

    @Test func severalValuesOfOnePathKeepTheirPlaces() throws {
        var draft = Self.draft(
            "/",
            [("content-type", "application/json")],
            body: Array(#"{"ids":["a","b","c"]}"#.utf8)
        )
        let count = draft.put(
            [.init(number: 0, value: Array("A".utf8)), .init(number: 2, value: Array("C".utf8))],
            at: try ValueSpot("json:$.ids[*]")
        )
        #expect(count == 2)
        #expect(String(decoding: draft.body, as: UTF8.self) == #"{"ids":["A","b","C"]}"#)
    }

    @Test func aFormKeepsItsRest() throws {
        var draft = Self.draft(
            "/",
            [("content-type", "application/x-www-form-urlencoded")],
            body: Array("a=1&t=old%2F&b=%20".utf8)
        )
        #expect(try Self.put(&draft, "n=w", "form:t") == 1)
        #expect(String(decoding: draft.body, as: UTF8.self) == "a=1&t=n%3Dw&b=%20")
    }

    @Test(arguments: [ContentCoding.gzip, .deflate, .brotli, .zstd])
    func aCompressedBodyIsCompressedAgain(coding: ContentCoding) throws {
        let name =
            [ContentCoding.gzip: "gzip", .deflate: "deflate", .brotli: "br", .zstd: "zstd"][coding] ?? ""
        var draft = Self.draft(
            "/",
            [("content-type", "application/json"), ("content-encoding", name)],
            body: ContentCoding.encode(Array(#"{"id":"old"}"#.utf8).span, coding: coding)
        )
        #expect(try Self.put(&draft, "new", "json:$.id") == 1)
        let decoded = try ContentCoding.decode(draft.body.span, coding: coding, limit: 1_000)
        #expect(String(decoding: decoded, as: UTF8.self) == #"{"id":"new"}"#)
    }
}
