import Checks
import Crypto
import Foundation
import FoundationXML
import JSON
import Packets
import Replay
import Reports
import Testing
import Traces

/// The pages of reports: whole, bounded, and proof against what strangers put into traffic.
@Suite struct PageTests {
    static let evil =
        "</td></script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u{0}\u{1B}[2J\u{202E}]]>\n"

    /// The elements of a page and the values of their attributes.
    final class Reader: NSObject, XMLParserDelegate {
        var names: [String: Int] = [:]
        var identifiers: [String: Int] = [:]
        var references: Set<String> = []
        var attributes: Set<String> = []
        var text = ""

        func parser(
            _ parser: XMLParser,
            didStartElement name: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            names[name, default: 0] += 1
            if let id = attributes["id"] { identifiers[id, default: 0] += 1 }
            for key in ["aria-labelledby", "aria-describedby", "data-table", "data-filter"] {
                if let reference = attributes[key] { references.insert(reference) }
            }
            self.attributes.formUnion(attributes.keys)
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
    }

    /// Reads a page as XML, its own script and style left out; traps nothing, and fails where it is not well-formed.
    static func read(_ page: String) throws -> Reader {
        var page = page
        #expect(page.hasPrefix("<!doctype html>\n"))
        page.removeFirst("<!doctype html>\n".count)
        for tag in ["style", "script"] {
            let start = try #require(page.range(of: "<\(tag)>"))
            let end = try #require(page.range(of: "</\(tag)>", range: start.upperBound..<page.endIndex))
            page.removeSubrange(start.upperBound..<end.lowerBound)
        }
        let parser = XMLParser(data: Data(page.utf8))
        let reader = Reader()
        parser.delegate = reader
        let isWhole = parser.parse()
        #expect(isWhole, "line \(parser.lineNumber): \(parser.parserError?.localizedDescription ?? "")")
        return reader
    }

