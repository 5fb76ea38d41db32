/// Codes of countries (ISO 3166-1, alpha-2).
enum Country {
    private static let codes: StaticString = """
        ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZ\
        DEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJP\
        KEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZ\
        OMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZ\
        UAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW
        """

    /// One bit for each pair of letters.
    private static let bits: [UInt32] = {
        var bits = [UInt32](repeating: 0, count: 26)
        for index in stride(from: 0, to: codes.utf8CodeUnitCount - 1, by: 2) {
            bits[Int(codes.utf8Start[index]) - 0x41] |= 1 << UInt32(codes.utf8Start[index + 1] - 0x41)
        }
        return bits
    }()

    /// Whether two capitals are the code of a country, or `XK`, which Kosovo uses.
    static func isCode(_ first: UInt8, _ second: UInt8) -> Bool {
        guard first.isCapital, second.isCapital else { return false }
        return bits[Int(first &- 0x41)] & 1 << UInt32(second &- 0x41) != 0
    }

    /// How long an IBAN of a country is, by the registry of SWIFT (ISO 13616, release 99); `nil` for countries without.
    static func lengthOfIBAN(_ first: UInt8, _ second: UInt8) -> Int? {
        guard first.isCapital, second.isCapital else { return nil }
        let length = lengths[Int(first &- 0x41) &* 26 &+ Int(second &- 0x41)]
        return length == 0 ? nil : Int(length)
    }

    private static let ibans: StaticString = """
        AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18FO18FR27GB22GE22\
        GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MN20MR27MT31\
        MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24\
        XK20YE30AO25BF28BJ28CF27CG27CI28CM27CV25DZ26GA27GQ27GW25IR26KM27MA28MG27ML28MZ25NE28SN28TD27TG28
        """

    private static let lengths: [UInt8] = {
        var lengths = [UInt8](repeating: 0, count: 26 * 26)
        for index in stride(from: 0, to: ibans.utf8CodeUnitCount - 3, by: 4) {
            let place = (0..<4).map { Int(ibans.utf8Start[index + $0]) }
            lengths[(place[0] - 0x41) * 26 + place[1] - 0x41] = UInt8(
                (place[2] - 0x30) * 10 + place[3] - 0x30
            )
        }
        return lengths
    }()
}
