import Checks
import Messages
import Testing

/// Event streams and WebSocket sessions that went on when they were left.
@Suite struct LeftStreamTests {
    private static func events(_ ids: [Int]) -> String { ids.map { "id: \($0)\ndata: \($0)\n\n" }.joined() }

    private static func result(
        _ expected: String,
        _ observed: String,
        _ flags: (MessageFlags, MessageFlags),
        isSession: Bool = false
    ) -> CheckResult {
        let fields = isSession ? ["Upgrade: websocket"] : ["Content-Type: text/event-stream"]
        let base: MessageFlags = isSession ? .upgraded : []
        var comparator = Comparator()
        comparator.expect(TraceScript.request(7, "GET /a"))
        comparator.expect(
            TraceScript.response(
                7,
                isSession ? 101 : 200,
                fields: fields,
                body: Array(expected.utf8),
                flags: base.union(flags.0)
            )
        )
        comparator.observe(TraceScript.request(1, "GET /a", of: 7))
        comparator.observe(
            TraceScript.response(
                1,
                isSession ? 101 : 200,
                fields: fields,
                body: Array(observed.utf8),
                of: 7,
                flags: base.union(flags.1)
            )
        )
        return comparator.finish()
    }

    /// Events recorded and observed, of a stream that the recorded client left, and what is said of them.
    @Test(
        arguments: [
            ([1, 2, 3], [1, 2, 3], []),
            // More came than the client stayed for.
            ([1, 2, 3], [1, 2, 3, 4, 5], []),
            ([], [1], []),
            ([1, 2, 3], [1, 3, 4], ["$[1] missing"]),
            ([1, 2, 3], [1, 2], ["$[2] missing"]),
            ([1, 2, 3], [1, 9, 2, 3, 4], ["$[1] added"]),
            ([1, 2, 3], [2, 1, 3], ["$ order"]),
        ] as [([Int], [Int], [String])]
    )
    func eventsUntilTheClientLeft(expected: [Int], observed: [Int], said: [String]) {
        let result = Self.result(Self.events(expected), Self.events(observed), (.incomplete, .incomplete))
        #expect(result.differences.map { "\($0.field) \($0.kind.rawValue)" } == said)
        #expect(result.counts.bodiesCut == 0)
        #expect(result.verdict == (said.isEmpty ? .pass : .fail))
    }

    @Test func aStreamThatEndedAndDoesNotAnyMoreIsSaidToBeIncomplete() {
        let result = Self.result(Self.events([1, 2]), Self.events([1, 2]), ([], .incomplete))
        #expect(result.lines.map { String($0.prefix(15)) } == ["body incomplete"])
        let more = Self.result(Self.events([1, 2]), Self.events([1]), ([], .incomplete))
        #expect(more.differences.map(\.field.description) == ["$[1]", "body"])
    }

    /// Bytes that were never captured are another matter.
    @Test(arguments: [MessageFlags.gap, .truncated]) func whatIsMissingInTheMiddleIsNotCompared(
        flag: MessageFlags
    ) {
        let result = Self.result(Self.events([1]), Self.events([2]), ([.incomplete, flag], []))
        #expect(result.counts.bodiesCut == 1)
        #expect(result.differences.isEmpty)
    }

    /// What the server said, recorded and observed; where it did not end the session, more may follow.
    @Test(
        arguments: [
            (["1", "2"], ["1", "2", "3"], true, []),
            (["1", "2"], ["1", "2", "3"], false, ["$[2] added"]),
            (["1", "2", "3"], ["1", "3"], true, ["$[1] missing"]),
            (["{\"a\":1}"], ["{\"a\":2}"], true, ["$[0].payload.a value"]),
        ] as [([String], [String], Bool, [String])]
    )
    func sessionsAreComparedByWhatIsSaid(expected: [String], observed: [String], isLeft: Bool, said: [String])
    {
        func list(_ data: [String]) -> String {
            "[" + data.map { "{\"opcode\":\"text\",\"payload\":\($0)}" }.joined(separator: ",") + "]"
        }
        let flags: MessageFlags = isLeft ? .incomplete : []
        let result = Self.result(list(expected), list(observed), (flags, flags), isSession: true)
        #expect(result.differences.map { "\($0.field) \($0.kind.rawValue)" } == said)
    }
}
