import Bytes
import Testing

@Suite struct PercentEncodingTests {
    struct Coded: Sendable {
        var text: String
        var plusIsBlank = false
        var bytes: [UInt8]
    }

    static let texts: [Coded] = [
        Coded(text: "", bytes: []),
        Coded(text: "orders", bytes: Array("orders".utf8)),
        // Digits of either case (RFC 3986, section 2.1), and bytes that are no UTF-8.
        Coded(text: "%2f%2F%00%ff", bytes: [0x2F, 0x2F, 0x00, 0xFF]),
        // Decoded once: a percent sign that comes out of it begins nothing.
        Coded(text: "%2541", bytes: Array("%41".utf8)),
        // A plus is a blank in forms alone (WHATWG URL, section 5.1), and never where it was spelled in digits.
        Coded(text: "a+b%2Bc", bytes: Array("a+b+c".utf8)),
        Coded(text: "a+b%2Bc", plusIsBlank: true, bytes: Array("a b+c".utf8)),
        // Cut off, or no digits: as it stands.
        Coded(text: "100%", bytes: Array("100%".utf8)),
        Coded(text: "%4", bytes: Array("%4".utf8)),
        Coded(text: "%4g%G1%%41", bytes: Array("%4g%G1%A".utf8)),
    ]

    @Test(arguments: texts)
    func decodes(_ coded: Coded) {
        let text = Array(coded.text.utf8)
        #expect(PercentEncoding.decode(text.span, plusIsBlank: coded.plusIsBlank) == coded.bytes)
    }

    @Test func leavesUnreservedBytesAloneAndNoOthers() {
        // RFC 3986, section 2.3.
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        for byte in UInt8.min...UInt8.max {
            let encoded = PercentEncoding.encode([byte])
            #expect((encoded == [byte]) == unreserved.contains(byte), "byte \(byte)")
            #expect(byte.isUnreserved == unreserved.contains(byte), "byte \(byte)")
            #expect(PercentEncoding.decode(encoded.span, plusIsBlank: true) == [byte])
        }
    }

    @Test func encodesTextsByTheirUTF8() {
        #expect(PercentEncoding.encode("a/b c?ü") == "a%2Fb%20c%3F%C3%BC")
    }
}
