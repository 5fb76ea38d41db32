import Bytes

/// The numbers with letters that states give their people, with their checks.
enum LetteredNumber: CaseIterable {
    /// Italy's codice fiscale (decree of 23 December 1976).
    case codiceFiscale
    /// Spain's NIF of natural persons, and NIE of foreigners.
    case nif
    /// Great Britain's National Insurance number (HMRC, NIM39110): it has no check.
    case nino
    /// Finland's henkilötunnus, with the signs for a century of 2023.
    case henkilotunnus
    /// Mexico's CURP.
    case curp
    /// Singapore's NRIC and FIN.
    case nric
    /// China's resident number with the check `X`.
    case residentNumber
    /// Chile's RUT with the check `K`.
    case rut
    /// India's permanent account number: it has no check.
    case panOfIndia
    /// Ireland's PPS number.
    case pps

    /// Whether the form is telling without a word that says what the number is.
    var isTelling: Bool {
        switch self {
        case .panOfIndia, .pps: false
        case .codiceFiscale, .nif, .nino, .henkilotunnus, .curp, .nric, .residentNumber, .rut: true
        }
    }

    /// The one whose form `text` has: letters, digits and nothing else but a sign for a century in a henkilötunnus.
    init?(_ text: Span<UInt8>) {
        for scheme in Self.allCases where scheme.matches(text) {
            self = scheme
            return
        }
        return nil
    }

    private func matches(_ text: Span<UInt8>) -> Bool {
        switch self {
        case .codiceFiscale:
            text.has("LLLLLLNNLNNLNNNL") && text.isCodiceFiscale
        case .nif:
            text.has("DDDDDDDDL") && text.nifLetter(from: 0, lead: 0) == text[8]
                || text.has("LDDDDDDDL") && (0x58...0x5A).contains(text[0])
                    && text.nifLetter(from: 1, lead: Int(text[0] &- 0x58)) == text[8]
        case .nino:
            text.has("LLDDDDDDL") && text.isNationalInsuranceNumber
        case .henkilotunnus:
            text.has("DDDDDDSDDDC") && text.isHenkilotunnus
        case .curp:
            text.has("LLLLDDDDDDLLLLLLCD") && text.isCURP
        case .nric:
            text.has("LDDDDDDDL") && text.isNRIC
        case .residentNumber:
            text.has("DDDDDDDDDDDDDDDDDL") && text[17] == 0x58 && text.isResidentNumberWithX
        case .rut:
            text.has("DDDDDDDL") && text[7] == 0x4B && text.isRUTWithK
                || text.has("DDDDDDDDL") && text[8] == 0x4B && text.isRUTWithK
        case .panOfIndia:
            text.has("LLLLLDDDDL") && ("ABCFGHJLPT" as StaticString).contains(text[3])
        case .pps:
            (text.has("DDDDDDDL") || text.has("DDDDDDDLL")) && text.isPPS
        }
    }
}

extension StaticString {
    fileprivate func contains(_ byte: UInt8) -> Bool { index(of: byte) != nil }

    /// Where `byte` stands in the string.
    fileprivate func index(of byte: UInt8) -> Int? {
        for index in 0..<utf8CodeUnitCount where utf8Start[index] == byte { return index }
        return nil
    }
}

extension Span where Element == UInt8 {
    /// Whether each byte is of the class that `form` has in its place: `L` a capital, `D` a digit, `N` a digit or a letter that
    /// stands for one in a codice fiscale, `C` either, `S` the sign for a century.
    fileprivate func has(_ form: StaticString) -> Bool {
        guard count == form.utf8CodeUnitCount else { return false }
        for index in indices {
            let byte = self[index]
            let isRight =
                switch form.utf8Start[index] {
                case 0x4C: byte.isCapital
                case 0x44: byte.isASCIIDigit
                case 0x4E: byte.isASCIIDigit || ("LMNPQRSTUV" as StaticString).contains(byte)
                case 0x43: byte.isASCIIDigit || byte.isCapital
                default: ("-+ABCDEFYXWVU" as StaticString).contains(byte)
                }
            guard isRight else { return false }
        }
        return true
    }

    private func number(_ range: Range<Int>) -> Int {
        var number = 0
        for index in range { number = number &* 10 &+ Int(self[index] &- 0x30) }
        return number
    }

    private func sum(_ weights: StaticString) -> Int {
        var sum = 0
        for index in 0..<weights.utf8CodeUnitCount {
            let weight = Int(weights.utf8Start[index])
            sum &+= Int(self[index] &- 0x30) &* (weight < 0x3A ? weight &- 0x30 : weight &- 0x37)
        }
        return sum
    }

