import Packets

/// A whole page in one file: nothing of it is fetched from elsewhere, and no script runs but its own.
struct Page: Sendable {
    var title: String
    var sections: [Markup] = []
    /// What made it, and when.
    var foot: String = ""

    init(title: String) {
        self.title = title
    }

    /// Style and script are told by their hashes, so that a stranger's, should one ever get in, does nothing.
    static let policy =
        "default-src 'none'; script-src 'sha256-\(PageScript.hash)'; style-src 'sha256-\(PageStyle.hash)'; "
        + "base-uri 'none'; form-action 'none'"

    func html() -> String {
        let head: Markup = """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta http-equiv="Content-Security-Policy" content="\(Self.policy)"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <meta name="referrer" content="no-referrer"/>
            <title>\(PlainText.line(title))</title>

            """
        let body: Markup = """
            </head>
            <body>
            <header class="top"><span class="brand">tapedeck</span>\
            <button type="button" id="theme" hidden="hidden" aria-label="Colours: as the system has them">◐</button></header>
            <main>
            \(sections)</main>
            <footer>\(PlainText.line(foot))</footer>

            """
        return head.text + "<style>" + PageStyle.text + "</style>\n" + body.text + "<script>"
            + PageScript.text
            + "</script>\n</body>\n</html>\n"
    }
}

/// What a report says of itself.
package struct ReportContext: Sendable {
    /// The command line that made it, fit to be run again; without secrets.
    package var command: String?
    /// `tapedeck 0.1.0`.
    package var tool: String
    /// When it was made, in nanoseconds since 1970.
    package var made: Int64?
    /// The traces that were replayed or compared.
    package var recordings: [TraceInspection]

    package init(
        command: String? = nil,
        tool: String = "tapedeck",
        made: Int64? = nil,
        recordings: [TraceInspection] = []
    ) {
        self.command = command
        self.tool = tool
        self.made = made
        self.recordings = recordings
    }

    var foot: String {
        let moment = made.map { " on " + UTCTime(PacketTime(nanoseconds: $0)).description } ?? ""
        return "Made by \(tool)\(moment)."
    }

    /// The section on how to do it again.
    var repetition: Markup {
        guard let command else { return "" }
        return """
            <section id="repeat"><h2>Run it again</h2>
            \(PageParts.command(command))
            <p class="note">Secrets are read from the environment or from files; none stands here.</p></section>

            """
    }
}

/// Pieces that several pages are made of.
enum PageParts {
    /// What came out, before anything else.
    enum Tone: String {
        case good, bad, open
    }

    /// The first thing to be read: what came out, and the sentences behind it.
    static func verdict(_ tone: Tone, _ headline: String, subject: String, reasons: [Markup]) -> Markup {
        let sign =
            switch tone {
            case .good: "✓"
            case .bad: "✕"
            case .open: "!"
            }
        let list: Markup = reasons.isEmpty ? "" : "<ul>\(reasons.map { "<li>\($0)</li>" as Markup })</ul>"
        return """
            <section class="verdict \(tone.rawValue)"><span class="sign" aria-hidden="true">\(sign)</span>
            <div><h1>\(PlainText.line(headline))</h1><p class="subject">\(PlainText.line(subject))</p>\(list)</div></section>

            """
    }

    /// The numbers that are asked for first; a tone of `nil` is neither good nor bad.
    static func tiles(_ tiles: [(name: String, value: String, detail: String, tone: Tone?)]) -> Markup {
        let items = tiles.map { tile -> Markup in
            """
            <div class="tile\(tile.tone.map { " " + $0.rawValue } ?? "")"><dt>\(tile.name)</dt>\
            <dd>\(tile.value)<small>\(tile.detail)</small></dd></div>
            """
        }
        return "<dl class=\"tiles\">\(items)</dl>\n"
    }

    /// Names and what is said of them.
    static func facts(_ facts: [(name: String, text: String)]) -> Markup {
        guard !facts.isEmpty else { return "" }
        let rows = facts.map { fact -> Markup in
            "<div><dt>\(fact.name)</dt><dd>\(PlainText.line(fact.text, maximumCount: 600))</dd></div>\n"
        }
        return "<dl class=\"facts\">\n\(rows)</dl>\n"
    }

    static func charts(_ charts: [Chart]) -> Markup {
        charts.isEmpty ? "" : "<div class=\"charts\">\n\(charts.map(\.markup))</div>\n"
    }

    /// A command line with a button that copies it.
    static func command(_ line: String) -> Markup {
        """
        <div class="command"><pre tabindex="0"><code>\(line)</code></pre>\
        <button type="button" class="copy" hidden="hidden">Copy</button></div>
        """
    }

    static func section(_ id: String, _ title: String, _ content: Markup) -> Markup {
        content.isEmpty ? "" : "<section id=\"\(id)\"><h2>\(title)</h2>\n\(content)</section>\n\n"
    }
}
