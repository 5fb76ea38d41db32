import Reports
import Testing

@Suite struct QuantityTests {
    static let durations: [(nanoseconds: Int64, text: String)] = [
        (0, "0 ns"), (999, "999 ns"), (1_000, "1.00 µs"), (12_345, "12.3 µs"), (123_456, "123 µs"),
        // Rounding never gives four digits before the unit changes.
        (999_499, "999 µs"), (999_500, "1.00 ms"), (9_995_000, "10.0 ms"), (999_500_000, "1.00 s"),
        (1_204_000_000, "1.20 s"), (59_949_000_000, "59.9 s"), (59_950_000_000, "1 min 00 s"),
        (200_000_000_000, "3 min 20 s"), (7_500_000_000_000, "2 h 05 min"),
        (-1_500, "-1.50 µs"), (.max, "2562047 h 47 min"), (.min, "-2562047 h 47 min"),
    ]

    @Test(arguments: durations)
    func durationsHaveAUnit(_ row: (nanoseconds: Int64, text: String)) {
        #expect(Quantity.duration(nanoseconds: row.nanoseconds) == row.text)
    }

    @Test func microsecondsSaturate() {
        #expect(Quantity.duration(microseconds: 1_500) == "1.50 ms")
        #expect(Quantity.duration(microseconds: .max) == "2562047 h 47 min")
    }

    static let sizes: [(count: UInt64, text: String)] = [
        (0, "0 B"), (1_023, "1023 B"), (1_024, "1.00 KiB"), (1_536, "1.50 KiB"), (1_048_575, "1.00 MiB"),
        (268_435_456, "256 MiB"), (.max, "16.0 EiB"),
    ]

    @Test(arguments: sizes)
    func sizesHaveAUnit(_ row: (count: UInt64, text: String)) {
        #expect(Quantity.bytes(row.count) == row.text)
    }

    static let numbers: [(value: Double, text: String)] = [
        (0, "0"), (0.5, "0.50"), (0.005, "0.01"), (-0.001, "0.00"), (9.994, "9.99"), (9.995, "10.0"),
        (99.94, "99.9"), (99.95, "100"), (999.4, "999"), (999.5, "1,000"), (2_000_000, "2,000,000"),
        (-1_234.5, "-1,235"), (.infinity, "–"), (.nan, "–"), (1e300, "1e+300"),
    ]

    @Test(arguments: numbers)
    func numbersHaveThreeDigits(_ row: (value: Double, text: String)) {
        #expect(Quantity.digits(row.value) == row.text)
    }

    @Test func countsHaveCommas() {
        #expect(Quantity.count(0) == "0")
        #expect(Quantity.count(999) == "999")
        #expect(Quantity.count(1_000) == "1,000")
        #expect(Quantity.count(-123_456) == "-123,456")
        #expect(Quantity.count(UInt64.max) == "18,446,744,073,709,551,615")
    }

    @Test func aShareOfAlmostAllIsNotAll() {
        #expect(Quantity.percent(1) == "100 %")
        #expect(Quantity.percent(0.99999) == "99.9 %")
        #expect(Quantity.percent(0.0052) == "0.52 %")
        #expect(Quantity.percent(0) == "0 %")
    }

    @Test func fixedKeepsItsDecimals() {
        #expect(Quantity.fixed(1.005, decimals: 3) == "1.005")
        #expect(Quantity.fixed(-0.04, decimals: 1) == "0.0")
        #expect(Quantity.fixed(-1.25, decimals: 1) == "-1.3")
        #expect(Quantity.fixed(7, decimals: 0) == "7")
        #expect(Quantity.fixed(1e15, decimals: 9) == "1000000000000000.0")
    }
}
