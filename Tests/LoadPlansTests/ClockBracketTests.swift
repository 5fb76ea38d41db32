import LoadPlans
import Testing

@Suite struct ClockBracketTests {
    private static let second: Int64 = 1_000_000_000

    /// Answers at moments all over the second, each a hundredth under way, from a clock that is ahead by `offset`.
    private static func bracket(ahead offset: Int64) -> ClockBracket {
        var bracket = ClockBracket()
        for step in 0..<200 {
            let sent = 1_000 * second + Int64(step) * 37_000_003
            let written = sent + second / 200 + offset
            bracket.note(date: written / second * second, sent: sent, received: sent + second / 100)
        }
        return bracket
    }

    @Test(arguments: [0, 1_000_000, -1_000_000, 5 * second, -90 * second, second / 2])
    func datesNarrowTheOffsetDown(_ offset: Int64) throws {
        let bracket = Self.bracket(ahead: offset)
        let uncertainty = try #require(bracket.uncertainty)
        // The round trip, and the hundredths between the moments of 200 answers.
        #expect(uncertainty <= 30_000_000)
        #expect((bracket.offset - offset).magnitude <= UInt64(30_000_000))
        // Clocks that may be the same are.
        if offset.magnitude <= 1_000_000 { #expect(bracket.offset == 0) }
    }

    @Test func nothingIsKnownWithoutAnswers() {
        let bracket = ClockBracket()
        #expect(bracket.offset == 0 && bracket.uncertainty == nil)
    }

    /// A line cannot arrive before it was written.
    @Test func linesBoundTheOffsetFromBelow() {
        var bracket = ClockBracket()
        bracket.note(moment: 10 * Self.second, received: 7 * Self.second)
        bracket.note(moment: 8 * Self.second, received: 7 * Self.second)
        #expect(bracket.offset == 3 * Self.second && bracket.uncertainty == nil)
        // One that took its time says nothing.
        var late = ClockBracket()
        late.note(moment: Self.second, received: 9 * Self.second)
        #expect(late.offset == 0)
    }

    /// Lines that took 20 ms, as many of them a day ahead, and whether the dates are believed all the same.
    @Test(arguments: [
        (1_000, 0, true), (1_000, 1, true), (1_000, 10, true), (1_000, 11, false),
        // One of several is wrong by itself; two of fifty, or all there are, may be right.
        (2, 1, true), (50, 1, true), (50, 2, false), (1, 1, false),
    ])
    func aFewLinesDoNotOverruleDates(_ lines: Int, _ ahead: Int, _ isBelieved: Bool) {
        for offset in [0, 5 * Self.second, -90 * Self.second] {
            for isFirst in [true, false] {
                var bracket = Self.bracket(ahead: offset)
                for line in 0..<lines {
                    let received = 2_000 * Self.second + Int64(line) * 1_000_000
                    let isAhead = isFirst ? line < ahead : line >= lines - ahead
                    let moment = received + offset - 20_000_000 + (isAhead ? 86_400 * Self.second : 0)
                    bracket.note(moment: moment, received: received)
                }
                #expect(bracket.isDisputed == !isBelieved)
                #expect((bracket.uncertainty != nil) == isBelieved)
                if isBelieved { #expect((bracket.offset - offset).magnitude <= UInt64(30_000_000)) }
            }
        }
    }

    /// Without dates a few lines that are far ahead of hundreds of others are left out.
    @Test func linesThatAreFarAheadOfAllOthersAreLeftOut() {
        var bracket = ClockBracket()
        for line in 0..<400 {
            let received = 2_000 * Self.second + Int64(line) * 1_000_000
            // A second of lag here and there is no reason to leave out those that took none.
            let lag: Int64 = line % 7 == 0 ? 1_500_000_000 : 20_000_000
            let ahead: Int64 = line == 5 || line == 300 ? 86_400 * Self.second : 0
            bracket.note(moment: received + 3 * Self.second - lag + ahead, received: received)
        }
        #expect(bracket.offset == 3 * Self.second - 20_000_000)
        #expect(!bracket.isDisputed && bracket.uncertainty == nil)
    }

    /// Milliseconds by which the clock of one node is ahead of that of the other, which writes the dates.
    @Test(arguments: [(100, false), (2_000, true)])
    func nodesHaveClocksOfTheirOwn(_ milliseconds: Int64, _ isDisputed: Bool) {
        var bracket = Self.bracket(ahead: 0)
        for line in 0..<100 {
            let received = 2_000 * Self.second + Int64(line) * 1_000_000
            bracket.note(moment: received + Int64(line % 2) * milliseconds * 1_000_000, received: received)
        }
        // What is little is within what is not known anyway: lines count.
        #expect(bracket.offset == milliseconds * 1_000_000 && bracket.uncertainty == nil)
        #expect(bracket.isDisputed == isDisputed)
    }

    /// A server that writes the same date for two seconds contradicts its lines, which are right.
    @Test func staleDatesAreNotBelieved() {
        var bracket = ClockBracket()
        bracket.note(date: 100 * Self.second, sent: 101_900_000_000, received: 101_910_000_000)
        bracket.note(moment: 101_950_000_000, received: 101_951_000_000)
        #expect(bracket.offset == 0 && bracket.uncertainty == nil)
        #expect(!bracket.isDisputed)
    }
}
