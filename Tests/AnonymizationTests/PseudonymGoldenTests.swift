import Anonymization
import Bytes
import Packets
import Testing

/// What one key makes of some values, byte by byte: traces that were made with a key years apart must join.
@Suite struct PseudonymGoldenTests {
    private static let key: PseudonymKey? = PseudonymKey((0..<32).map { UInt8($0 * 7 + 3) })

    @Test(arguments: [
        (
            PseudonymKind.email, "Ada.Lovelace+x1@analytical.example.net",
            "Mnl.Manewffc+o1@dyhrnmexbm.example.net"
        ),
        (.email, "ada@gmail.com", "edu@serz.test"),
        (.email, "not an address", "til bo pomumok"),
        (.card, "4929 1234 5678 9015", "4242 4262 1157 7504"),
        (.card, "371449635398431", "378282787919669"),
        (.card, "1234567890123", "5558584241997"),
        (.phone, "+44 20 7946 0958", "+44 00 3586 8039"),
        (.phone, "(212) 736-5000x77", "(555) 363-7558x55"),
        (.phone, "123", "670"),
        (.ip, "203.0.113.77", "10.52.216.184"),
        (.ip, "2001:db8::77", "fd86:52a2:dc36:d886:bdd:ed87:bd9:461f"),
        (.ip, "host-7", "rimu-8"),
        (.name, "Grace Brewster Hopper", "Vovok Sukodivo Mikada"),
        (.name, "Łukasz Ö. 王小明", "óilolu Ç. 霧兎虹"),
        (.text, "at the back door, 7 pm", "bo zip suti sila, 1 ti"),
        (.digits, "120-034", "396-472"),
        (.date, "1815-12-10T00:00", "1968-01-11T00:00"),
        (.date, "10.12.1815", "07.10.1941"),
        (.nationalID, "536-90-4399", "000-36-6283"),
        (.iban, "GB82 WEST 1234 5698 7654 32", "GB54 XXXX 8108 9652 6842 04"),
        (
            .jwt, "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl",
            "eyJhbGciOiJIUzI1NiJ9.xxXxuWMrQiUeWOTdxM.xxxxccX8pLFn"
        ),
        (.token, "sk_live_4eC39HqLyjWDarjtT1", "sk_live_xxXx2IkJvrSGbmybA8"),
        (.credential, "Tr0ub4dor&3", "Xxxxx5mjf&3"),
        (
            .credential, String(repeating: "a1B2-", count: 24),
            "xxXx-o5Z2-n4V2-l7N8-v8H7-k5B3-k8W5-j2G8-z1B8-j3R5-b7G4-t4H7-p8J6-t2S6-z6X2-i8M0-s0K4-z8F8-"
                + "a2K7-b5G8-c1A5-g4V3-d0D0-x6J1-"
        ),
    ])
    func valuesKeepTheirPseudonyms(kind: PseudonymKind, value: String, expected: String) throws {
        var pseudonymizer = Pseudonymizer(key: try #require(Self.key))
        for _ in 0..<2 {
            var output = Array("before".utf8)
            pseudonymizer.append(kind, of: Array(value.utf8).span, to: &output)
            #expect(String(decoding: output, as: UTF8.self) == "before" + expected)
        }
    }

    @Test func theKeyKeepsItsName() throws {
        #expect(try #require(Self.key).id == "824efd699bbe9bdf")
    }
}
