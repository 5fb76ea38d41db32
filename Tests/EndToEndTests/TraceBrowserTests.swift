import Foundation
import Testing

/// `tapedeck ui` in a real browser: by keys, by pointer, at a phone's width.
@Suite(.serialized) struct TraceBrowserTests {
    let scratch: Scratch
    let trace: String

    init() throws {
        scratch = try Scratch()
        trace = scratch.path("steady.trace.gz")
        let capture = scratch.url.appending(path: "steady.pcap")
        try CaptureBuilder.steady(count: 3_000, seconds: 30, connections: 6).file().write(to: capture)
        let run = try Program.run(["record", "-r", capture.path, "-w", trace])
        #expect(run.status == 0, "\(run.errors)")
    }

    private func page(_ arguments: [String] = [], hash: String = "") throws -> (Program, Chromium) {
        let program = try Program(arguments: ["ui", trace] + arguments)
        let url = try program.firstLine()
        let chromium = try Chromium()
        try chromium.open(url + hash)
        try chromium.wait(
            for:
                "document.documentElement.dataset.ready === 'true' && document.querySelector('.row[data-state=ready]')"
        )
        return (program, chromium)
    }

    private func count(_ chromium: Chromium) throws -> String? {
        try chromium.evaluate("document.getElementById('count').textContent") as? String
    }

    @Test func itIsUsedByKeysAlone() throws {
        let (program, chromium) = try page()
        defer { program.signal(SIGKILL) }
        #expect(try count(chromium) == "3,000 exchanges")
        // The list.
        for _ in 0..<3 { try chromium.press("j") }
        try chromium.press("k")
        try chromium.evaluate("document.getElementById('list').focus()")
        #expect(
            try chromium.evaluate("document.querySelector('.row[aria-selected=true]').dataset.index")
                as? String == "1"
        )
        try chromium.press("Enter")
        try chromium.wait(
            for: "!document.getElementById('detail').hidden && document.querySelector('#pane pre')"
        )
        try chromium.press("j")
        try chromium.wait(for: "new URLSearchParams(location.hash.slice(1)).get('n') === '2'")
        try chromium.press("2")
        try chromium.wait(for: "/number/.test(document.getElementById('pane').textContent)")
        try chromium.press("Escape")
        try chromium.wait(for: "document.getElementById('detail').hidden")
        // The search.
        try chromium.press("/")
        try chromium.type("status=404")
        try chromium.press("Enter")
        try chromium.wait(for: "/^0 exchanges/.test(document.getElementById('count').textContent)")
        try chromium.press("/")
        try chromium.type("\"number\":2999,")
        try chromium.press("Enter")
        try chromium.wait(for: "/^1 exchange of/.test(document.getElementById('count').textContent)")
        try chromium.press("Escape")
        try chromium.wait(for: "document.getElementById('count').textContent === '3,000 exchanges'")
        // The time line.
        try chromium.press("t")
        for _ in 0..<3 { try chromium.press("ArrowRight") }
        try chromium.press("Enter")
        try chromium.wait(for: "/ of 3,000 in /.test(document.getElementById('count').textContent)")
        try chromium.press("Escape")
        try chromium.wait(for: "document.getElementById('count').textContent === '3,000 exchanges'")
        #expect(chromium.console == [])
    }

    @Test func theEndOfTheListIsReachedAndTheListStaysSmall() throws {
        let (program, chromium) = try page()
        defer { program.signal(SIGKILL) }
        try chromium.evaluate(
            "{ const l = document.getElementById('list'); l.focus(); l.scrollTop = l.scrollHeight; }"
        )
        try chromium.wait(for: "document.querySelector('#row-2999[data-state=ready]')")
        #expect(try chromium.evaluate("document.querySelectorAll('.row').length < 100") as? Bool == true)
        let box = try chromium.evaluate(
            """
            (() => { const r = document.getElementById('row-2999').getBoundingClientRect(), l = document.getElementById('list').getBoundingClientRect();
              return r.bottom <= l.bottom + 2 && r.top >= l.top; })()
            """
        )
        #expect(box as? Bool == true, "the last row is in sight")
    }

    /// What is looked at stands in the address: it can be reloaded.
    @Test func anAddressLeadsToAnExchange() throws {
        let (program, chromium) = try page(hash: "#q=status%3D200&n=17")
        defer { program.signal(SIGKILL) }
        try chromium.wait(for: "!document.getElementById('detail').hidden")
        #expect(try chromium.evaluate("document.getElementById('query').value") as? String == "status=200")
        #expect(
            try chromium.evaluate("document.querySelector('.detail h2').textContent") as? String
                == "POST /hook?n=17"
        )
    }

    @Test func aRequestIsSentOnceAndItsAnswerCompared() throws {
        let target = try AnsweringServer { request in
            let body = request.query["n"] == "5" ? "no" : "ok"
            return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n\(body)"
        }
        let (program, chromium) = try page(["--target", "http://127.0.0.1:\(target.port)"], hash: "#n=5")
        defer { program.signal(SIGKILL) }
        try chromium.wait(for: "document.querySelector('button.send')")
        #expect(target.received.isEmpty, "nothing is sent unasked")
        try chromium.evaluate("document.querySelector('button.send').click()")
        try chromium.wait(for: "document.querySelector('#pane .notice.bad')")
        #expect(target.received.map(\.target) == ["/hook?n=5"])
        #expect(target.received.first?.headers["x-tapedeck-replay"]?.isEmpty == false)
        try chromium.evaluate("document.getElementById('row-6').click()")
        try chromium.wait(for: "/n=6/.test(document.querySelector('.detail h2').textContent)")
        try chromium.evaluate("document.querySelector('button.send').click()")
        try chromium.wait(for: "document.querySelector('#pane .notice.good')")
        #expect(target.received.count == 2)
    }

    /// Nothing is cut off at the side, and one exchange takes the whole screen.
    @Test func itFitsAPhone() throws {
        let (program, chromium) = try page()
        defer { program.signal(SIGKILL) }
        try chromium.call(
            "Emulation.setDeviceMetricsOverride",
            ["width": 360, "height": 740, "deviceScaleFactor": 2, "mobile": true]
        )
        try chromium.wait(for: "document.documentElement.scrollWidth <= 360 && innerWidth <= 360")
        try chromium.wait(for: "document.querySelector('.row[data-state=ready]')")
        try chromium.evaluate("document.querySelector('.row').click()")
        try chromium.wait(
            for:
                "!document.getElementById('detail').hidden && document.getElementById('detail').getBoundingClientRect().width === 360"
        )
    }

    @Test(arguments: ["0.0.0.0:0", "192.0.2.1:8080"]) func otherMachinesAreNotListenedTo(listen: String)
        throws
    {
        let run = try Program.run(["ui", trace, "--listen", listen])
        #expect(run.status == 2)
        #expect(run.errors.contains("can be reached from other machines"))
    }

    @Test func whatCannotBeLookedThroughIsRefused() throws {
        #expect(try Program.run(["ui", scratch.path("missing")]).status == 2)
        #expect(try Program.run(["ui", trace, "--observed", scratch.path("missing")]).status == 2)
        let foreign = try Program.run(["ui", trace, "--target", "http://198.51.100.7:80"])
        #expect(foreign.status == 2)
        #expect(foreign.errors.contains("--allow-target"))
    }
}
