import Configuration
import Correlation
import Foundation
import Messages
import Testing

@Suite struct CorrelationFileTests {
    private func plan(_ yaml: String, file: String = "x.yaml") throws -> CorrelationPlan {
        try CorrelationFile.plan(yaml: Array(yaml.utf8), file: file)
    }

    @Test func everyPartIsRead() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tapedeck-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("one\r\ntwo\n\n".utf8).write(to: folder.appending(path: "tokens.txt"))
        let plan = try plan(
            """
            correlate:
              when-missing: skip
              edges:
                - from: POST /runs
                  take: json:$.id
                  to: GET /runs/{id}
                  put: path[1]
                  match: latest
                  held: 3
                  of: 4
                  values: 2
                - {from: "*", take: "cookie:sid", put: "cookie:sid"}
              identities:
                - put: header:authorization credentials
                  file: tokens.txt
              maps:
                - to: POST /hooks/{slug}
                  put: path[1]
                  values: {acme: acme-test, 7: 8}
                  unmapped: keep
              dates:
                - put: json:$.exp
            """,
            file: folder.appending(path: "plan.yaml").path
        )
        #expect(plan.whenMissing == .skip)
        #expect(
            plan.edges.map { "\($0.from) \($0.take) \($0.to) \($0.put) \($0.match)" } == [
                "POST /runs json:$.id GET /runs/{id} path[1] latest", "* cookie:sid * cookie:sid value",
            ]
        )
        #expect(plan.edges[0].evidence == ValueEdge.Evidence(held: 3, of: 4, values: 2))
        #expect(
            plan.identities.map { $0.values.map { String(decoding: $0, as: UTF8.self) } } == [["one", "two"]]
        )
        #expect(plan.maps[0].keepsUnmapped)
        #expect(plan.maps[0].values[Array("7".utf8)] == Array("8".utf8))
        #expect(plan.dates.count == 1)
    }

    @Test(arguments: [
        ("", "x.yaml: an empty file; it has 'correlate'"),
        ("edges: []", "x.yaml:1:1: unknown key 'edges'; the file knows correlate"),
        ("correlate:\n  egdes: []", "x.yaml:2:3: unknown key 'egdes', did you mean 'edges'?"),
        (
            "correlate:\n  edges:\n    - from: POST /a\n      take: json:$.id\n      put: json:id",
            "x.yaml:5:12: 'id' is no JSON path"
        ),
        (
            "correlate:\n  edges:\n    - from: a\n      take: body\n      put: body",
            "x.yaml:3:13: 'a' is no route"
        ),
        (
            "correlate:\n  edges:\n    - from: /a\n      take: path[1]\n      put: body",
            "x.yaml:4:13: 'path[1]' is no place in an answer"
        ),
        (
            "correlate:\n  edges:\n    - from: /a\n      take: body\n      put: html:x",
            "x.yaml:5:12: 'html:x' is no place in a request"
        ),
        ("correlate:\n  edges:\n    - from: /a\n      take: body", "x.yaml:3:7: an edge has 'put'"),
        ("correlate:\n  when-missing: drop", "x.yaml:2:17: 'drop' is none of send, skip"),
        (
            "correlate:\n  edges:\n    - {from: /a, take: body, put: body, held: x}",
            "a number of requests is wanted here"
        ),
        ("correlate:\n  maps:\n    - {put: body, values: {}}", "'values' is a mapping"),
    ]) func whatIsWrongIsNamedWithItsPlace(yaml: String, says: String) {
        #expect { try plan(yaml) } throws: { error in
            if !"\(error)".contains(says) { Issue.record("\(error)") }
            return "\(error)".contains(says)
        }
    }

    /// A file of secrets that is not there is named; what is in one never is.
    @Test func identitiesAreNotShown() {
        let yaml = "correlate:\n  identities:\n    - {put: body, file: nowhere.txt}"
        #expect { try plan(yaml, file: "/tmp/none/x.yaml") } throws: {
            "\($0)".contains("/tmp/none/nowhere.txt")
        }
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        let spots = [
            "json:$.id", "json:$['a: b#\"c'][*]", "header:location path[2]", "cookie:a%20b", "html:x'y",
            "event:$..id",
            "body token[2]",
        ]
        let edges = try spots.map { spot in
            ValueEdge(
                from: try RoutePattern("* /a/{x}/**"),
                take: try ValueSpot(spot),
                to: try RoutePattern("*"),
                put: try ValueSpot("query:a"),
                evidence: ValueEdge.Evidence(held: 1, of: 2, values: 1)
            )
        }
        let yaml = CorrelationFile.yaml(edges: edges, comment: "Two\nlines.")
        #expect(yaml.hasPrefix("# Two\n# lines.\ncorrelate:\n"))
        #expect(try plan(yaml).edges == edges)
        #expect(try plan(CorrelationFile.yaml(edges: [], comment: "")).edges.isEmpty)
    }
}
