import Anonymization
import Testing

/// Numbers that the library python-stdnum takes for right, by what they are called.
@Suite struct NationalNumberTests {
    private static let checked: [(word: String, numbers: [String])] = [
        ("NHS", ["7569193350", "9825966637", "124 722 9262"]),
        ("PESEL", ["41092477518", "94061762546", "87021620765"]),
        ("Aadhaar", ["243007246469", "3807 1322 8361", "3704-7830-3553"]),
        ("CPF", ["68408575813", "909.368.129-07", "62874086932"]),
        ("CNPJ", ["11140293775112", "56.425.778/6406-94"]),
        ("BSN", ["941087542", "039392454", "891335845"]),
        ("personnummer", ["9006054127", "800127-1298", "19930824-1968"]),
        ("fødselsnummer", ["11105337290", "121163 05400"]),
        ("Rijksregister", ["41071175222", "65.01.14-198.75"]),
        ("NIR", ["243038401837392", "2 96 04 99 270 574 15"]), ("IdNr", ["79142362054", "93 547 023 165"]),
        ("AHV", ["7561563877407", "756.9909.3782.29"]), ("SIN", ["317040798", "428-609-713"]),
        ("TFN", ["172394750", "691 494 539"]), ("kimlik", ["17768757176", "39086915618"]),
        ("identity number", ["5204130954020", "6010056226148"]), ("national id", ["651750945", "918769472"]),
        ("citizen", ["110101194104027423", "110101196710039685"]), ("RUT", ["28.843.260-0", "387205861"]),
        ("rodné číslo", ["450113/7421", "4412159136"]), ("CNP", ["2801115125533", "1950511407501"]),
        ("EGN", ["9207252991", "5905192320"]), ("OIB", ["35198405842", "86674069821"]),
        ("EMSO", ["0901967509024", "1312985503740"]),
        ("national id", ["49406174019", "34601245843"]), ("SVNR", ["3576180466", "1332 081067"]),
        ("NIF", ["770282466", "110441419"]), ("national id", ["15046120034", "14045477248"]),
        ("tax", ["20-51503925-3"]),
        ("passport or MyKad", ["530919-14-9121"]), ("national id", ["1-1276-22110-74-1", "5124540853392"]),
        ("tax", ["743590779396"]), ("RRN", ["790505-2004643"]), ("CPR", ["250471-1609"]),
        ("NPI", ["1234567893"]),
        ("SSN", ["536904399", "536 90 4399", "536-90-4399"]), ("social security number", ["536904399"]),
        ("codice fiscale", ["RSSMRA85T10A562S"]), ("DNI", ["12345678Z", "12345678-Z"]),
        ("NIE", ["X1234567L"]),
        ("nino", ["AB123456C", "AB 12 34 56 C"]), ("HETU", ["131052-308T", "020594X903P"]),
        ("CURP", ["BOXW310820HNERXN09"]),
        ("NRIC", ["S1234567D"]), ("PAN", ["ABCPD1234E"]), ("PPS no. of a citizen", ["1234567T"]),
    ]

    @Test(arguments: checked)
    func aWordBeforeThemIsEnough(word: String, numbers: [String]) throws {
        var anonymizer = try TextAnonymizer()
        for number in numbers {
            for text in ["their \(word) is \(number), they say", "\(word): \(number)", "\(number)"] {
                guard text != number || Self.telling.contains(number) else { continue }
                let output = anonymizer.output(text)
                #expect(!output.contains(number), "\(text)")
                #expect(output.utf8.count == text.utf8.count)
            }
        }
    }

    /// Written so, or with a check so strong, that nothing else is.
    private static let telling: Set<String> = [
        "3807 1322 8361", "909.368.129-07", "56.425.778/6406-94", "800127-1298", "19930824-1968",
        "11105337290", "121163 05400",
        "65.01.14-198.75", "243038401837392", "2 96 04 99 270 574 15", "7561563877407", "756.9909.3782.29",
        "110101194104027423",
        "28.843.260-0", "790505-2004643", "536-90-4399", "536 90 4399", "RSSMRA85T10A562S", "12345678Z",
        "X1234567L", "AB123456C",
        "AB 12 34 56 C", "131052-308T", "BOXW310820HNERXN09", "S1234567D", "20-51503925-3", "530919-14-9121",
    ]

    @Test(arguments: [
        // A digit that is not the check of the others.
        "909.368.129-08", "56.425.778/6406-95", "800127-1299", "121163 05401", "756.9909.3782.28",
        "RSSMRA85T10A562T", "12345678A",
        "131052-308U", "110101194104027424", "3807 1322 8362", "65.01.14-198.76", "28.843.260-1",
        // Nobody is born on such a day.
        "801327-1298", "790545-2004643", "530949-14-9121",
        // No area, group or serial number is all zeros.
        "000-12-3456", "536-00-4399", "536-90-0000",
    ])
    func withAWrongCheckTheyStay(number: String) throws {
        var anonymizer = try TextAnonymizer()
        #expect(anonymizer.output("see \(number) there") == "see \(number) there")
    }

    /// Each is right as a number of some state, and says itself that it is something else.
    @Test(arguments: [
        "order 941087542", "ref 7569193350", "ticket 41092477518", "invoice no. 536 90 4399",
        "part 536 90 4399", "id 17768757176",
        "build 1-1276-22110-74-1", "order 3807 1322 8361", "seq 243007246469", "941087542", "41092477518",
        "317040798",
    ])
    func whatIsSomethingElseStays(text: String) throws {
        var anonymizer = try TextAnonymizer()
        #expect(anonymizer.output(text) == text)
    }
}