    fileprivate var isCodiceFiscale: Bool {
        let month = self[8]
        guard ("ABCDEHLMPRST" as StaticString).contains(month) else { return false }
        // What A to Z count in the odd places, two digits each.
        let odd: StaticString = "0100050709131517192102041820110306081214161022252423"
        let digitsOdd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21]
        var sum = 0
        for index in 0..<15 {
            let isDigit = self[index].isASCIIDigit
            let place = Int(isDigit ? self[index] &- 0x30 : self[index] &- 0x41)
            if index & 1 == 1 {
                sum &+= place
            } else if isDigit {
                sum &+= digitsOdd[place]
            } else {
                let start = 2 &* place
                sum &+= Int(odd.utf8Start[start] &- 0x30) &* 10 &+ Int(odd.utf8Start[start &+ 1] &- 0x30)
            }
        }
        return self[15] == 0x41 &+ UInt8(sum % 26)
    }

    fileprivate func nifLetter(from start: Int, lead: Int) -> UInt8 {
        let number = number(start..<8) &+ lead &* 10_000_000
        return ("TRWAGMYFPDXBNJZSQVHLCKE" as StaticString).utf8Start[number % 23]
    }

    fileprivate var isNationalInsuranceNumber: Bool {
        let barred: StaticString = "DFIQUV"
        guard !barred.contains(self[0]), !barred.contains(self[1]), self[1] != 0x4F, self[8] <= 0x44 else {
            return false
        }
        switch (self[0], self[1]) {
        case (0x42, 0x47), (0x47, 0x42), (0x4B, 0x4E), (0x4E, 0x4B), (0x4E, 0x54), (0x54, 0x4E), (0x5A, 0x5A):
            return false
        default: return true
        }
    }

    fileprivate var isHenkilotunnus: Bool {
        guard (1...31).contains(number(0..<2)), (1...12).contains(number(2..<4)) else { return false }
        let remainder = (number(0..<6) &* 1000 &+ number(7..<10)) % 31
        return ("0123456789ABCDEFHJKLMNPRSTUVWXY" as StaticString).utf8Start[remainder] == self[10]
    }

    fileprivate var isCURP: Bool {
        guard self[10] == 0x48 || self[10] == 0x4D || self[10] == 0x58, (1...12).contains(number(6..<8)),
            (1...31).contains(number(8..<10))
        else { return false }
        var sum = 0
        for index in 0..<17 {
            let byte = self[index]
            // The alphabet has Ñ behind N.
            let value = byte.isASCIIDigit ? Int(byte &- 0x30) : Int(byte &- 0x37) &+ (byte > 0x4E ? 1 : 0)
            sum &+= value &* (18 &- index)
        }
        return Int(self[17] &- 0x30) == (10 &- sum % 10) % 10
    }

    fileprivate var isNRIC: Bool {
        var sum = 0
        let weights: StaticString = "2765432"
        for index in 0..<7 {
            sum &+= Int(self[index &+ 1] &- 0x30) &* Int(weights.utf8Start[index] &- 0x30)
        }
        switch self[0] {
        case 0x53: return ("JZIHGFEDCBA" as StaticString).utf8Start[sum % 11] == self[8]
        case 0x54: return ("JZIHGFEDCBA" as StaticString).utf8Start[(sum &+ 4) % 11] == self[8]
        case 0x46: return ("XWUTRQPNMLK" as StaticString).utf8Start[sum % 11] == self[8]
        case 0x47: return ("XWUTRQPNMLK" as StaticString).utf8Start[(sum &+ 4) % 11] == self[8]
        default: return false
        }
    }

    fileprivate var isResidentNumberWithX: Bool {
        (1...12).contains(number(10..<12)) && (1...31).contains(number(12..<14))
            && sum("79A584216379A5842") % 11 == 2
    }

    fileprivate var isRUTWithK: Bool {
        count == 8 ? sum("2765432") % 11 == 1 : sum("32765432") % 11 == 1
    }

    fileprivate var isPPS: Bool {
        var sum = sum("8765432")
        if count == 9 {
            guard ("ABCDEFGHIW" as StaticString).contains(self[8]) else { return false }
            sum &+= self[8] == 0x57 ? 0 : 9 &* Int(self[8] &- 0x40)
        }
        return ("WABCDEFGHIJKLMNOPQRSTUV" as StaticString).utf8Start[sum % 23] == self[7]
    }
}