    static func expectSound(_ page: String) throws {
        let reader = try read(page)
        #expect(reader.names["script"] == 1 && reader.names["style"] == 1 && reader.names["img"] == nil)
        #expect(reader.identifiers.values.allSatisfy { $0 == 1 }, "identifiers are there once")
        #expect(reader.references.isSubset(of: reader.identifiers.keys))
        // Nothing that a policy of hashes would have to let pass.
        #expect(!reader.attributes.contains("style") && !reader.attributes.contains { $0.hasPrefix("on") })
        for outside in ["src", "href", "action", "srcset"] { #expect(!reader.attributes.contains(outside)) }
        #expect(page.utf8.count < 1_000_000)
        #expect(page.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0 != "\u{202E}" })
    }

    // MARK: Synthetic runs

    /// A run of so many answers over so long, with the latencies of a target that slows down in the middle.
    static func summary(answers: Int, seconds: Double, routes: Int, route: (Int) -> String) -> ReplaySummary {
        var figures = ReplayFigures(start: 0)
        var summary = ReplaySummary()
        var sendError = Latencies()
        let length = UInt64(seconds * 1e9)
        let places = (0..<routes).map { number in
            figures.route(method: "POST", target: route(number))
        }
        var state: UInt64 = 1
        for index in 0..<answers {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let due = UInt64(index) * length / UInt64(answers)
            let isSlow = index > answers / 2 && index < answers * 6 / 10
            let service = 1_000_000 + (state >> 40) * (isSlow ? 40 : 1)
            let place = places[Int(state >> 33) % places.count]
            figures.noteStart(route: place, bodyBytes: 400, inFlight: Int(state >> 60), at: due)
            figures.note(due: due, sent: due + 50_000)
            figures.note(sendError: 50_000, due: due)
            sendError.record(nanoseconds: 50_000)
            figures.noteAnswer(route: place, due: due, response: service + 50_000, service: service)
            figures.noteEnd(
                route: place,
                due: due,
                outcome: state >> 56 == 0
                    ? .failed(.timeout) : .responded(status: state >> 57 == 1 ? 503 : 202),
                bodyBytes: 90
            )
        }
        summary.figures = figures
        summary.requests.scheduled = UInt64(answers)
        summary.requests.sent = UInt64(answers)
        summary.requests.responded = UInt64(answers)
        summary.wallSeconds = seconds
        summary.deviations = [0.1, 0.02, 0.004, 0]
        summary.sendErrorBuckets = LatencyBuckets(sendError)
        summary.sendError = sendError.summary
        summary.statuses = [202: UInt64(answers) - 5, 503: 5]
        summary.speed = 1
        return summary
    }

    @Test func aPageOfAMillionAnswersIsBounded() throws {
        // As long as a route's name can be, and of characters that grow when they are escaped.
        let page = ReplayReport(
            Self.summary(answers: 1_000_000, seconds: 3_600, routes: 1_200) { number in
                String(repeating: "/" + String(repeating: "\"", count: 58), count: 4) + "/"
                    + Self.letters(number)
            }
        ).html(subject: Self.evil)
        try Self.expectSound(page)
        #expect(page.contains("more routes"))
    }

    private static func letters(_ number: Int) -> String {
        String(number).map { String(UnicodeScalar(UInt8(97 + ($0.wholeNumberValue ?? 0)))) }.joined()
    }

    @Test func aRunShowsItsChartsAndRoutes() throws {
        let summary = Self.summary(answers: 5_000, seconds: 10, routes: 3) { ["/a", "/b/17", Self.evil][$0] }
        let page = ReplayReport(summary).html(
            subject: "a.trace.gz to http://127.0.0.1:8080/",
            context: ReportContext(command: "tapedeck replay a --target http://x", made: 1)
        )
        try Self.expectSound(page)
        let reader = try Self.read(page)
        for chart in [
            "rate", "response", "service", "heat", "send-error", "answers", "in-flight", "percentiles",
            "send-error-buckets",
        ] {
            #expect(reader.identifiers["run-\(chart)"] == 1, "\(chart)")
        }
        #expect(reader.identifiers["run-routes"] == 1 && reader.identifiers["run-over-time"] == 1)
        #expect(reader.text.contains("POST /b/{id}") && reader.text.contains("tapedeck replay a --target"))
        #expect(page.contains("aria-sort=\"none\"><button type=\"button\">Sent</button>"))
        // Every chart says what there is to see.
        #expect(
            page.components(separatedBy: "role=\"img\"").count == page.components(separatedBy: "<desc ").count
        )
    }

    @Test func aRunOfNothingHasAPage() throws {
        try Self.expectSound(ReplayReport(ReplaySummary()).html(subject: ""))
        var summary = ReplaySummary()
        summary.figures = ReplayFigures(start: 0)
        try Self.expectSound(ReplayReport(summary).html(subject: ""))
    }

    struct Ending: Sendable {
        var headline: String
        var tone: String
        var change: @Sendable (inout ReplaySummary) -> Void

        init(_ headline: String, _ tone: String, _ change: @escaping @Sendable (inout ReplaySummary) -> Void)
        {
            (self.headline, self.tone, self.change) = (headline, tone, change)
        }
    }

    static let endings = [
        Ending("Nothing was sent", "open") { $0.requests.sent = 0 },
        Ending("2 of 9 requests failed", "bad") { $0.requests.failed = 2 },
        Ending("The replayer could not keep up", "open") { $0.bottleneck = .replayer },
        Ending("The target was the bottleneck", "open") { $0.bottleneck = .target },
        Ending("Requests waited for earlier ones", "open") { $0.bottleneck = .lanes },
        Ending("Every request was answered, 3 with a server error", "open") { $0.statuses[500] = 3 },
        Ending("Interrupted before the end", "open") { $0.wasInterrupted = true },
        Ending("On schedule, and every request was answered", "good") { _ in },
        // As fast as possible something is always the limit.
        Ending("Every request was answered", "good") { summary in
            summary.deviations = nil
            summary.bottleneck = .target
        },
    ]

