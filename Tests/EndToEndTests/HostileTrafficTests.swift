import Foundation
import Testing

/// The page and the report show hostile traffic as text: nothing of it runs in a real browser.
@Suite(.serialized) struct HostileTrafficTests {
    let scratch: Scratch
    let beacon: AnsweringServer
    let traffic: HostileTraffic
    /// Its name is hostile too.
    let trace: String
    let observed: String

    init() throws {
        scratch = try Scratch()
        beacon = try AnsweringServer { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nAccess-Control-Allow-Origin: *\r\n\r\n"
        }
        traffic = HostileTraffic(beacon: beacon.port)
        trace = scratch.path("<img src=x onerror=document.title='\(HostileTraffic.stain)'>.trace.gz")
        observed = scratch.path("observed.trace.gz")
        try traffic.write(to: trace)
        try traffic.write(to: observed, changed: true)
    }

    /// What gives away that something of the traffic was taken for more than text.
    private func traces(in chromium: Chromium) throws -> [String] {
        var found: [String] = []
        let title = try chromium.evaluate("document.title") as? String ?? ""
        if title.contains(HostileTraffic.stain), !title.contains("<img") { found.append("title: \(title)") }
        found += beacon.received.map { "beacon: \($0.target)" } + chromium.dialogs.map { "dialog: \($0)" }
        let planted =
            try chromium.evaluate(
                """
                [...document.querySelectorAll('*')].filter((e) => e.matches('iframe, object, embed, base, math, meta[http-equiv=refresh]')
                  || [...e.attributes].some((a) => /^on/i.test(a.name) || /^\\s*javascript:/i.test(a.value)
                    || (['src', 'href', 'data'].includes(a.name) && a.value.includes('127.0.0.1:\(beacon.port)')))).map((e) => e.outerHTML.slice(0, 200))
                """
            ) as? [String]
        return found + (planted ?? ["cannot look"]).map { "element: \($0)" }
    }

    /// The same look at a page that does not escape: without this, the tests below could not fail.
    @Test func aPageThatDoesNotEscapeIsCaught() throws {
        let chromium = try Chromium()
        let page = scratch.path("careless.html")
        for payload in [traffic.payloads[0], traffic.payloads[2], traffic.payloads[6], traffic.payloads[13]] {
            try Data("<!doctype html><title>x</title><body>\(payload)</body>".utf8).write(
                to: URL(fileURLWithPath: page)
            )
            let before = beacon.received.count
            try chromium.open("file://" + page)
            let deadline = Date(timeIntervalSinceNow: 20)
            while try traces(in: chromium).count <= before, Date() < deadline { usleepUntilNextLook() }
            #expect(try traces(in: chromium).count > before, "\(payload)")
        }
    }

