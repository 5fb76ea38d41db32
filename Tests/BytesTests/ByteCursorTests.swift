import Bytes
import Testing

@Suite struct ByteCursorTests {
    static let bytes: [UInt8] = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09]

    @Test func readsBothByteOrdersAndRuns() {
        var cursor = ByteCursor(Self.bytes.span)
        #expect(cursor.littleEndian(UInt16.self) == 0x0201)
        #expect(cursor.bigEndian(UInt32.self) == 0x0304_0506)
        #expect(cursor.range(1) == ByteRange(offset: 6, count: 1))
        #expect(cursor.array(2) == [0x08, 0x09])
        #expect(cursor.remaining == 0)
    }

    @Test(arguments: 0..<9) func aReadThatDoesNotFitLeavesTheCursorWhereItWas(skipped: Int) {
        var cursor = ByteCursor(Self.bytes.span)
        #expect(cursor.range(skipped) != nil)
        let left = 9 - skipped
        #expect((cursor.littleEndian(UInt64.self) == nil) == (left < 8))
        if left < 8 {
            #expect(cursor.offset == skipped)
            #expect(cursor.range(left + 1) == nil)
            #expect(cursor.range(-1) == nil)
            #expect(cursor.array(left)?.count == left)
        }
    }
}

@Suite struct SpanSearchTests {
    /// Every position in buffers shorter and longer than one vector, so that head, body and tail of the search
    /// are each met.
    @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 33, 100]) func findsTheFirstAtEveryPosition(count: Int) {
        for position in 0..<count {
            var bytes = [UInt8](repeating: 0x61, count: count)
            bytes[position] = 0x0A
            if position + 1 < count { bytes[count - 1] = 0x0A }
            #expect(bytes.span.firstIndex(of: 0x0A) == position)
            let after = position + 1 < count ? count - 1 : nil
            #expect(bytes.span.firstIndex(of: 0x0A, from: position + 1) == after)
        }
        let none = [UInt8](repeating: 0x61, count: count)
        #expect(none.span.firstIndex(of: 0x0A) == nil)
    }

    @Test(arguments: [
        ("Content-Type", true),  // as most senders spell it
        ("content-type", true),
        ("CONTENT-TYPE", true),
        ("content_type", false),  // 0x5F is not a letter: setting its case bit must not make it equal
        ("content-typ", false),
        ("Content-Typf", false),  // the last eight bytes overlap those before
        ("content-\u{54}ype\r", false),
        ("Kontent-type", false),
        ("", false),
    ]) func comparesNamesWithoutCase(name: String, isEqual: Bool) {
        let bytes = Array(name.utf8)
        #expect(bytes.span.equalsIgnoringCase("content-type") == isEqual)
    }

    @Test func everyHexDigitHasItsValue() {
        let digits = Array("0123456789abcdef".utf8)
        for (value, digit) in digits.enumerated() {
            #expect(digit.hexDigitValue == UInt8(value))
        }
        #expect(UInt8(ascii: "F").hexDigitValue == 15)
        #expect(UInt8(ascii: "g").hexDigitValue == nil)
        #expect(UInt8(ascii: "/").hexDigitValue == nil)
    }
}

@Suite struct ArrayIntegerTests {
    @Test func appendsInEitherByteOrder() {
        var bytes: [UInt8] = []
        bytes.appendLittleEndian(UInt32(0x0102_0304))
        bytes.appendBigEndian(UInt16(0x0506))
        #expect(bytes == [4, 3, 2, 1, 5, 6])
        #expect(bytes.span.littleEndian(UInt32.self, at: 0) == 0x0102_0304)
        #expect(bytes.span.bigEndian(UInt16.self, at: 4) == 0x0506)
    }
}
