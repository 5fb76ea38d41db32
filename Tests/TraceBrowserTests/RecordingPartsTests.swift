import Foundation
import Messages
import Testing
import TraceBrowser
import TraceFiles
import Traces

/// The parts of one recording, looked through as one.
@Suite struct RecordingPartsTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// Three exchanges, of which the answer to the second begins in the first part and ends in the second.
    private func parts() throws -> [String] {
        var whole = TraceScript()
        whole.open(0)
        whole.exchange(0, "POST", "/a", answer: "{\"first\":1}", at: 0)
        let long = Array("begin ".utf8) + Array(repeating: 0x2E, count: 150_000) + Array(" end".utf8)
        whole.add(.request, 1, "GET /long HTTP/1.1\nHost: a", times: 10...10)
        whole.add(.response, 1, "HTTP/1.1 200 OK\nContent-Type: text/plain", body: long, times: 11...30)
        whole.exchange(2, "GET", "/c", answer: "{\"third\":3}", at: 40)
        // In the middle of the long body.
        let cut = try #require(
            whole.records.firstIndex { record in if case .body = record { true } else { false } }
        )
        var (first, second) = (whole, whole)
        first.records = Array(whole.records[...cut])
        second.header.part = 1
        second.records = []
        second.open(0, at: 20)
        guard case .head(var head) = whole.records[cut - 1] else { return [] }
        head.isRepeated = true
        second.records.append(.head(head))
        second.records += whole.records[(cut + 1)...]
        let paths = [scratch.path("1.trace.gz"), scratch.path("0.trace.gz")]
        try second.write(to: paths[0])
        try first.write(to: paths[1])
        return paths
    }

    private func get(
        _ session: BrowserSession,
        _ path: String,
        _ parameters: [String: String] = [:]
    ) throws -> [String: Any] {
        let answer = session.answer(BrowserRequest(path: path, parameters: parameters))
        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
    }

    @Test func aMessageThatGoesOverTheCutIsWhole() throws {
        let paths = try parts()
        let session = try BrowserSession(paths: paths)
        session.readAll()
        #expect(try get(session, "api/state")["exchanges"] as? Int == 3)
        #expect((try get(session, "api/state")["damage"] as? [Any])?.isEmpty == true)
        #expect(
            (try get(session, "api/trace")["path"] as? String)?.hasSuffix("and 1 more of its parts") == true
        )
        let rows = try #require(try get(session, "api/exchanges", [:])["rows"] as? [[String: Any]])
        #expect(rows.compactMap { $0["exchange"] as? String } == ["0", "1", "2"])
        let body = session.answer(
            BrowserRequest(path: "api/body", parameters: ["n": "1", "exchange": "1", "side": "response"])
        )
        let text = String(decoding: body.body, as: UTF8.self)
        #expect(text.hasPrefix("begin .") && text.hasSuffix(". end"), "\(text.prefix(80))")
        // From the second file.
        let third = session.answer(
            BrowserRequest(path: "api/body", parameters: ["n": "2", "exchange": "2", "side": "response"])
        )
        #expect(String(decoding: third.body, as: UTF8.self) == "{\"third\":3}")
        let search = TraceSearch(SearchTerms(text: FoldedText(". END")))
        search.run(try paths.reversed().map { try TraceReader(path: $0) })
        #expect(search.findings.contains(1) && !search.findings.contains(2))
    }

    @Test func otherRecordingsAndTheSamePartTwiceAreRefused() throws {
        let paths = try parts()
        var other = TraceScript()
        other.header.traceID = TraceID(high: 1, low: 2)
        let otherPath = scratch.path("other.trace.gz")
        try other.write(to: otherPath)
        #expect(throws: BrowserError.otherRecording(otherPath, than: paths[0])) {
            try BrowserSession(paths: [paths[0], otherPath])
        }
        #expect(throws: BrowserError.samePart(paths[0], as: paths[0], number: 1)) {
            try BrowserSession(paths: [paths[0], paths[1], paths[0]])
        }
    }
}
