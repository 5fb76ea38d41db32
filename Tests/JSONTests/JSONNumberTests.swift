import JSON
import Testing

@Suite struct JSONNumberTests {
    static let rows: [(left: String, right: String, equal: Bool)] = [
        ("1", "1.0", true),
        ("1", "1e0", true),
        ("1", "10e-1", true),
        ("1", "0.0001E+4", true),
        ("-1.50", "-15e-1", true),
        ("0", "-0.0e9", true),
        ("0e5", "0e99999999999999999999", false),  // beyond the exponents that are compared
        ("1", "-1", false),
        ("1", "10", false),
        ("100", "1", false),
        ("1", "1.0000000000000000000000001", false),
        // Equal as `Double`, and different numbers
        ("9007199254740992", "9007199254740993", false),
        ("1e999999999999999", "10e999999999999998", true),
        ("1e99999999999999999999", "1e99999999999999999999", true),
        ("1e99999999999999999999", "10e99999999999999999998", false),
    ]

    @Test(arguments: rows)
    func comparesDecimals(_ row: (left: String, right: String, equal: Bool)) {
        let left = JSONNumber(spelling: row.left)
        let right = JSONNumber(spelling: row.right)
        #expect(left.isNumericallyEqual(to: right) == row.equal)
        #expect(right.isNumericallyEqual(to: left) == row.equal)
    }
}
