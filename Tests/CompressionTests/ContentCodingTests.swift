import Bytes
import Compression
import Testing

@Suite struct ContentCodingTests {
    @Test(arguments: [
        ("gzip", ContentCoding.gzip),
        (" GZip\t", .gzip),
        ("x-gzip", .gzip),  // RFC 9110, section 8.4.1.3
        ("deflate", .deflate),
        ("identity", .identity),
        ("", .identity),
        ("br", .unknown),
        ("gzip, gzip", .unknown),  // one on top of the other is never undone halfway
    ]) func readsTheFieldValue(value: String, coding: ContentCoding) {
        #expect(ContentCoding(Array(value.utf8).span) == coding)
    }

    static let text = Array("{\"a\":[1,2,3]}".utf8)

    @Test(arguments: [ContentCoding.identity, .gzip, .deflate])
    func whatWasEncodedDecodes(coding: ContentCoding) throws {
        let body = ContentCoding.encode(Self.text.span, coding: coding)
        #expect(try ContentCoding.decode(body.span, coding: coding, limit: Self.text.count) == Self.text)
        #expect(throws: InflateError.limit) {
            _ = try ContentCoding.decode(body.span, coding: coding, limit: Self.text.count - 1)
        }
        #expect(try ContentCoding.decode([UInt8]().span, coding: coding, limit: 0).isEmpty)
    }

    @Test(arguments: [ContentCoding.gzip, .deflate])
    func everyCutIsDamage(coding: ContentCoding) {
        let body = ContentCoding.encode(Self.text.span, coding: coding)
        for count in 1..<body.count {
            #expect(throws: InflateError.damaged) {
                _ = try ContentCoding.decode(body.span.extracting(0..<count), coding: coding, limit: 1000)
            }
        }
        #expect(throws: InflateError.damaged) {
            _ = try ContentCoding.decode((body + [1]).span, coding: coding, limit: 1000)
        }
    }

    @Test func deflateWithoutItsWrapperIsRead() throws {
        var body: [UInt8] = []
        var deflater = Deflater(.raw)
        deflater.append(Self.text.span, to: &body)
        deflater.finish(into: &body)
        #expect(try ContentCoding.decode(body.span, coding: .deflate, limit: 1000) == Self.text)
    }

    @Test func gzipMembersAreOneBodyAndZerosArePadding() throws {
        let member = ContentCoding.encode(Self.text.span, coding: .gzip)
        let body = member + member + [0, 0, 0]
        #expect(try ContentCoding.decode(body.span, coding: .gzip, limit: 1000) == Self.text + Self.text)
    }

    @Test func anUnknownCodingIsNeverGuessedAt() {
        #expect(throws: InflateError.damaged) {
            _ = try ContentCoding.decode(Self.text.span, coding: .unknown, limit: 1000)
        }
    }
}
