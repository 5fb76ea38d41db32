import LoadPlans
import Testing

/// What is told of the files of a run that is repeated.
@Suite struct RunFileTests {
    private static func file(_ path: String, _ digest: String, bytes: UInt64 = 1) -> RunFile {
        RunFile(path: path, use: .trace, bytes: bytes, digest: digest)
    }

    /// The files of then, those of now, and what is said.
    @Test(
        arguments: [
            ([file("/a", "1")], [file("/a", "1")], []),
            (
                [file("/a", "1", bytes: 7)], [file("/a", "2", bytes: 9)],
                ["/a (trace) is another than in the run that is repeated: 9 bytes, then 7"]
            ),
            // As long as before, and another all the same.
            (
                [file("/a", "1")], [file("/a", "2")],
                ["/a (trace) is another than in the run that is repeated: 1 bytes, then 1"]
            ),
            // The same under another name, where traces have moved.
            ([file("/old/a", "1")], [file("/new/a", "1")], []),
            ([file("/a", "1")], [file("/b", "2")], ["/b (trace) was no part of the run that is repeated"]),
            // What is not read any more says nothing; each that is another is named.
            ([file("/a", "1"), file("/b", "2")], [file("/a", "1")], []),
            (
                [file("/a", "1"), file("/b", "2")], [file("/a", "3"), file("/b", "2"), file("/c", "4")],
                [
                    "/a (trace) is another than in the run that is repeated: 1 bytes, then 1",
                    "/c (trace) was no part of the run that is repeated",
                ]
            ),
        ] as [([RunFile], [RunFile], [String])]
    )
    func whatIsAnotherIsNamed(_ then: [RunFile], _ now: [RunFile], _ expected: [String]) {
        #expect(RunFile.changes(since: then, now: now) == expected)
    }
}
