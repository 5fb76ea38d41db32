import Checks
import Testing

@Suite struct FalseDiscoveryTests {
    /// Tails of the hypergeometric distribution, reckoned with Python's fractions.
    @Test(arguments: [
        (3, 4, 1, 4, 17.0 / 70), (4, 4, 0, 4, 1.0 / 70), (0, 10, 3, 10, 1.0), (2, 100, 2, 100, 0.6894),
    ])
    func theChanceOfSoManyIsExact(
        _ row: (differing: Int, answers: Int, expected: Int, learned: Int, chance: Double)
    ) {
        let chance = FalseDiscovery.chance(
            of: row.differing,
            in: row.answers,
            where: row.expected,
            of: row.learned
        )
        #expect(abs(chance - row.chance) < 1e-3)
    }

    static let rows: [(chances: [Double], tests: Int, discovered: [Bool])] = [
        ([0.01, 0.04, 0.03, 0.005], 4, [true, true, true, true]),
        ([0.01, 0.04, 0.03, 0.06], 4, [true, false, false, false]),
        // A small one takes larger ones below its line with it.
        ([0.039, 0.038, 0.037, 0.036], 4, [true, true, true, true]),
        ([0.01], 100, [false]), ([], 10, []),
    ]

    @Test(arguments: rows)
    func discoveriesByBenjaminiAndHochberg(_ row: (chances: [Double], tests: Int, discovered: [Bool])) {
        #expect(FalseDiscovery.discoveries(row.chances, tests: row.tests, level: 0.05) == row.discovered)
    }
}
