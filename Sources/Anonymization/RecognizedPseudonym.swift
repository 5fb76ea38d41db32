import Bytes
import Packets

/// Tells pseudonyms from values by the marks that they carry, without the key.
enum RecognizedPseudonym {
    /// Whether `value` is, or could well be, a pseudonym of this kind; for kinds without a mark always.
    static func matches(_ kind: PseudonymKind, _ value: Span<UInt8>) -> Bool {
        if isMask(value) || value.equalsIgnoringCase("redacted") { return true }
        switch kind {
        case .email: return isEmail(value)
        case .card: return CardNumber(value).map { $0.isTestNumber } ?? true
        case .phone: return PhoneNumberPlan.isMarked(value)
        case .ip, .addresses: return isAddress(value)
        case .name, .text: return MadeUpWord.couldMake(value) || value.isEmailAddress && isEmail(value)
        case .digits, .date: return true
        case .nationalID: return hasZeros(value)
        case .iban: return isIBAN(value)
        case .jwt: return isJWT(value)
        case .token:
            let prefix = TextScanner.tokenPrefixLength(in: value)
            return PlaceholderMark.isOn(value.extracting(prefix..<value.count))
        case .mac: return IdentifierMark.isOn(value, IdentifierMark.mac)
        case .uuid: return IdentifierMark.isOn(value, IdentifierMark.uuid)
        case .bic: return IdentifierMark.isOnBIC(value)
        case .coordinates: return true
        case .address: return isStreetAddress(value)
        case .credential, .authorization, .cookie, .setCookie:
            if value.isEmailAddress { return isEmail(value) }
            if TextScanner.jwtEnd(in: value, at: 0) == value.count { return isJWT(value) }
            if TextScanner.tokenEnd(in: value, at: 0) == value.count { return matches(.token, value) }
            return PlaceholderMark.isOn(value)
        }
    }

    /// Whether every letter is `x` and every digit 0.
    private static func isMask(_ value: Span<UInt8>) -> Bool {
        for index in value.indices where value[index].isLetterOrDigit {
            if value[index] != 0x78, value[index] != 0x30 { return false }
        }
        return true
    }

    private static func isEmail(_ value: Span<UInt8>) -> Bool {
        guard let at = value.lastIndex(of: 0x40) else { return MadeUpWord.couldMake(value) }
        return ReservedDomain.contains(value.extracting(at &+ 1..<value.count))
    }

    private static func isAddress(_ value: Span<UInt8>) -> Bool {
        guard let address = IPAddress(parsing: value) else { return MadeUpWord.couldMake(value) }
        if address.isIPv4 || address.high == 0 && address.low >> 32 == 0xFFFF {
            return address.low >> 24 & 0xFF == 10
        }
        return address.high >> 56 == 0xFD
    }

    private static func isStreetAddress(_ value: Span<UInt8>) -> Bool {
        var index = 0
        while index < value.count {
            let isWord = value[index].isLetterOrDigit && !value[index].isASCIIDigit
            var end = index &+ 1
            while end < value.count, value[end].isLetterOrDigit && !value[end].isASCIIDigit == isWord {
                end &+= 1
            }
            let part = value.extracting(index..<end)
            if isWord, !part.isStreetWord, !MadeUpWord.couldMake(part) { return false }
            index = end
        }
        return true
    }

    private static func hasZeros(_ value: Span<UInt8>) -> Bool {
        var seen = 0
        for index in value.indices where value[index].isASCIIDigit {
            if value[index] != 0x30 { return false }
            seen &+= 1
            if seen == 3 { break }
        }
        return true
    }

    private static func isIBAN(_ value: Span<UInt8>) -> Bool {
        guard value.isIBAN else { return MadeUpWord.couldMake(value) }
        var position = 0
        for index in value.indices where value[index] != 0x20 {
            if (4..<8).contains(position), value[index] != 0x30, value[index] != 0x58 { return false }
            position &+= 1
        }
        return true
    }

    private static func isJWT(_ value: Span<UInt8>) -> Bool {
        guard let dot = value.firstIndex(of: 0x2E) else { return PlaceholderMark.isOn(value) }
        return PlaceholderMark.isOn(value.extracting(dot &+ 1..<value.count))
    }
}
