import Correlation
import Testing

@Suite struct ValueSpotTests {
    @Test(arguments: [
        "path[2]", "query:id", "query:a%20b", "header:x-run", "cookie:sid", "json:$.run.id",
        "json:$.items[*].id",
        "json:$['a b'][3]", "event:$.id", "form:csrf", "html:csrf-token", "body", "header:location path[2]",
        "header:location query:run", "header:authorization credentials", "body token[3]",
        "query:cursor base64[1]",
        "json:$..id", "header:etag token[0]", "path[1] token[0]",
    ]) func aSpotIsReadAsItIsWritten(text: String) throws {
        #expect(try ValueSpot(text).description == text)
    }

    @Test func namesOfFieldsHaveNoCase() throws {
        #expect(try ValueSpot("header:X-Run-Id") == ValueSpot("header:x-run-id"))
    }

    @Test(arguments: [
        ("", "is no place"), ("header:", "is no place"), ("path[x]", "is no place"),
        ("path[256]", "is no place"),
        ("jsn:$.id", "'jsn' is no kind of place"), ("json:id", "does not start with '$'"),
        ("header:a b", "has no such name"), ("path[1] query:x", "has no 'query:x' in it"),
    ]) func whatIsNoSpotSaysWhy(text: String, why: String) {
        #expect { try ValueSpot(text) } throws: { "\($0)".contains(why) }
    }
}