    @Test(arguments: endings) func theVerdictComesFirst(_ ending: Ending) throws {
        var summary = ReplaySummary()
        (summary.requests.scheduled, summary.requests.sent, summary.requests.responded) = (9, 9, 9)
        summary.deviations = [0, 0, 0, 0]
        ending.change(&summary)
        let page = ReplayReport(summary).html(subject: "")
        let main = try #require(page.range(of: "<main>"))
        #expect(page[main.upperBound...].hasPrefix("\n<section class=\"verdict \(ending.tone)\">"))
        #expect(page.contains("<h1>\(ending.headline)"))
    }

    @Test func aRoundTripHasAPageOfAllItsParts() throws {
        var page = RoundTripReport(isGood: true, headline: Self.evil, subject: Self.evil)
        page.findings = [Self.evil]
        page.parts = ["1x", Self.evil].map { name in
            RoundTripReport.Part(
                name: name,
                replay: ReplayReport(Self.summary(answers: 2_000, seconds: 10, routes: 2) { _ in Self.evil }),
                check: CheckReport(CheckReportTests.hostile, subject: "")
            )
        }
        page.context = ReportContext(
            command: RepeatedCommand.line(["t", Self.evil]),
            tool: Self.evil,
            made: 0
        )
        try Self.expectSound(page.html())
    }

    // MARK: Checks

    @Test func checksHavePagesTooWhateverIsInThem() throws {
        for result in [
            CheckReportTests.failed, CheckReportTests.open, CheckReportTests.passed, CheckReportTests.hostile,
        ] {
            try Self.expectSound(CheckReport(result, subject: Self.evil).html())
        }
    }

    @Test func aCheckWithThousandsOfCausesIsBounded() throws {
        var result = CheckReportTests.failed
        let long = String(repeating: "<\"", count: 5_000)
        result.groups = (0..<2_000).map { number in
            var group = DifferenceGroup(
                route: long + "\(number)",
                field: long,
                kind: .value,
                count: 1,
                example: CheckReportTests.difference(
                    UInt64(number),
                    long,
                    .header(long),
                    .value,
                    ShownValue(text: long),
                    ShownValue(text: long + "x")
                )
            )
            group.reproduction = "curl " + long
            return group
        }
        result.routes = (0..<9_000).map { CheckedRoute(name: long + "\($0)") }
        result.reasons = [long]
        let page = CheckReport(result, subject: long).html()
        try Self.expectSound(page)
        #expect(page.contains("and 1,800 more, which --json lists"))
    }

    @Test func whatChangedIsMarked() {
        var result = CheckReportTests.passed
        result.groups = [
            DifferenceGroup(
                route: "GET /a",
                field: "$.total",
                kind: .value,
                count: 3,
                example: CheckReportTests.difference(
                    1,
                    "GET /a",
                    .json(JSONPlace([.member("total")])),
                    .value,
                    ShownValue(.string("10.<b>0"), name: "total"),
                    ShownValue(.string("10.<b>1"), name: "total")
                )
            )
        ]
        let page = CheckReport(result, subject: "").html()
        #expect(page.contains("&quot;10.&lt;b&gt;<mark>0</mark>&quot;"))
        #expect(page.contains("&quot;10.&lt;b&gt;<mark>1</mark>&quot;"))
    }

    // MARK: The policy

    /// The script and the style of a page run by their hashes; who changes one has to write down the new one.
    @Test func thePolicyNamesTheScriptAndTheStyle() throws {
        let page = CheckReport(CheckReportTests.passed, subject: "").html()
        for tag in ["script", "style"] {
            let start = try #require(page.range(of: "<\(tag)>"))
            let end = try #require(page.range(of: "</\(tag)>", range: start.upperBound..<page.endIndex))
            let digest = SHA256.hash(data: Data(page[start.upperBound..<end.lowerBound].utf8))
            let wanted = "\(tag)-src &#39;sha256-\(Data(digest).base64EncodedString())&#39;"
            #expect(page.contains(wanted), "\(wanted)")
        }
        #expect(page.contains("default-src &#39;none&#39;"))
    }
}
