import Bytes
import Compression
import Testing

@Suite struct BlockDeflaterTests {
    @Test(arguments: [Int32](0...12), DeflaterTests.samples)
    func whatWasDeflatedInflates(level: Int32, sample: DeflaterTests.Sample) throws {
        let sample = sample.bytes
        var deflater = BlockDeflater(level: level)
        var inflater = BlockInflater()
        // Twice, so that a used compressor is met too, and behind bytes that must stay.
        for _ in 0..<2 {
            var packed: [UInt8] = [1, 2, 3]
            let count = deflater.append(sample.span, to: &packed)
            #expect(packed.count == 3 + count)
            #expect(Array(packed.prefix(3)) == [1, 2, 3])
            #expect(count <= sample.count + sample.count / 10_000 * 5 + 5 + 9)
            let stream = packed.span.extracting(3..<packed.count)

            var unpacked: [UInt8] = [4, 5]
            try inflater.append(stream, count: sample.count, to: &unpacked)
            #expect(unpacked == [4, 5] + sample)

            // Any other reader of deflate takes it too.
            var other = Inflater(.raw)
            var whole: [UInt8] = []
            let progress = try other.inflate(stream, into: &whole, limit: sample.count)
            #expect(progress == InflateProgress(consumed: count, isFinished: true))
            #expect(whole == sample)
        }
    }

    /// What does not get smaller is stored in blocks of at most 65,535 bytes (RFC 1951, section 3.2.4): the bound must
    /// hold around that length, and so must the stream.
    @Test(arguments: [65_534, 65_535, 65_536, 131_070, 131_071, 262_144, 1_000_000])
    func whatCannotBeDeflatedStaysInItsBound(count: Int) throws {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        let noise = (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 32)
        }
        var deflater = BlockDeflater(level: 1)
        var packed: [UInt8] = []
        deflater.append(noise.span, to: &packed)
        #expect(packed.count <= count + count / 10_000 * 5 + 5 + 9)
        var inflater = BlockInflater()
        var unpacked: [UInt8] = []
        try inflater.append(packed.span, count: count, to: &unpacked)
        #expect(unpacked == noise)
    }

    @Test(arguments: DeflaterTests.samples)
    func readsWhatOthersDeflate(sample: DeflaterTests.Sample) throws {
        var packed: [UInt8] = []
        var deflater = Deflater(.raw, level: 9)
        deflater.append(sample.bytes.span, to: &packed)
        deflater.finish(into: &packed)
        var inflater = BlockInflater()
        var unpacked: [UInt8] = []
        try inflater.append(packed.span, count: sample.bytes.count, to: &unpacked)
        #expect(unpacked == sample.bytes)
    }

    static let text = Array("one two three one two three one two three".utf8)

    static func packed() -> [UInt8] {
        var packed: [UInt8] = []
        var deflater = BlockDeflater()
        deflater.append(text.span, to: &packed)
        return packed
    }

    struct Refusal: CustomTestStringConvertible {
        var testDescription: String
        var stream: [UInt8]
        var count: Int
        var error: InflateError
    }

    static let refusals: [Refusal] = [
        Refusal(
            testDescription: "more than announced",
            stream: packed(),
            count: text.count - 1,
            error: .limit
        ),
        Refusal(testDescription: "something for nothing", stream: packed(), count: 0, error: .limit),
        Refusal(
            testDescription: "less than announced",
            stream: packed(),
            count: text.count + 1,
            error: .damaged
        ),
        Refusal(
            testDescription: "a byte behind the end",
            stream: packed() + [0],
            count: text.count,
            error: .damaged
        ),
        Refusal(testDescription: "no stream at all", stream: [], count: 0, error: .damaged),
        // Block type 3 does not exist (RFC 1951, section 3.2.3).
        Refusal(testDescription: "a block of no type", stream: [0x07, 0, 0], count: 3, error: .damaged),
    ]

    @Test(arguments: refusals) func refuses(_ refusal: Refusal) {
        var inflater = BlockInflater()
        var output: [UInt8] = [9]
        #expect(throws: refusal.error) {
            try inflater.append(refusal.stream.span, count: refusal.count, to: &output)
        }
        #expect(output == [9])
    }

    @Test func everyCutIsDamage() {
        let packed = Self.packed()
        var inflater = BlockInflater()
        for count in packed.indices {
            var output: [UInt8] = []
            #expect(throws: InflateError.damaged, "\(count) bytes") {
                try inflater.append(packed.span.extracting(0..<count), count: Self.text.count, to: &output)
            }
            #expect(output.isEmpty)
        }
    }

    @Test func aDecompressorGoesOnAfterDamage() throws {
        var inflater = BlockInflater()
        var output: [UInt8] = []
        #expect(throws: InflateError.damaged) { try inflater.append([0xFF].span, count: 1, to: &output) }
        try inflater.append(Self.packed().span, count: Self.text.count, to: &output)
        #expect(output == Self.text)
    }
}
