import Bytes
import Messages
import Testing

/// A byte that matters is met wherever it stands in a line, however long that is: lines are looked at in steps of
/// several bytes, and what is left at their ends byte by byte.
@Suite struct FieldValueLengthTests {
    /// The byte, and what it makes of the head.
    @Test(
        arguments: [
            (0x09, []),
            (0x00, .smuggling),
            (0x0D, .smuggling),
            (0xE9, .latin1),
            (0x80, .latin1),
            (0x0E, []),
            (0x7F, []),
        ] as [(UInt8, MessageFlags)]
    )
    func theByteIsMetEverywhere(byte: UInt8, flags: MessageFlags) throws {
        for length in 1...40 {
            for place in 0..<length {
                var value = [UInt8](repeating: 0x61, count: length)
                value[place] = byte
                let bytes = Array("GET / HTTP/1.1\r\nA: x".utf8) + value + Array("x\r\nB: c\r\n\r\n".utf8)
                let head = try Head(parsing: bytes, kind: .request)
                #expect(head.flags == flags, "\(byte) at \(place) of \(length)")
                #expect(head.fields.count == 2 && head.bytes.count == bytes.count)
                #expect(head.fields[0].value.count == length + 2)
            }
        }
    }
}
