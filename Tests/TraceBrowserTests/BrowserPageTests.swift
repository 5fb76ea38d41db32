import Foundation
import Testing
import TraceBrowser

/// What the page is made of.
@Suite struct BrowserPageTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Sources/TraceBrowser/Page")

    @Test func everyFileOfTheFolderIsServedAsItIs() throws {
        let there = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        #expect(BrowserPage.files.map(\.name).sorted() == there.sorted())
        for file in BrowserPage.files {
            #expect(
                try Data(contentsOf: Self.folder.appending(path: file.name)) == Data(file.bytes),
                "\(file.name)"
            )
        }
    }

    /// Whatever comes from traffic can become text only.
    @Test func noScriptMakesMarkupOfText() {
        let ways = [
            "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser",
            "createContextualFragment",
            "srcdoc", "eval(", "new Function", "javascript:", "setHTML", "import(", "postMessage",
            "localStorage",
        ]
        for file in BrowserPage.files where file.name.hasSuffix(".js") {
            let text = String(decoding: file.bytes, as: UTF8.self)
            for way in ways { #expect(!text.contains(way), "\(file.name) uses \(way)") }
        }
    }

    /// The policy forbids all of it; here it is said by name.
    @Test func nothingIsFetchedFromElsewhereAndNothingIsInline() throws {
        for file in BrowserPage.files where file.name != "icon.svg" {
            let text = String(decoding: file.bytes, as: UTF8.self)
            let addresses = text.matches(of: try Regex(#"(?:https?:)?//[a-z][^\s"']*"#)).map {
                String(text[$0.range])
            }
            #expect(addresses.filter { $0 != "http://www.w3.org/2000/svg" } == [], "\(file.name)")
            if file.name.hasSuffix(".html") {
                #expect(!text.contains("style=") && !text.contains("<style"))
                #expect(text.matches(of: try Regex(#"\son[a-z]+="#)).isEmpty)
                #expect(text.matches(of: try Regex(#"<script(?![^>]*\ssrc=)"#)).isEmpty)
            }
        }
    }

    @Test func unknownNamesHaveNoAsset() {
        #expect(BrowserPage.asset("")?.type == "text/html; charset=utf-8")
        #expect(BrowserPage.asset("../Package.swift") == nil)
        #expect(BrowserPage.asset("index.html/") == nil)
    }
}
