import LoadPlans
import Testing

/// What a target says of its build, from the names of its series.
@Suite struct BuildInfoTests {
    /// Names of series, and name and text of each note.
    @Test(
        arguments: [
            (["mesh_build_info{version=\"1.2.3\"}"], ["mesh: version 1.2.3"]),
            // The version first, then what it was made of, then the rest.
            (
                ["a_build_info{branch=\"main\",goversion=\"go1.22\",revision=\"abc\",version=\"2\"}"],
                ["a: version 2, revision abc, branch main, goversion go1.22"]
            ),
            // One name each, sorted.
            (
                ["b_build_info{version=\"2\"}", "a_build_info{version=\"1\"}"],
                ["a: version 1", "b: version 2"]
            ),
            // A quotation mark and a backslash in a value stand behind a backslash (Prometheus' text format 0.0.4).
            (["a_build_info{version=\"1 \\\"x\\\" \\\\\"}"], ["a: version 1 \"x\" \\"]),
            // A comma and a brace within a value end nothing.
            (["a_build_info{note=\"x,y}\",version=\"1\"}"], ["a: version 1, note x,y}"]),
            // Nothing is said by a name without labels, by empty ones, or by another name.
            (["a_build_info", "b_build_info{version=\"\"}", "_build_info{version=\"1\"}"], []),
            (["build_information{version=\"1\"}", "mesh_pool_size"], []),
            // What is cut off ends where it ends.
            (["a_build_info{version=\"1"], ["a: version 1"]),
            (["a_build_info{version=\"1\\"], ["a: version 1\\"]),
        ] as [([String], [String])]
    )
    func aBuildIsTold(_ names: [String], _ expected: [String]) {
        #expect(BuildInfo.notes(in: names).map { "\($0.name): \($0.text)" } == expected)
    }

    @Test func whatIsKeptIsBounded() {
        let names = (0..<100).map { number in
            "a\(number)_build_info{version=\"\(String(repeating: "1", count: 1_000))\"}"
        }
        let notes = BuildInfo.notes(in: names)
        #expect(notes.count == BuildInfo.limit)
        #expect(notes.allSatisfy { $0.text.count == BuildInfo.textLimit })
    }
}
