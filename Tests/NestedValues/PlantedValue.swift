/// A value that is personal or secret, and the name of the field that says so.
package struct PlantedValue: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case email, name, phone, card, ip, password

        /// The field that rules know it by.
        package var field: String {
            switch self {
            case .email: "email"
            case .name: "last_name"
            case .phone: "phone"
            case .card: "card_number"
            case .ip: "ip_address"
            case .password: "password"
            }
        }

        /// Whether a detector knows it without a name.
        package var isDetected: Bool {
            switch self {
            case .email, .phone, .card, .ip: true
            case .name, .password: false
            }
        }
    }

    package var kind: Kind
    package var text: String

    package init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }

    /// An invented one.
    package static func random(_ kind: Kind, _ generator: inout some RandomNumberGenerator) -> PlantedValue {
        func digits(_ count: Int) -> String {
            String((0..<count).map { _ in Character("\(Int.random(in: 0...9, using: &generator))") })
        }
        func letters(_ count: Int) -> String {
            String(
                (0..<count).compactMap { _ in "abcdefghijklmnopqrstuvwxyz".randomElement(using: &generator) }
            )
        }
        let text: String
        switch kind {
        case .email: text = "\(letters(7)).\(letters(6))@\(letters(9)).mil"
        case .name: text = letters(1).uppercased() + letters(10)
        case .phone: text = "+4420794\(digits(5))"
        case .card:
            let body = Array("4929\(digits(11))".utf8).map { Int($0) - 48 }
            var sum = 0
            for (index, digit) in body.reversed().enumerated() {
                sum += index % 2 == 1 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9
            }
            text = body.map(String.init).joined() + "\((10 - sum % 10) % 10)"
        case .ip:
            text =
                "203.0.\(Int.random(in: 0...255, using: &generator)).\(Int.random(in: 1...254, using: &generator))"
        case .password: text = "\(letters(4))7\(letters(3))Q\(digits(4))"
        }
        return PlantedValue(kind, text)
    }
}
