import Anonymization
import Bytes
import Compression
import Foundation
import Testing

@Suite struct CanarySearchTests {
    private static let canary = "Zd-canary.7@Navy.mil"

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    private static func hex(_ text: String) -> String {
        text.utf8.map { String(format: "%02x", $0) }.joined()
    }

    private static func percent(_ text: String) -> String {
        text.utf8.map { String(format: "%%%02X", $0) }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { String(format: "\\u%04x", $0) }.joined()
    }

    static let wrapped: [(how: String, text: String)] = [
        ("literally", "to \(canary)!"),
        ("in another case", canary.uppercased()),
        ("percent-encoded", "/a?b=" + percent(canary)),
        ("percent-encoded twice", percent(percent(canary))),
        ("one letter percent-encoded", canary.replacing("@", with: "%40")),
        ("behind escapes of JSON", #"{"a":"\#(escaped(canary))"}"#),
        ("JSON in a string of JSON", #"{"a":"{\"b\":\"Zd-canary.7\\u0040navy.mil\"}"}"#),
        ("as character references", canary.utf8.map { "&#\($0);" }.joined()),
        (
            "as hexadecimal references",
            "<a>" + canary.utf8.map { String(format: "&#x%X;", $0) }.joined() + "</a>"
        ),
        ("as a named reference", canary.replacing("@", with: "&commat;")),
        ("in quoted-printable", canary.replacing("@", with: "=40").replacing("nary", with: "na=\r\nry")),
        ("in base64", "Basic \(base64("user:\(canary)"))"),
        ("in base64 of base64", base64(base64(canary))),
        (
            "in base64url",
            base64("\u{3FF}\(canary)\u{7FF}?>").replacing("+", with: "-").replacing("/", with: "_")
        ),
        ("in base64 without padding", base64("\(canary)x").replacing("=", with: "")),
        (
            "in base64 in lines",
            base64("\(canary) and \(canary)").enumerated().map { $0 % 16 == 15 ? "\($1)\r\n" : "\($1)" }
                .joined()
        ),
        ("in base64 behind letters of its alphabet", "id" + base64(canary)),
        ("in base64 in a segment of a path", "/v1/cb/\(base64(canary))/x"),
        (
            "in a claim of a token",
            "eyJhbGciOiJIUzI1NiJ9.\(base64(#"{"sub":"\#(canary)"}"#).replacing("=", with: "")).c2ln"
        ),
        ("in base64 in JSON, percent-encoded", percent(base64(#"{"a":"\#(canary)"}"#))),
        ("hexadecimal", "0x\(hex(canary))"),
        ("hexadecimal at an odd place", "a\(hex(canary))"),
        ("with other separators", "zd canary (7) navy/mil"),
        ("without separators", "zdcanary7navymil"),
    ]

    @Test(arguments: wrapped)
    func aPlantedValueIsFound(_ row: (how: String, text: String)) throws {
        let search = try #require(CanarySearch([Array("other-canary".utf8), Array(Self.canary.utf8)]))
        #expect(search.search(Array(row.text.utf8).span) == [1], "\(row.how)")
    }

    @Test func aPlantedValueIsFoundInOtherCharacterSets() throws {
        let name = "Jürgen Größe"
        let search = try #require(CanarySearch([Array(name.utf8)]))
        let utf16: [UInt8] = name.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(search.search(utf16.span) == [0])
        let bigEndian: [UInt8] = [0xFE, 0xFF] + name.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(search.search(bigEndian.span) == [0])
        let latin1 = name.unicodeScalars.map { UInt8($0.value) }
        #expect(search.search(latin1.span) == [0])
    }

    @Test func aPlantedValueIsFoundInCompressedBytes() throws {
        let search = try #require(CanarySearch([Array(Self.canary.utf8)]))
        let plain = Array("some text, then \(Self.canary), then more text".utf8)
        for name in ["gzip", "deflate"] {
            let packed = ContentCoding.encode(plain.span, coding: ContentCoding(Array(name.utf8).span))
            #expect(search.search(packed.span) == [0], "\(name)")
            #expect(
                search.search(Array(Data(packed).base64EncodedString().utf8).span) == [0],
                "\(name) in base64"
            )
        }
    }

    @Test(arguments: [
        "Zd-canary.7@navy.mi", "", "abc", "canary", "QUJD", "%", "\\", "\\u", "&#;", "=", "%zz\\x&#x;",
        "zd canary 7",
    ])
    func whatIsNotThereIsNotFound(text: String) throws {
        let search = try #require(CanarySearch([Array(Self.canary.utf8)]))
        #expect(search.search(Array(text.utf8).span) == [])
    }

    @Test func shortValuesAreRefused() {
        #expect(CanarySearch([Array("abc".utf8)]) == nil)
        #expect(CanarySearch([Array("abcd".utf8)]) != nil)
    }
}
