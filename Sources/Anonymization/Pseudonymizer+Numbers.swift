import Bytes

extension Pseudonymizer {
    /// Appends other digits that are no card number either: one in ten would have a right check digit by chance.
    private mutating func appendNoCard(_ value: Span<UInt8>, to output: inout [UInt8]) {
        let start = output.count
        appendDigits(value, to: &output)
        let made = Array(output[start...])
        guard CardNumber(made.span) != nil, let last = output.lastIndex(where: \.isASCIIDigit) else { return }
        output[last] = output[last] == 0x39 ? 0x30 : output[last] + 1
    }

    /// Appends another card number: the same separators and length, the first six digits of a test number of the
    /// same brand, and a right check digit (ISO/IEC 7812-1, annex B). A number that is no card's becomes other digits.
    mutating func appendCard(_ value: Span<UInt8>, to output: inout [UInt8]) {
        guard let digits = CardNumber(value) else { return appendNoCard(value, to: &output) }
        var stream = streamOfDigits(.card, value)
        let prefix = digits.testPrefix
        var made: [UInt8] = []
        for index in 0..<digits.count &- 1 {
            made.append(
                index < prefix.utf8CodeUnitCount ? prefix.utf8Start[index] &- 0x30 : stream.digit() &- 0x30
            )
        }
        made.append(CardNumber.checkDigit(for: made))
        var next = 0
        for index in value.indices {
            if value[index].isASCIIDigit {
                output.append(0x30 &+ made[next])
                next &+= 1
            } else {
                output.append(value[index])
            }
        }
    }

    /// Appends another phone number: country code, length and separators stay, and the number begins with what no
    /// subscriber's number begins with: area code 555 in North America, 00 elsewhere. The digits depend on the number and not
    /// on the way in which it is written.
    mutating func appendPhone(_ value: Span<UInt8>, to output: inout [UInt8]) {
        let plan = PhoneNumberPlan(value)
        guard plan.number.count >= 5 else { return appendDigits(value, to: &output) }
        var stream = streamOfDigits(.phone, plan.number)
        var made = DigitList()
        for index in 0..<plan.number.count {
            let other = Int(stream.digit() &- 0x30)
            let mark = index &- plan.kept
            if mark < 0 {
                made.append(plan.number[index])
            } else if mark < plan.mark.utf8CodeUnitCount {
                made.append(Int(plan.mark.utf8Start[mark] &- 0x30))
            } else {
                made.append(other)
            }
        }
        var position = 0
        for index in 0..<plan.extensionStart {
            guard value[index].isASCIIDigit else {
                output.append(value[index])
                continue
            }
            let place = plan.place(of: position)
            output.append(
                place.map { $0 < made.count ? 0x30 &+ UInt8(made[$0]) : stream.digit() } ?? value[index]
            )
            position &+= 1
        }
        for index in plan.extensionStart..<value.count {
            output.append(value[index].isASCIIDigit ? stream.digit() : value[index])
        }
    }

    /// The numbers that belong to a national number, whatever stands between its letters and digits.
    private mutating func streamOfNationalID(_ value: Span<UInt8>) -> KeyedStream {
        var compact: [UInt8] = []
        for index in value.indices where value[index].isLetterOrDigit { compact.append(value[index]) }
        return stream(.nationalID, compact.span)
    }

    /// Appends another national number: the first three digits become 000, which no state has given out, and the
    /// others other ones. Letters become other letters.
    mutating func appendNationalID(_ value: Span<UInt8>, to output: inout [UInt8]) {
        var stream = streamOfNationalID(value)
        var position = 0
        for index in value.indices {
            let byte = value[index]
            if byte.isASCIIDigit {
                let other = stream.digit()
                output.append(position < 3 ? 0x30 : other)
                position &+= 1
            } else if byte.isASCIILetter {
                output.append(stream.smallLetter() & ~0x20 | byte & 0x20)
            } else {
                output.append(byte < 0x80 ? byte : 0x78)
            }
        }
    }

    /// Appends another account number of the same country, with zeros for the bank and right check digits
    /// (ISO 13616-1). What is no such number becomes text.
    mutating func appendIBAN(_ value: Span<UInt8>, to output: inout [UInt8]) {
        guard value.isIBAN else { return appendText(value, to: &output) }
        var compact: [UInt8] = []
        for index in value.indices where value[index] != 0x20 { compact.append(value[index]) }
        var stream = stream(.iban, compact.span)
        for index in 4..<compact.count {
            let isBank = index < 8
            if compact[index].isASCIIDigit {
                compact[index] = isBank ? 0x30 : stream.digit()
            } else {
                compact[index] = isBank ? 0x58 : stream.letter(of: "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            }
        }
        compact[2] = 0x30
        compact[3] = 0x30
        let check = 98 &- compact.span.ibanRemainder
        compact[2] = 0x30 &+ UInt8(truncatingIfNeeded: check / 10)
        compact[3] = 0x30 &+ UInt8(truncatingIfNeeded: check % 10)
        var next = 0
        for index in value.indices {
            if value[index] == 0x20 {
                output.append(0x20)
            } else {
                output.append(compact[next])
                next &+= 1
            }
        }
    }

    /// Appends another date in the same notation, between 1940 and 2003 and never past the 12th of a month, so that
    /// it is a date whichever of day and month comes first. What stands behind it, such as a time, stays.
    mutating func appendDate(_ value: Span<UInt8>, to output: inout [UInt8]) {
        guard let form = DateForm(value) else { return appendText(value, to: &output) }
        var stream = streamOfDigits(.date, value.extracting(0..<form.length))
        var index = 0
        while index < form.length {
            guard value[index].isASCIIDigit else {
                output.append(value[index])
                index &+= 1
                continue
            }
            let isYear = index == form.year
            let number = isYear ? 1940 &+ stream.below(64) : 1 &+ stream.below(12)
            let width = isYear ? 4 : form.width(at: index, in: value)
            var divisor: UInt64 = isYear ? 1000 : (width == 2 ? 10 : 1)
            while divisor > 0 {
                output.append(0x30 &+ UInt8(truncatingIfNeeded: number / divisor % 10))
                divisor /= 10
            }
            index &+= width
        }
        output.append(contentsOf: value.extracting(form.length..<value.count))
    }
}
