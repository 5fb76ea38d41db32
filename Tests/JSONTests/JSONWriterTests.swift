import JSON
import Testing

@Suite struct JSONWriterTests {
    @Test func putsCommasWhereTheyBelong() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a\n")
        writer.beginArray()
        writer.integer(-1)
        writer.beginArray()
        writer.endArray()
        writer.double(0.5)
        writer.double(.nan)
        writer.double(.infinity)
        writer.endArray()
        writer.key("b")
        writer.beginObject()
        writer.endObject()
        writer.key("c")
        writer.bool(false)
        writer.key("d")
        writer.string("x")
        writer.key("e")
        writer.raw("[1, 2]".utf8.span)
        writer.endObject()
        writer.endLine()
        writer.integer(UInt64.max)
        writer.endLine()
        #expect(
            String(decoding: writer.bytes, as: UTF8.self) == """
                {"a\\n":[-1,[],0.5,null,null],"b":{},"c":false,"d":"x","e":[1, 2]}
                18446744073709551615

                """
        )
    }

    @Test(arguments: [0, -0.0, 1e-7, 1e16, 1e300, 123_456.789, Double.leastNonzeroMagnitude])
    func numbersAreJSON(_ value: Double) throws {
        var writer = JSONWriter()
        writer.double(value)
        guard case .number(let number) = try JSONValue(parsing: writer.bytes.span) else {
            Issue.record("\(value) is not written as a number")
            return
        }
        #expect(number.doubleValue == value)
    }
}
