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

    /// A server that writes the same date for two seconds contradicts its lines, which are right.
    @Test func staleDatesAreNotBelieved() {
        var bracket = ClockBracket()
        bracket.note(date: 100 * Self.second, sent: 101_900_000_000, received: 101_910_000_000)
        bracket.note(moment: 101_950_000_000, received: 101_951_000_000)
        #expect(bracket.offset == 0 && bracket.uncertainty == nil)
    }
}