    @Test func nothingRunsInTheBrowserOfTraces() throws {
        let program = try Program(arguments: [
            "ui", trace, "--observed", observed, "--target", "http://127.0.0.1:\(beacon.port)",
        ])
        let url = try program.firstLine()
        let chromium = try Chromium()
        try chromium.open(url)
        try chromium.wait(
            for:
                "document.documentElement.dataset.ready === 'true' && document.querySelector('.row[data-state=ready]')"
        )
        let count = traffic.payloads.count + 1
        #expect(
            try chromium.evaluate("document.getElementById('count').textContent") as? String
                == "\(count) exchanges"
        )
        for number in 0..<count {
            try chromium.evaluate("location.hash = ''; document.querySelector('#detail').dataset.seen = ''")
            try show(number, in: chromium)
            for part in ["response", "request", "compare", "details"] {
                try chromium.evaluate("document.getElementById('tab-\(part)').click()")
                // Everything that is folded away, and the raw form.
                try chromium.evaluate(
                    "for (const b of document.querySelectorAll('#pane button, .line h2 button')) if (/^(Show|raw)/.test(b.textContent)) b.click()"
                )
                #expect(
                    try chromium.evaluate("document.getElementById('pane').textContent.length > 0") as? Bool
                        == true
                )
            }
        }
        // As text, whole and as it was.
        try show(0, in: chromium)
        try chromium.evaluate("document.getElementById('tab-request').click()")
        let text = try chromium.evaluate("document.getElementById('pane').textContent") as? String
        #expect(text?.contains(traffic.payloads[0]) == true)
        // A field of a megabyte is there in full where it is asked for.
        try show(count - 1, in: chromium)
        try chromium.evaluate("document.getElementById('tab-request').click()")
        try chromium.evaluate(
            "for (const b of document.querySelectorAll('#pane button')) if (/^Show all/.test(b.textContent)) b.click()"
        )
        #expect(
            try chromium.evaluate("document.getElementById('pane').textContent.length > 1000000") as? Bool
                == true
        )
        try searchForPayloads(in: chromium)
        #expect(try traces(in: chromium) == [])
        #expect(
            chromium.console.filter { !$0.contains("favicon") } == [],
            "nothing was even stopped by the policy"
        )
        program.signal(SIGTERM)
        #expect(program.finish().status == 130)
    }

    private func show(_ number: Int, in chromium: Chromium) throws {
        try chromium.evaluate("document.getElementById('list').scrollTop = Math.max(0, \(number) * 27 - 100)")
        try chromium.wait(for: "document.querySelector('#row-\(number)[data-state=ready]')")
        try chromium.evaluate("document.getElementById('row-\(number)').click()")
        try chromium.wait(
            for:
                "!document.getElementById('detail').hidden && document.querySelector('#detail .top') && new URLSearchParams(location.hash.slice(1)).get('n') === '\(number)'"
        )
    }

    /// What is searched for comes from people and from addresses, and is shown too.
    private func searchForPayloads(in chromium: Chromium) throws {
        for payload in [traffic.payloads[0], traffic.payloads[3]] {
            let words = try #require(
                String(data: JSONSerialization.data(withJSONObject: [payload]), encoding: .utf8)
            )
            try chromium.evaluate(
                "{ const q = document.getElementById('query'); q.value = \(words)[0]; document.getElementById('search').requestSubmit(); }"
            )
            try chromium.wait(
                for:
                    "/^\\d+ exchange/.test(document.getElementById('count').textContent) && !/Searching/.test(document.getElementById('message').textContent)"
            )
        }
        try chromium.evaluate(
            "{ const q = document.getElementById('query'); q.value = ''; document.getElementById('search').requestSubmit(); }"
        )
    }

    @Test func nothingRunsInTheReportOfACheck() throws {
        let report = scratch.path("report.html")
        let run = try Program.run(["check", trace, observed, "--report", report])
        #expect(run.status == 1, "\(run.errors)")
        let size = try #require(try FileManager.default.attributesOfItem(atPath: report)[.size] as? Int)
        #expect(size < 4 << 20, "a megabyte of header is not a megabyte of report")
        let chromium = try Chromium()
        try chromium.open("file://" + report)
        for toggle in ["details", "[role=tab]", "button", "summary", "th"] {
            try chromium.evaluate(
                "for (const e of document.querySelectorAll('\(toggle)')) { e.open = true; e.click(); }"
            )
        }
        #expect(try traces(in: chromium) == [])
        let text = try chromium.evaluate("document.body.textContent") as? String ?? ""
        #expect(text.contains("<script>"), "as text: \(text.prefix(2_000))")
    }

    /// The routes of the trace stand in both: in that of one replay, and in that of two laid over each other.
    @Test func nothingRunsInTheReportsOfReplays() throws {
        let server = try NginxServer()
        var figures: [String] = []
        var pages: [String] = []
        for number in 1...2 {
            pages.append(scratch.path("replay\(number).html"))
            figures.append(scratch.path("replay\(number).json"))
            let run = try Program.run([
                "replay", trace, "--target", "http://127.0.0.1:\(server.port)", "--max", "--max-failures",
                "100000",
                "--report", pages[number - 1], "--json",
            ])
            #expect(run.status == 0, "\(run.errors)")
            try run.output.write(to: URL(fileURLWithPath: figures[number - 1]))
        }
        pages.append(scratch.path("both.html"))
        let compared = try Program.run(["compare", figures[0], figures[1], "--report", pages[2]])
        #expect(compared.status == 0, "\(compared.errors)")
        for page in [pages[0], pages[2]] {
            let chromium = try Chromium()
            try chromium.open("file://" + page)
            for toggle in ["details", "button", "summary", "th"] {
                try chromium.evaluate(
                    "for (const e of document.querySelectorAll('\(toggle)')) { e.open = true; e.click(); }"
                )
            }
            #expect(try traces(in: chromium) == [], "\(page)")
            let text = try chromium.evaluate("document.body.textContent") as? String ?? ""
            #expect(text.contains("script"), "a path of the traffic, as text: \(text.prefix(2_000))")
        }
    }
}

extension Program {
    /// The first line on standard output, once it is there.
    func firstLine() throws -> String {
        let deadline = Date(timeIntervalSinceNow: 30)
        while Date() < deadline {
            if let line = outputSoFar.split(separator: "\n", omittingEmptySubsequences: false).first,
                outputSoFar.contains("\n")
            {
                return String(line)
            }
            if !process.isRunning { break }
            usleepUntilNextLook()
        }
        throw StartFailure(said: outputSoFar)
    }
}
