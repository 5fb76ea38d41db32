import LoadPlans
import Messages
import Testing

/// Answers without the name of a run: which of the runs with a mark is whose.
@Suite struct RequestIdentityTests {
    private static let second: Int64 = 1_000_000_000

    private static func head(_ fields: String) throws -> Head {
        try Head(
            parsing: Array("POST /hooks/a?b=c HTTP/1.1\r\nHost: hooks\r\n\(fields)\r\n".utf8),
            kind: .request
        )
    }

    /// What a request brings, what tells it apart in its third pass as the first copy, and what may come back.
    @Test(arguments: [
        ("X-Tapedeck-Replay: run/7\r\n", "run/7 2.1", ["run/7"]),
        // A recorded id is the same in every pass.
        ("X-Correlation-Id: c\r\nX-Tapedeck-Replay: run/7\r\n", "run/7 2.1", ["c", "run/7"]),
        ("X-Correlation-Id: c\r\n", "c", ["c"]),
        // Whoever sends a key once more wants one run, whichever exchange of the trace it is.
        ("Idempotency-Key: k\r\nX-Tapedeck-Replay: run/7\r\n", "/hooks/a?b=c k", ["run/7"]),
        ("Webhook-Id: k\r\n", "/hooks/a?b=c k", []), ("Idempotency-Key:\r\n", nil, []), ("", nil, []),
    ])
    func requestsAreToldApart(_ fields: String, _ request: String?, _ marks: [String]) throws {
        let identity = RequestIdentity(try Self.head(fields), target: "/hooks/a?b=c", loop: 2, copy: 1)
        #expect(identity.request == request && identity.marks == marks)
    }

    /// A delivery without the name of its run: at so many seconds, in its pass.
    private static func accept(_ book: inout ExecutionBook, at time: Int64, pass: Int) {
        book.accept(
            name: nil,
            RequestIdentity(request: "e \(pass)", marks: ["c", "e"]),
            tenant: "t",
            sent: time * second,
            at: time * second + second / 2,
            delay: 0
        )
    }

    /// A run with the mark that all passes share, made a quarter of a second after so many seconds.
    private static func show(_ book: inout ExecutionBook, _ name: String, at time: Int64) {
        var run = RunSighting(id: name, state: .succeeded)
        run.created = time * second + second / 4
        run.finished = time * second + second / 3
        run.correlation = "c"
        book.see(run, at: time * second + second / 2)
    }

    private static func counts(_ book: ExecutionBook) -> [UInt64?] {
        var record = StageRecord(stage: Stage(name: "peak", kind: .peak, scenarios: []))
        record.start = 1
        book.write(into: &record, at: 1_000 * second)
        return [.accepted, .finished, .lost, .repeated, .duplicateRuns, .strayRuns]
            .map { (thing: Criterion.CountedThing) in record.count(thing, tenant: nil) }
    }

    /// What happens, a letter each: `+` the answer of the next pass, `=` that of the same one once more, a digit the
    /// run that was made in the second with that number. Then what is accepted, finished, lost, repeated, a duplicate,
    /// and nobody's.
    @Test(
        arguments: [
            ("+1+2+3", [3, 3, 0, 0, 0, 0]),
            // The second one was taken and made no run, or none did.
            ("+1++3", [3, 2, 1, 0, 0, 0]), ("++", [2, 0, 2, 0, 0, 0]),
            // Runs may be seen before their answers, all of them, too.
            ("1+2+3+", [3, 3, 0, 0, 0, 0]), ("123+++", [3, 3, 0, 0, 0, 0]),
            // One delivery has made two runs.
            ("+12", [1, 1, 0, 0, 1, 0]), ("+11+2", [2, 2, 0, 0, 0, 0]), ("+1+23", [2, 2, 0, 0, 1, 0]),
            // The same request was sent once more, and answered as before.
            ("+1=", [1, 1, 0, 1, 0, 0]), ("+1==+2", [2, 2, 0, 2, 0, 0]),
        ] as [(String, [UInt64])]
    )
    func passesShareAMark(_ story: String, _ expected: [UInt64]) {
        var book = ExecutionBook()
        var pass = 0
        for letter in story {
            if let number = letter.wholeNumberValue {
                Self.show(&book, "r\(number)", at: Int64(number))
            } else {
                if letter == "+" { pass += 1 }
                Self.accept(&book, at: Int64(pass), pass: pass)
            }
        }
        #expect(Self.counts(book) == expected.map(Optional.init))
    }

    /// In the next stage the mark comes again, and the list still shows the run of before.
    @Test func aMarkIsNoRunOfTheStageBefore() {
        var before = ExecutionBook()
        Self.accept(&before, at: 1, pass: 1)
        Self.show(&before, "r1", at: 1)
        for isShownFirst in [true, false] {
            var book = ExecutionBook(after: before)
            if isShownFirst { Self.show(&book, "r1", at: 1) }
            Self.accept(&book, at: 90, pass: 2)
            Self.show(&book, "r1", at: 1)
            #expect(book.open == 1)
            Self.show(&book, "r2", at: 90)
            #expect(Self.counts(book).prefix(5) == [1, 1, 0, 0, 0])
        }
        // What the target may take for the delivery of before is a repetition.
        var again = ExecutionBook(after: before)
        Self.accept(&again, at: 90, pass: 1)
        #expect(Self.counts(again).prefix(4) == [0, 0, 0, 1])
    }
}
