import Bytes

/// How a state writes the numbers that it gives its people, where they consist of digits alone.
struct NationalNumber: Sendable {
    /// Where a date of birth stands in a number.
    enum BirthDate: Sendable {
        case yearMonthDay(Int)
        case dayMonthYear(Int)
        /// With four digits for the year.
        case fullYear(Int)
    }

    let name: StaticString
    let digits: Int
    /// The groups in which the state itself writes it, as in ``NumberShape``.
    var groups: UInt64 = 0
    /// Whether these groups with a right check are enough, without a word that says what the number is.
    var isTellingInGroups = false
    /// Whether the check is enough without groups.
    var isTellingAlone = false
    var birth: BirthDate?
    /// What may be added to the day, for people from elsewhere.
    var dayOffset = 0
    /// Whether something is added to the month, for a century or for women.
    var hasMonthOffset = false
    let check: @Sendable (DigitList) -> Bool

    /// Whether the digits are such a number.
    func matches(_ number: DigitList) -> Bool {
        guard number.count == digits, !number.isOneDigitOver, check(number) else { return false }
        return birth?.isValid(in: number, dayOffset: dayOffset, hasMonthOffset: hasMonthOffset) ?? true
    }

    /// Those with as many digits.
    static func schemes(ofDigits count: Int) -> [NationalNumber] {
        count < byDigits.count ? byDigits[count] : []
    }

    private static let byDigits = (0...18).map { count in all.filter { $0.digits == count } }
}

extension NationalNumber.BirthDate {
    func isValid(in number: DigitList, dayOffset: Int, hasMonthOffset: Bool) -> Bool {
        let (month, day) =
            switch self {
            case .yearMonthDay(let start): (number.number(start &+ 2, 2), number.number(start &+ 4, 2))
            case .dayMonthYear(let start): (number.number(start &+ 2, 2), number.number(start, 2))
            case .fullYear(let start): (number.number(start &+ 4, 2), number.number(start &+ 6, 2))
            }
        if case .fullYear(let start) = self, !(1850...2100).contains(number.number(start, 4)) { return false }
        guard (1...31).contains(day) || dayOffset > 0 && (1...31).contains(day &- dayOffset) else {
            return false
        }
        guard hasMonthOffset else { return (1...12).contains(month) }
        return (1...12).contains(month % 20) || (51...62).contains(month) || (71...82).contains(month)
    }
}

