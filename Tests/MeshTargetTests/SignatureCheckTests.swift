import MeshTarget
import Testing

@Suite struct SignatureCheckTests {
    /// The worked example in GitHub's documentation, "Validating webhook deliveries".
    static let secret = Array("It's a Secret to Everybody".utf8)
    static let body = Array("Hello, World!".utf8)
    static let digits = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    @Test func signsAsTheExampleDoes() {
        #expect(SignatureCheck.signature(of: Self.body, secret: Self.secret) == "sha256=" + Self.digits)
    }

    static let values: [(value: String?, isValid: Bool)] = [
        ("sha256=" + digits, true),
        (nil, false),
        ("", false),
        // The scheme is part of the value.
        (digits, false),
        ("sha1=" + digits, false),
        // Only small letters, as senders write them.
        ("sha256=" + digits.uppercased(), false),
        ("sha256=" + digits.dropLast(), false),
        ("sha256=" + digits + "0", false),
        ("sha256=" + digits.dropLast() + "8", false),
        ("sha256=" + digits.dropLast() + "g", false),
        // As many bytes as a signature has, but not as many characters.
        ("sha256=" + String(repeating: "é", count: 32), false),
    ]

    @Test(arguments: values) func takesTheRightSignatureOnly(value: String?, isValid: Bool) {
        #expect(SignatureCheck.isValid(value, body: Self.body, secret: Self.secret) == isValid)
    }
}
