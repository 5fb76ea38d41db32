import SeededRandom

/// A made-up person whose data the deliveries carry.
struct Customer: Sendable {
    var firstName: String
    var lastName: String
    var email: String
    var phone: String
    var card: String
    var address: String
    var birthday: String
    var socialSecurityNumber: String
    /// The address of the machine the person sits at.
    var clientAddress: String

    /// Names are put together from syllables, so that none of them is a word that stands elsewhere in a trace.
    init(using generator: inout SeededGenerator) {
        firstName = Self.name(2, using: &generator)
        lastName = Self.name(3, using: &generator)
        if generator.chance(0.15) { lastName += "ström" }
        let user = "\(firstName).\(lastName)".lowercased().replacing("ö", with: "oe")
        email = "\(user)@\(generator.pick(["post", "mail", "inbox"])).example"
        // 555-0100 to 555-0199 are kept free for fiction in every area (NANPA).
        phone = "+1-\(generator.within(201...989))-555-01\(generator.within(10...99))"
        card = generator.pick(Self.cards)
        let street = Self.name(3, using: &generator) + generator.pick([" Lane", " Street", " Road"])
        address = "\(generator.within(100...9999)) \(street)"
        let month = generator.within(10...12)
        birthday = "\(generator.within(1940...2004))-\(month)-\(generator.within(10...28))"
        // No number that begins with 666 is ever issued (20 CFR 422.103 and the Social Security
        // Administration's page on randomization).
        socialSecurityNumber = "666-\(generator.within(10...99))-\(generator.within(1000...9999))"
        // TEST-NET-3 and TEST-NET-2 (RFC 5737).
        clientAddress = generator.pick(["203.0.113.", "198.51.100."]) + String(generator.within(100...254))
    }

    private static let syllables = [
        "zor", "quil", "brand", "vex", "thal", "mor", "dwy", "fenn", "kest", "ulm", "yar", "osk", "plim",
        "rudd",
    ]

    /// The numbers that card networks publish for tests; all pass the Luhn check.
    private static let cards = [
        "4242424242424242", "4111111111111111", "4012888888881881", "5555555555554444", "5105105105105100",
        "2223003122003222", "378282246310005", "6011111111111117", "3530111333300000", "4000056655665556",
    ]

    private static func name(_ syllables: Int, using generator: inout SeededGenerator) -> String {
        let name = (0..<syllables).map { _ in generator.pick(Self.syllables) }.joined()
        return name.prefix(1).uppercased() + name.dropFirst()
    }
}
