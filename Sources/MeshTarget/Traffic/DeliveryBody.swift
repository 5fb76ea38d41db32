import SeededRandom

/// The body of a delivery, and what is planted in it.
struct DeliveryBody {
    var type: String
    var bytes: [UInt8]
    var plants: [TrafficPlan.Plant]

    private init(_ type: String, _ text: String, _ plants: [(kind: String, value: String)]) {
        self.type = type
        bytes = Array(text.utf8)
        self.plants = plants.map { TrafficPlan.Plant(kind: $0.kind, value: $0.value) }
    }
}

extension DeliveryBody {
    /// An order with its customer; with many `items` a body of many kilobytes.
    static func order(
        of customer: Customer,
        items: Int,
        using generator: inout SeededGenerator
    ) -> DeliveryBody {
        let lines = (0..<items).map { _ in
            let price = "\(generator.within(1...90)).\(generator.below(10))0"
            let sku = "KX-\(generator.within(100...999))"
            return #"{"sku":"\#(sku)","quantity":\#(generator.within(1...9)),"price":\#(price)}"#
        }
        let number = generator.within(10_000...99_999)
        let text = """
            {"event":"order.created","order":{"number":"SO-\(number)","currency":"EUR","total":\(number / 100).50,\
            "items":[\(lines.joined(separator: ","))]},"customer":{"first_name":"\(customer.firstName)",\
            "last_name":"\(customer.lastName)","email":"\(customer.email)","phone":"\(customer.phone)",\
            "address":"\(customer.address)","dob":"\(customer.birthday)"}}
            """
        return DeliveryBody("application/json", text, customer.contact)
    }

    /// A payment, written with the white space of a pretty printer.
    static func payment(by customer: Customer, using generator: inout SeededGenerator) -> DeliveryBody {
        let text = """
            {
              "event" : "payment.captured",
              "amount" : \(generator.within(100...99_999)),
              "currency" : "USD",
              "card_number" : "\(customer.card)",
              "receipt_email" : "\(customer.email)",
              "metadata" : { "attempt" : 1.0, "note" : null }
            }

            """
        return DeliveryBody(
            "application/json; charset=utf-8",
            text,
            [("card number", customer.card), ("e-mail", customer.email)]
        )
    }

    /// A letter in which personal data stands in running text.
    static func ticket(from customer: Customer, using generator: inout SeededGenerator) -> DeliveryBody {
        let text = """
            {"event":"ticket.opened","ticket":{"id":\(generator.within(1000...99_999)),"subject":"Refund","text":\
            "Please write to \(customer.email) or call \(customer.phone).\\nPaid with card \(customer.card)."}}
            """
        return DeliveryBody(
            "application/json",
            text,
            [("e-mail", customer.email), ("phone number", customer.phone), ("card number", customer.card)]
        )
    }

    /// A configuration in which somebody left credentials.
    static func integration(of customer: Customer, using generator: inout SeededGenerator) -> DeliveryBody {
        let key = Credential.apiKey(using: &generator)
        let token = Credential.webToken(subject: customer.email, using: &generator)
        let text = """
            {"event":"integration.updated","integration":{"name":"ledger","api_key":"\(key)",\
            "session":"\(token)","owner":{"email":"\(customer.email)"}}}
            """
        return DeliveryBody(
            "application/json",
            text,
            [("API key", key), ("JSON web token", token), ("e-mail", customer.email)]
        )
    }

    /// Commits, as a forge reports them.
    static func push(by customer: Customer, using generator: inout SeededGenerator) -> DeliveryBody {
        let commits = (0..<generator.within(1...4)).map { _ in
            let id = Credential.hex(40, using: &generator)
            return #"{"id":"\#(id)","message":"Fix the build","author":{"email":"\#(customer.email)"}}"#
        }
        let text = """
            {"ref":"refs/heads/main","commits":[\(commits.joined(separator: ","))],\
            "pusher":{"email":"\(customer.email)"}}
            """
        return DeliveryBody("application/json", text, [("e-mail", customer.email)])
    }

    /// A signup, as a browser's form sends it.
    static func signup(of customer: Customer) -> DeliveryBody {
        let values: [(kind: String, name: String, value: String)] = [
            ("first name", "first_name", customer.firstName), ("last name", "last_name", customer.lastName),
            ("e-mail", "email", customer.email), ("phone number", "phone", customer.phone),
            ("address", "address", customer.address),
            ("social security number", "ssn", customer.socialSecurityNumber),
        ]
        let pairs = values.map { "\($0.name)=\(formEncoded($0.value))" }
        let plants = values.map { (kind: $0.kind + " in a form", value: formEncoded($0.value)) }
        let text = "event=signup&" + pairs.joined(separator: "&") + "&dob=\(customer.birthday)&terms=on"
        return DeliveryBody("application/x-www-form-urlencoded", text, plants)
    }

    /// The encoding of forms (WHATWG URL, section 5.2).
    static func formEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x20: "+"
            case 0x2A, 0x2D, 0x2E, 0x5F, 0x30...0x39, 0x41...0x5A, 0x61...0x7A:
                String(Unicode.Scalar(byte))
            default: (byte < 16 ? "%0" : "%") + String(byte, radix: 16).uppercased()
            }
        }.joined()
    }
}

extension Customer {
    /// What an order says of a customer. A date of birth is left out: another's pseudonym may be the same date.
    fileprivate var contact: [(kind: String, value: String)] {
        [
            ("first name", firstName), ("last name", lastName), ("e-mail", email), ("phone number", phone),
            ("address", address),
        ]
    }
}
