import LoadPlans
import Testing

/// Pages of metrics, of whoever gives them.
@Suite struct ExpositionTests {
    private struct Row {
        var text: String
        /// As `name value`.
        var samples: [String]
        var unreadable = 0
        var reason: String
    }

    private static let rows = [
        Row(text: "a 1", samples: ["a 1.0"], reason: "no end of line"),
        Row(text: "a 1\r\nb 2\r\n", samples: ["a 1.0", "b 2.0"], reason: "ends of lines as of Windows"),
        Row(text: "\t a\t 1 1700000000000\n", samples: ["a 1.0"], reason: "blanks and a time"),
        Row(text: "a{} 1", samples: ["a 1.0"], reason: "no label in braces"),
        Row(
            text: #"a{z="1",b="2",} 3"#,
            samples: [#"a{b="2",z="1"} 3.0"#],
            reason: "labels in their order, a comma behind the last"
        ),
        Row(
            text: #"a{p="x\"},{ y=\\",q="ü"} 1"#,
            samples: [#"a{p="x\"},{ y=\\",q="ü"} 1.0"#],
            reason: "marks in a value are none"
        ),
        Row(
            text: "a +Inf\na NaN\na -Inf\na inf\na infinity",
            samples: [],
            unreadable: 5,
            reason: "no numbers"
        ),
        Row(
            text: "a 1e3\nb -2.5E-1\nc .5",
            samples: ["a 1000.0", "b -0.25", "c 0.5"],
            reason: "as Go spells"
        ),
        Row(text: "a 1_000\na 1,5\na --1\na one", samples: [], unreadable: 4, reason: "no such number"),
        Row(text: "a 1e999", samples: [], unreadable: 1, reason: "beyond what a number can be"),
        Row(text: "# EOF\n#\n# HELP a b\n## TYPE\n", samples: [], reason: "comments"),
        Row(text: "a\n1\n{b=\"c\"} 1\n=1\n", samples: [], unreadable: 4, reason: "parts of a line"),
        Row(text: #"a{b="c 1"#, samples: [], unreadable: 1, reason: "a value without an end"),
        Row(text: #"a{b="c\"#, samples: [], unreadable: 1, reason: "an escape without an end"),
        Row(text: #"a{b} 1"#, samples: [], unreadable: 1, reason: "a label without a value"),
        Row(text: #"a{b="c" 1"#, samples: [], unreadable: 1, reason: "braces without an end"),
        Row(
            text: "a{" + String(repeating: "b=\"\",", count: 65) + "} 1",
            samples: [],
            unreadable: 1,
            reason: "too many"
        ),
        Row(
            text: String(repeating: "n", count: 1_025) + " 1",
            samples: [],
            unreadable: 1,
            reason: "too long"
        ),
        Row(
            text: "a{b=\"" + String(repeating: "\u{FF}", count: 1_000) + "\"} 1",
            samples: [],
            unreadable: 1,
            reason: "too long with its labels"
        ),
        Row(text: "a \u{0} 1\n\u{0}\n", samples: [], unreadable: 2, reason: "bytes that are no text"),
        Row(
            text: "Date: Fri\n<html>\n{\"a\": 1}\n",
            samples: [],
            unreadable: 3,
            reason: "another kind of page"
        ),
    ]

    @Test(arguments: rows.indices)
    func aPageIsRead(_ index: Int) {
        let row = Self.rows[index]
        let page = Exposition(Array(row.text.utf8).span)
        #expect(page.samples.map { "\($0.name) \($0.value)" } == row.samples, "\(row.reason)")
        #expect(page.unreadable == row.unreadable, "\(row.reason)")
    }

    /// Cut at every byte, it is read up to there, and nothing of it twice.
    @Test func aPageThatWasCutIsReadAsFarAsItGoes() {
        let text = Array(
            "# TYPE a counter\na_total{b=\"c\"} 12 1700000000\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 3\nh_sum 4.5\n"
                .utf8
        )
        let whole = Exposition(text.span)
        #expect(whole.samples.count == 3 && whole.unreadable == 0)
        for end in text.indices {
            let page = Exposition(Array(text[..<end]).span)
            #expect(page.samples.count + page.unreadable <= 3)
            // All but the last line is as in the whole.
            #expect(
                page.samples.dropLast().map(\.name)
                    == whole.samples.prefix(max(0, page.samples.count - 1)).map(\.name)
            )
        }
    }

    /// However much there is, it is counted and not kept.
    @Test func aPageWithoutEndIsBounded() {
        var text: [UInt8] = []
        for number in 0..<(Exposition.limit + 500) {
            text += Array("n\(number) 1\n# TYPE k\(number) gauge\n".utf8)
        }
        let page = Exposition(text.span)
        #expect(page.samples.count == Exposition.limit && page.dropped == 500)
        #expect(page.losses == ["samples beyond \(Exposition.limit)"])
        #expect(page.kinds.count == Exposition.limit)
        let line = Exposition([UInt8](repeating: 0x61, count: 1 << 20).span)
        #expect(line.samples.isEmpty && line.unreadable == 1)
    }

    /// What of a page is left out is told, and what is none is told as that.
    @Test(arguments: [
        ("a 1\n# HELP b c", [String](), "nothing"),
        ("", [], "an empty page has nothing to leave out"),
        ("a{quantile=\"0.5\"} NaN\nb +Inf\nc 1", [], "nothing observed, as of a summary"),
        ("a NaN", [], "nothing observed at all"),
        ("a 1\nb one", ["lines that are no samples"], "a value that is no number"),
        ("a 1\n<html>", ["lines that are no samples"], "another line"),
        ("<html>\n<body>\n", ["no page of metrics"], "another page"),
    ])
    func whatIsLeftOutIsTold(_ text: String, _ losses: [String], _ reason: String) {
        #expect(Exposition(Array(text.utf8).span).losses == losses, "\(reason)")
    }

    /// What a page says of a kind, by the names of its samples.
    @Test(arguments: [
        ("# TYPE a counter\na_total 1", Exposition.Kind.counter, "OpenMetrics names the family"),
        ("# TYPE a_total counter\na_total 1", .counter, "Prometheus names the sample"),
        ("a_total 1", .counter, "nobody says, and the name does"),
        ("# TYPE a gauge\na 1", .gauge, "said"),
        ("# TYPE h histogram\nh_sum 1", .counter, "a part of a histogram"),
        ("# TYPE h gaugehistogram\nh_count 1", .counter, "the same"),
        ("# TYPE a stateset\na 1", .untyped, "an unknown kind"),
        ("a 1", .untyped, "nobody says"),
    ])
    func kindsAreTold(_ text: String, _ kind: Exposition.Kind, _ reason: String) throws {
        let page = Exposition(Array(text.utf8).span)
        let sample = try #require(page.samples.first)
        #expect(page.kind(of: sample) == kind, "\(reason)")
    }

    /// Nothing that cannot be drawn comes of what counters do.
    @Test(arguments: [
        ("a_total -1.7e308", "a_total 1.7e308", [String](), "grows beyond what a number can be"),
        ("a_total 5", "a_total 2", ["a_per_second 2.0"], "begun anew"),
        ("a_total 5", "b_total 2", ["b_per_second 2.0"], "not there before"),
        (
            "# TYPE h histogram\nh_sum 1\nh_count 0", "# TYPE h histogram\nh_sum 4\nh_count 2",
            ["h_mean 1.5", "h_count_per_second 2.0"], "a mean"
        ),
        (
            "# TYPE h histogram\nh_sum 1\nh_count 2", "# TYPE h histogram\nh_sum 4\nh_count 2",
            ["h_count_per_second 0.0"], "a mean of nothing"
        ),
    ])
    func countersBecomeRates(_ before: String, _ after: String, _ rates: [String], _ reason: String) {
        var feed = MetricFeed()
        #expect(feed.take(Exposition(Array(before.utf8).span), at: 1_000_000_000).isEmpty)
        let samples = feed.take(Exposition(Array(after.utf8).span), at: 2_000_000_000)
        #expect(samples.map { "\($0.name) \($0.value)" } == rates, "\(reason)")
    }
}
