/// The detectors that a rule set switches on: each finds one kind of value in running text by its shape.
package struct DetectorSet: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let email = DetectorSet(rawValue: 1)
    package static let card = DetectorSet(rawValue: 1 << 1)
    package static let phone = DetectorSet(rawValue: 1 << 2)
    package static let ip = DetectorSet(rawValue: 1 << 3)
    package static let nationalID = DetectorSet(rawValue: 1 << 4)
    package static let iban = DetectorSet(rawValue: 1 << 5)
    package static let jwt = DetectorSet(rawValue: 1 << 6)
    package static let token = DetectorSet(rawValue: 1 << 7)

    package static let mac = DetectorSet(rawValue: 1 << 8)
    package static let bic = DetectorSet(rawValue: 1 << 9)
    /// Dates of birth, told by a word before them.
    package static let date = DetectorSet(rawValue: 1 << 10)
    package static let coordinates = DetectorSet(rawValue: 1 << 11)
    /// Names of persons.
    package static let name = DetectorSet(rawValue: 1 << 12)
    /// Street addresses.
    package static let address = DetectorSet(rawValue: 1 << 13)
    package static let uuid = DetectorSet(rawValue: 1 << 14)

    package static let all: DetectorSet = [
        .email, .card, .phone, .ip, .nationalID, .iban, .jwt, .token, .mac, .bic, .date, .coordinates, .name,
        .address,
        .uuid,
    ]

    /// The names of all detectors.
    package static let names: [String] = PseudonymKind.allCases.map(\.name)
        .filter { DetectorSet(name: $0) != nil }

    /// The detector with this name in rule sets, which is the name of the kind it finds.
    package init?(name: String) {
        switch PseudonymKind(name: name) {
        case .email: self = .email
        case .card: self = .card
        case .phone: self = .phone
        case .ip: self = .ip
        case .nationalID: self = .nationalID
        case .iban: self = .iban
        case .jwt: self = .jwt
        case .token: self = .token
        case .mac: self = .mac
        case .bic: self = .bic
        case .date: self = .date
        case .coordinates: self = .coordinates
        case .name: self = .name
        case .address: self = .address
        case .uuid: self = .uuid
        default: return nil
        }
    }
}
