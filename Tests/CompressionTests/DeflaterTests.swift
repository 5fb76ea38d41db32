import Bytes
import Compression
import Testing

@Suite struct DeflaterTests {
    struct Sample: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
    }

    static let samples: [Sample] = [
        Sample(testDescription: "empty", bytes: []),
        Sample(testDescription: "shorter than any window", bytes: Array("{\"hello\":\"world\"}".utf8)),
        Sample(
            testDescription: "longer than the scratch bytes once unpacked",
            bytes: [UInt8](repeating: 0x61, count: 200_000)
        ),
        Sample(
            testDescription: "longer than the scratch bytes even packed",
            bytes: (0..<100_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13) }
        ),
    ]

    @Test(arguments: [DeflateFormat.raw, .zlib, .gzip], samples)
    func whatWasDeflatedInflates(format: DeflateFormat, sample: Sample) throws {
        let sample = sample.bytes
        var deflater = Deflater(format)
        var inflater = Inflater(format)
        // Twice, so that a reset stream is met too.
        for _ in 0..<2 {
            var packed: [UInt8] = []
            deflater.append(sample.span, to: &packed)
            deflater.finish(into: &packed)
            deflater.reset()
            var unpacked: [UInt8] = []
            let progress = try inflater.inflate(packed.span, into: &unpacked, limit: sample.count)
            #expect(progress == InflateProgress(consumed: packed.count, isFinished: true))
            #expect(unpacked == sample)
            inflater.reset()
        }
    }

    @Test(arguments: [DeflateFormat.raw, .zlib, .gzip])
    func takesBytesInAnyCutAndStopsAtTheEnd(format: DeflateFormat) throws {
        let sample = Array("one two three one two three".utf8)
        var packed: [UInt8] = []
        var deflater = Deflater(format)
        for byte in sample { deflater.append([byte].span, to: &packed) }
        deflater.finish(into: &packed)
        var inflater = Inflater(format)
        var unpacked: [UInt8] = []
        for (index, byte) in packed.enumerated() {
            let progress = try inflater.inflate([byte].span, into: &unpacked, limit: 1000)
            #expect(progress.isFinished == (index == packed.count - 1))
        }
        #expect(unpacked == sample)
        // What follows belongs to somebody else.
        let after = try inflater.inflate(packed.span, into: &unpacked, limit: 1000)
        #expect(after == InflateProgress(consumed: 0, isFinished: true))

        inflater.reset()
        unpacked = []
        let glued = try inflater.inflate((packed + packed).span, into: &unpacked, limit: 1000)
        #expect(glued == InflateProgress(consumed: packed.count, isFinished: true))
        #expect(unpacked == sample)
    }

    @Test(arguments: [0, 1, 16_383, 16_384, 16_385, 99_999])
    func theLimitIsExact(limit: Int) throws {
        var packed: [UInt8] = []
        var deflater = Deflater(.raw)
        deflater.append([UInt8](repeating: 7, count: 100_000).span, to: &packed)
        deflater.finish(into: &packed)
        var inflater = Inflater(.raw)
        var unpacked: [UInt8] = []
        #expect(throws: InflateError.limit) {
            _ = try inflater.inflate(packed.span, into: &unpacked, limit: limit)
        }
        #expect(unpacked.count == limit)
        inflater.reset()
        unpacked = [1]
        #expect(try inflater.inflate(packed.span, into: &unpacked, limit: 100_001).isFinished)
    }

    @Test func damageIsAnErrorUntilReset() throws {
        var inflater = Inflater(.gzip)
        var output: [UInt8] = []
        #expect(throws: InflateError.damaged) {
            _ = try inflater.inflate([0x1F, 0x8C, 8, 0].span, into: &output, limit: 10)
        }
        #expect(throws: InflateError.damaged) { _ = try inflater.inflate([0].span, into: &output, limit: 10) }
        inflater.reset()
        #expect(try inflater.inflate([0x1F, 0x8B].span, into: &output, limit: 10).consumed == 2)
    }
}

@Suite struct CRC32Tests {
    /// The check value of the CRC-32 catalogue for `123456789`.
    @Test func equalsTheCheckValue() {
        let digits = Array("123456789".utf8)
        #expect(CRC32(of: digits.span).value == 0xCBF4_3926)
        var crc = CRC32()
        crc.update(digits.span.extracting(0..<4))
        crc.update([UInt8]().span)
        crc.update(digits.span.extracting(4..<9))
        #expect(crc.value == 0xCBF4_3926)
        #expect(CRC32().value == 0)
    }
}
