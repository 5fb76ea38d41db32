/// What a value is, and so what its pseudonym must look like.
package enum PseudonymKind: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    case email
    /// A payment card number.
    case card
    case phone
    /// An IPv4 or IPv6 address.
    case ip
    /// Names of persons and places, word by word.
    case name
    /// Any text, as a whole.
    case text
    /// Numbers that are no cards and no phones.
    case digits
    /// A calendar date, with or without a time behind it.
    case date
    /// A number that a state gives its people.
    case nationalID
    case iban
    /// A JSON Web Token (RFC 7519).
    case jwt
    /// A key of a known service, told by its prefix.
    case token
    /// A password, key or secret without a shape of its own.
    case credential
    /// The value of `Authorization`: a scheme and what proves it.
    case authorization
    /// The value of `Cookie`.
    case cookie
    /// The value of `Set-Cookie`.
    case setCookie
    /// A list of addresses as in `X-Forwarded-For` and `Forwarded` (RFC 7239).
    case addresses
    /// A MAC address.
    case mac
    case uuid
    /// A bank identifier code (ISO 9362).
    case bic
    /// Decimal degrees, one or a pair of them.
    case coordinates
    /// A street address.
    case address

    /// The name used in rule sets.
    package var name: String {
        switch self {
        case .email: "email"
        case .card: "card"
        case .phone: "phone"
        case .ip: "ip"
        case .name: "name"
        case .text: "text"
        case .digits: "digits"
        case .date: "date"
        case .nationalID: "national-id"
        case .iban: "iban"
        case .jwt: "jwt"
        case .token: "token"
        case .credential: "credential"
        case .authorization: "authorization"
        case .cookie: "cookie"
        case .setCookie: "set-cookie"
        case .addresses: "addresses"
        case .mac: "mac"
        case .uuid: "uuid"
        case .bic: "bic"
        case .coordinates: "coordinates"
        case .address: "address"
        }
    }

    package init?(name: String) {
        guard let kind = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }

    /// The kind under which a replaced value is counted and reported.
    package var counted: PseudonymKind {
        switch self {
        case .authorization, .cookie, .setCookie: .credential
        case .addresses: .ip
        case .email, .card, .phone, .ip, .name, .text, .digits, .date, .nationalID, .iban, .jwt, .token,
            .credential, .mac, .uuid, .bic, .coordinates, .address:
            self
        }
    }
}
