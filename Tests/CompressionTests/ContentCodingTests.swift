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
        ("BR", .brotli),
        ("zstd", .zstd),
        ("compress", .unknown),  // LZW, which nobody sends any more
        ("gzip, gzip", .unknown),  // one on top of the other is never undone halfway
    ]) func readsTheFieldValue(value: String, coding: ContentCoding) {
        #expect(ContentCoding(Array(value.utf8).span) == coding)
    }

    static let text = Array("{\"a\":[1,2,3]}".utf8)

    @Test(arguments: [ContentCoding.identity, .gzip, .deflate, .brotli, .zstd])
    func whatWasEncodedDecodes(coding: ContentCoding) throws {
        let body = ContentCoding.encode(Self.text.span, coding: coding)
        #expect(try ContentCoding.decode(body.span, coding: coding, limit: Self.text.count) == Self.text)
        #expect(throws: InflateError.limit) {
            _ = try ContentCoding.decode(body.span, coding: coding, limit: Self.text.count - 1)
        }
        #expect(try ContentCoding.decode([UInt8]().span, coding: coding, limit: 0).isEmpty)
    }

    @Test(arguments: [ContentCoding.gzip, .deflate, .brotli, .zstd])
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

    @Test func framesOfZstdAreOneBodyAndSomeHoldNothing() throws {
        let frame = ContentCoding.encode(Self.text.span, coding: .zstd)
        // RFC 8878, section 3.1.2: a skippable frame of three bytes.
        let skippable: [UInt8] = [0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
        let body = frame + skippable + frame
        #expect(try ContentCoding.decode(body.span, coding: .zstd, limit: 1000) == Self.text + Self.text)
    }

    /// No sender may ask for so much memory (RFC 9659, section 3).
    @Test func aWindowOfZstdHasALimit() {
        // A frame without a size that asks for a window of 16 MB: exponent 14 in the window descriptor.
        let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 14 << 3, 0x01, 0x00, 0x00]
        #expect(throws: InflateError.damaged) {
            _ = try ContentCoding.decode(frame.span, coding: .zstd, limit: 1000)
        }
    }

    @Test(arguments: [ContentCoding.gzip, .brotli, .zstd])
    func aBombIsGivenUpAtTheLimit(coding: ContentCoding) {
        let bomb = ContentCoding.encode([UInt8](repeating: 0x61, count: 8 << 20).span, coding: coding)
        #expect(bomb.count < 64 << 10)
        #expect(throws: InflateError.limit) {
            _ = try ContentCoding.decode(bomb.span, coding: coding, limit: 1 << 20)
        }
    }

    @Test(arguments: [ContentCoding.brotli, .zstd])
    func bytesOfAnyKindComeBack(coding: ContentCoding) throws {
        var state: UInt64 = 1
        for count in [1, 2, 255, 65_535, 65_536, 65_537, 300_000] {
            let bytes = (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            let body = ContentCoding.encode(bytes.span, coding: coding)
            #expect(try ContentCoding.decode(body.span, coding: coding, limit: count) == bytes)
        }
    }

    @Test(arguments: [
        (["gzip, br"], [ContentCoding.gzip, .brotli], true),
        (["deflate", "identity , zstd"], [.deflate, .zstd], true),
        ([""], [], true),
        (["identity"], [], true),
        (["gzip, compress"], [.gzip, .unknown], false),
        // Nobody means it.
        (["gzip,gzip,gzip,gzip,gzip"], [.unknown], false),
    ]) func codingsAreListed(fields: [String], applied: [ContentCoding], isKnown: Bool) throws {
        var codings = ContentCodings()
        for field in fields { codings.append(Array(field.utf8).span) }
        #expect(codings.applied == applied && codings.isKnown == isKnown)
        #expect(codings.isIdentity == applied.isEmpty)
        guard isKnown else { return }
        let body = codings.encode(Self.text)
        #expect(try codings.decode(body.span, limit: 1000) == Self.text)
        let once = try applied.last.map { try ContentCoding.decode(body.span, coding: $0, limit: 1000) }
        #expect(applied.count < 2 || once != Self.text, "the last one is undone first")
    }

    @Test func anUnknownCodingIsNeverGuessedAt() {
        #expect(throws: InflateError.damaged) {
            _ = try ContentCoding.decode(Self.text.span, coding: .unknown, limit: 1000)
        }
    }
}
