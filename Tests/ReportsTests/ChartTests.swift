import Reports
import Testing

/// Axes and labels, by tables.
@Suite struct ChartTests {
    @Test(
        arguments: [
            (0.0...100, 5, [0.0, 20, 40, 60, 80, 100]),
            (0...1, 4, [0, 0.5, 1]),
            // The first tick is not before the domain, the last one not behind it.
            (3...17, 4, [5, 10, 15]),
            (-7...7, 4, [-5, 0, 5]),
            (0...0.003, 3, [0, 0.001, 0.002, 0.003]),
            (0...999_999, 4, [0, 500_000]),
            (5...5, 4, [5]),
        ] as [(ClosedRange<Double>, Int, [Double])]
    ) func linearTicksAreRound(_ domain: ClosedRange<Double>, _ count: Int, _ expected: [Double]) {
        let ticks = Ticks.linear(domain, count: count)
        #expect(ticks.count == expected.count)
        for (tick, wanted) in zip(ticks, expected) {
            #expect(abs(tick - wanted) <= abs(wanted) * 1e-9 + 1e-12)
        }
    }

    @Test(
        arguments: [
            // 1, 2, 5 where there is room, decades where there are many, every other one where even they are too many.
            (1.0...10, 6, [1.0, 2, 5, 10]),
            (90...1_100, 6, [100, 200, 500, 1_000]),
            (1...1e5, 6, [1, 10, 100, 1_000, 10_000, 100_000]),
            (1...1e9, 6, [1, 100, 1e4, 1e6, 1e8]),
            (0...10, 6, []),
        ] as [(ClosedRange<Double>, Int, [Double])]
    ) func logarithmicTicksAreRound(_ domain: ClosedRange<Double>, _ count: Int, _ expected: [Double]) {
        let ticks = Ticks.logarithmic(domain, count: count)
        #expect(ticks.count == expected.count)
        for (tick, wanted) in zip(ticks, expected) { #expect(abs(tick - wanted) <= wanted * 1e-9) }
    }

    @Test(
        arguments: [
            (0.0...10, [0.0, 2, 4, 6, 8, 10]), (0...59, [0, 10, 20, 30, 40, 50]),
            (0...300, [0, 60, 120, 180, 240, 300]),
            (0...7_200, [0, 1_800, 3_600, 5_400, 7_200]), (0...0.4, [0, 0.1, 0.2, 0.3, 0.4]),
            (0...864_000, [0, 172_800, 345_600, 518_400, 691_200, 864_000]),
        ] as [(ClosedRange<Double>, [Double])]
    ) func momentsAreThoseOfAClock(_ domain: ClosedRange<Double>, _ expected: [Double]) {
        let ticks = Ticks.time(domain, count: 6)
        #expect(ticks.count == expected.count, "\(ticks)")
        for (tick, wanted) in zip(ticks, expected) { #expect(abs(tick - wanted) < 1e-9) }
    }

    @Test func anyDomainHasFewTicksInside() {
        for exponent in -12...12 {
            for factor in [1.0, 1.7, 3.3, 9.9] {
                var end = factor
                for _ in 0..<abs(exponent) { end *= exponent < 0 ? 0.1 : 10 }
                for count in 2...8 {
                    for ticks in [
                        Ticks.linear(0...end, count: count), Ticks.logarithmic(end / 700...end, count: count),
                        Ticks.time(0...end, count: count),
                    ] {
                        #expect((1...2 * count + 2).contains(ticks.count), "\(end), \(count): \(ticks)")
                        #expect(ticks.allSatisfy { $0 >= 0 && $0 <= end * (1 + 1e-6) })
                        #expect(ticks == ticks.sorted())
                    }
                }
            }
        }
    }

    @Test func scalesHoldTheirEnds() {
        let linear = Scale(.linear, 0...200, from: 10, to: 110)
        #expect(linear.place(0) == 10 && linear.place(200) == 110 && linear.place(100) == 60)
        // What lies outside stands at the end, and what is empty is made wide enough.
        #expect(linear.place(-5) == 10 && linear.place(1e300) == 110)
        #expect(Scale(.linear, 3...3, from: 0, to: 1).place(3) == 0)
        let log = Scale(.logarithmic, 1...10_000, from: 100, to: 0)
        #expect(abs(log.place(100) - 50) < 1e-9 && log.place(0) == 100)
        #expect(Scale(.logarithmic, 0...0, from: 0, to: 1).place(0) == 0)
    }

    @Test(
        arguments: [
            (0.0, "0", "0"), (1, "1 µs", "1"), (200, "200 µs", "200"), (5_000, "5 ms", "5000"),
            (1_500, "1.5 ms", "1500"), (20_000, "20 ms", "20k"), (1e6, "1 s", "1M"),
            (2.5e9, "2500 s", "2.5G"),
        ]
    ) func labelsAreShort(_ value: Double, _ duration: String, _ count: String) {
        #expect(AxisLabel.duration(microseconds: value) == duration)
        #expect(AxisLabel.count(value) == count)
    }

    @Test func momentsAreSpelledByTheLengthOfTheRun() {
        #expect(AxisLabel.moment(seconds: 0.5, upTo: 4) == "0.5 s")
        #expect(AxisLabel.moment(seconds: 90, upTo: 300) == "1:30")
        #expect(
            AxisLabel.moment(seconds: 5_400, upTo: 9_000) == "1:30:00"
                || AxisLabel.moment(seconds: 5_400, upTo: 9_000) == "1:30"
        )
    }

    @Test(
        arguments: [
            ("abc", "abc", ["abc", "", ""]), ("abXc", "abYc", ["ab", "X", "c"]), ("", "x", ["", "", ""]),
            ("aa", "aaa", ["aa", "", ""]), ("aaa", "aa", ["aa", "a", ""]), ("X", "Y", ["", "X", ""]),
            ("grün 1", "grün 2", ["grün ", "1", ""]),
            // Parts of one character stay together.
            ("e\u{301}", "e", ["", "e\u{301}", ""]),
        ]
    ) func theChangedPartLiesBetweenWhatIsAlike(_ text: String, _ other: String, _ expected: [String]) {
        let parts = ChangedPart(of: text, beside: other)
        #expect([parts.before, parts.changed, parts.after] == expected)
    }

    @Test(
        arguments: [
            (
                ["/usr/bin/tapedeck", "replay", "a b.gz", "--target", "http://x"],
                "tapedeck replay 'a b.gz' --target http://x"
            ),
            (
                ["t", "replay", "--filter", "method=POST header:authorization=abc"],
                "tapedeck replay --filter 'method=POST header:authorization=(left out)'"
            ),
            (["t", "--set", "api_key=abc"], "tapedeck --set 'api_key=(left out)'"),
            // Where a secret is to be found is none.
            (["t", "--sign", "token=env:SECRET"], "tapedeck --sign token=env:SECRET"),
            (
                ["t", "--target", "https://joe:pw@host/p@q"],
                "tapedeck --target 'https://(left out)@host/p@q'"
            ),
            (["t", "it's"], "tapedeck 'it'\\''s'"),
            (["t"], "tapedeck"),
            (["t", "a\u{202E}b\u{1B}"], "tapedeck $'a\\u202eb\\x1b'"),
        ]
    ) func aCommandIsRepeatedWithoutSecrets(_ arguments: [String], _ expected: String) {
        #expect(RepeatedCommand.line(arguments) == expected)
    }
}