extension NationalNumber {
    /// Sums and weights are those that the states publish; each can be found under the name of its number with the authority
    /// that gives it out, and together in the sources of the library python-stdnum, against which they were tested.
    static let all: [NationalNumber] = [
        .init(name: "NHS number (GB)", digits: 10, groups: 0x334) { digits in
            let check = 11 &- digits.sum("A98765432") % 11
            return digits[9] == check % 11 && check != 10
        },
        .init(name: "PESEL (PL)", digits: 11, birth: .yearMonthDay(0), hasMonthOffset: true) {
            ($0.sum("1379137913") &+ $0[10]) % 10 == 0
        },
        .init(name: "Aadhaar (IN)", digits: 12, groups: 0x444, isTellingInGroups: true) {
            $0[0] >= 2 && Verhoeff.remainder($0) == 0
        },
        .init(name: "CPF (BR)", digits: 11, groups: 0x3332, isTellingInGroups: true) {
            remainder($0.sum("A98765432")) == $0[9] && remainder($0.sum("BA98765432")) == $0[10]
        },
        .init(name: "CNPJ (BR)", digits: 14, groups: 0x23342, isTellingInGroups: true) {
            remainder($0.sum("543298765432")) == $0[12] && remainder($0.sum("6543298765432")) == $0[13]
        },
        .init(name: "BSN (NL)", digits: 9) { ($0.sum("98765432") &+ 10 &* $0[8]) % 11 == 0 },
        .init(
            name: "personnummer (SE)",
            digits: 10,
            groups: 0x64,
            isTellingInGroups: true,
            birth: .yearMonthDay(0),
            dayOffset: 60
        ) { $0.luhnSum(10) % 10 == 0 },
        .init(
            name: "personnummer (SE), full year",
            digits: 12,
            groups: 0x84,
            isTellingInGroups: true,
            birth: .fullYear(0),
            dayOffset: 60
        ) { $0.luhnSum(from: 2, 10) % 10 == 0 },
        .init(
            name: "fødselsnummer (NO)",
            digits: 11,
            groups: 0x65,
            isTellingInGroups: true,
            isTellingAlone: true,
            birth: .dayMonthYear(0),
            dayOffset: 40
        ) { ($0.sum("376189452") &+ $0[9]) % 11 == 0 && ($0.sum("5432765432") &+ $0[10]) % 11 == 0 },
        // Without a check since 2007.
        .init(name: "CPR (DK)", digits: 10, groups: 0x64, birth: .dayMonthYear(0)) { _ in true },
        .init(
            name: "Rijksregisternummer (BE)",
            digits: 11,
            groups: 0x22232,
            isTellingInGroups: true,
            birth: .yearMonthDay(0)
        ) { digits in
            let number = digits.number(0, 9)
            let check = digits.number(9, 2)
            return 97 &- number % 97 == check || 97 &- (2_000_000_000 &+ number) % 97 == check
        },
        .init(
            name: "NIR (FR)",
            digits: 15,
            groups: 0x1222332,
            isTellingInGroups: true,
            isTellingAlone: true
        ) { digits in
            let month = digits.number(3, 2)
            guard (1...2).contains(digits[0]), (1...12).contains(month) || (20...42).contains(month) else {
                return false
            }
            return 97 &- digits.number(0, 13) % 97 == digits.number(13, 2)
        },
        .init(name: "Steuer-ID (DE)", digits: 11, groups: 0x2333) {
            $0[0] != 0 && hasOneRepeatedDigit($0) && isISO7064($0)
        },
        .init(
            name: "AHV number (CH)",
            digits: 13,
            groups: 0x3442,
            isTellingInGroups: true,
            isTellingAlone: true
        ) {
            $0.number(0, 3) == 756 && $0.sum("1313131313131") % 10 == 0
        },
        .init(name: "SIN (CA)", digits: 9, groups: 0x333) {
            $0[0] != 0 && $0[0] != 8 && $0.luhnSum(9) % 10 == 0
        },
        .init(name: "TFN (AU)", digits: 9, groups: 0x333) { $0.sum("14375869A") % 11 == 0 },
        .init(name: "Medicare (AU)", digits: 10, groups: 0x451) {
            (2...6).contains($0[0]) && $0.sum("13791379") % 10 == $0[8]
        },
        .init(name: "RRN (KR)", digits: 13, groups: 0x67, isTellingInGroups: true, birth: .yearMonthDay(0)) {
            // Without a check since October 2020.
            (1...8).contains($0[6])
        },
        .init(name: "T.C. kimlik (TR)", digits: 11) { digits in
            let odd = digits[0] &+ digits[2] &+ digits[4] &+ digits[6] &+ digits[8]
            let even = digits[1] &+ digits[3] &+ digits[5] &+ digits[7]
            guard digits[0] != 0, (odd &* 7 &+ 10 &* even &- even) % 10 == digits[9] else { return false }
            return (odd &+ even &+ digits[9]) % 10 == digits[10]
        },
        .init(name: "ID number (ZA)", digits: 13, birth: .yearMonthDay(0)) {
            $0[10] <= 2 && $0.luhnSum(13) % 10 == 0
        },
        .init(name: "teudat zehut (IL)", digits: 9) { $0.luhnSum(9) % 10 == 0 },
        .init(name: "resident number (CN)", digits: 18, isTellingAlone: true, birth: .fullYear(6)) {
            let sum = $0.sum("79A584216379A5842")
            return (12 &- sum % 11) % 11 == $0[17]
        },
        .init(name: "RUT (CL)", digits: 9, groups: 0x2331, isTellingInGroups: true) {
            remainder($0.sum("32765432")) == $0[8]
        },
        .init(
            name: "rodné číslo (CZ, SK)",
            digits: 10,
            groups: 0x64,
            birth: .yearMonthDay(0),
            hasMonthOffset: true
        ) {
            $0.number(0, 10) % 11 == 0
        },
        .init(name: "CNP (RO)", digits: 13, birth: .yearMonthDay(1)) {
            let check = $0.sum("279146358279") % 11
            return $0[0] != 0 && (check == 10 ? 1 : check) == $0[12]
        },
        .init(name: "EGN (BG)", digits: 10, birth: .yearMonthDay(0), hasMonthOffset: true) {
            $0.sum("2485A9736") % 11 % 10 == $0[9]
        },
        .init(name: "OIB (HR)", digits: 11) { isISO7064($0) },
        .init(name: "JMBG (RS, SI, MK, BA, ME)", digits: 13) {
            (1...31).contains($0.number(0, 2)) && (1...12).contains($0.number(2, 2))
                && (11 &- $0.sum("765432765432") % 11) % 11 % 10 == $0[12]
        },
        .init(name: "isikukood (EE, LT)", digits: 11, birth: .yearMonthDay(1)) { digits in
            let first = digits.sum("1234567891") % 11
            let check = first < 10 ? first : digits.sum("3456789123") % 11 % 10
            return digits[0] != 0 && digits[10] == check
        },
        .init(name: "SVNR (AT)", digits: 10, groups: 0x46, birth: .dayMonthYear(4)) {
            $0[0] != 0 && $0.sum("3790584216") % 11 == $0[3]
        },
        .init(name: "NIF (PT)", digits: 9) { remainder($0.sum("98765432")) == $0[8] },
        .init(name: "AMKA (GR)", digits: 11, birth: .dayMonthYear(0)) { $0.luhnSum(11) % 10 == 0 },
        .init(name: "CUIT (AR)", digits: 11, groups: 0x281, isTellingInGroups: true) {
            remainder($0.sum("5432765432")) == $0[10]
        },
        .init(name: "MyKad (MY)", digits: 12, groups: 0x624, isTellingInGroups: true, birth: .yearMonthDay(0))
        {
            _ in true
        },
        .init(name: "ID number (TH)", digits: 13, groups: 0x14521, isTellingInGroups: true) {
            (11 &- $0.sum("DCBA98765432") % 11) % 10 == $0[12]
        },
        .init(name: "My Number (JP)", digits: 12) {
            remainder($0.sum("65432765432")) == $0[11]
        },
        .init(name: "NPI (US)", digits: 10) { ($0.luhnSum(10) &+ 24) % 10 == 0 && $0[0] != 0 },
    ]

    /// 11 less what is left of `sum`, and 0 for 10 and 11.
    private static func remainder(_ sum: Int) -> Int { sum % 11 < 2 ? 0 : 11 &- sum % 11 }

    /// ISO/IEC 7064, MOD 11,10.
    private static func isISO7064(_ digits: DigitList) -> Bool {
        var product = 10
        for index in 0..<10 {
            let sum = (digits[index] &+ product) % 10
            product = 2 &* (sum == 0 ? 10 : sum) % 11
        }
        return (11 &- product) % 10 == digits[10]
    }

    /// Of the first ten digits of a Steuer-ID one stands there two or three times, all others once at most.
    private static func hasOneRepeatedDigit(_ digits: DigitList) -> Bool {
        var times: [10 of Int] = .init(repeating: 0)
        for index in 0..<10 { times[digits[index]] &+= 1 }
        var repeated = 0
        for digit in 0..<10 where times[digit] > 1 {
            repeated &+= 1
            if times[digit] > 3 { return false }
        }
        return repeated == 1
    }
}
