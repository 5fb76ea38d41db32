import LoadPlans
import Testing

@Suite struct DeadLettersTests {
    /// What the target says, where the number is, and what it is.
    @Test(
        arguments: [
            (#"{"dead_letters":7}"#, .json(["dead_letters"]), 7),
            (#"{"queue":{"dead":7.0,"depth":1}}"#, .json(["queue", "dead"]), 7),
            (#"{"dead_letters":"7"}"#, .json(["dead_letters"]), nil),
            (#"{"dead_letters":1e999}"#, .json(["dead_letters"]), nil),
            (#"{"dead_letters":[7]}"#, .json(["dead_letters", "0"]), nil),
            ("{", .json(["dead_letters"]), nil),
            ("", .metric("dead"), nil),
            ("# TYPE dead gauge\ndead 7\ndeadline 9\n", .metric("dead"), 7),
            // All of a family together.
            ("dead{queue=\"a\"} 3\ndead{queue=\"b\"} 4\n", .metric("dead"), 7),
        ] as [(String, ExecutionRule.DeadLetters.Count, Double?)]
    )
    func theNumberIsRead(_ body: String, _ count: ExecutionRule.DeadLetters.Count, _ number: Double?) {
        let letters = ExecutionRule.DeadLetters(path: "/q", count: count)
        #expect(letters.number(in: Array(body.utf8).span) == number)
    }
}
