import Bytes
import LoadPlans
import Testing

@Suite struct RunRosterTests {
    @Test func whoIsShownAnothersRunIsNoted() {
        var roster = RunRoster()
        roster.note(run: "r1", tenant: "a")
        roster.note(run: "r2", tenant: "b")
        #expect(!roster.show("r1", to: "a") && roster.show("r1", to: "b") && roster.show("r1", to: "c"))
        // Nobody's list, and a run that nobody is known to have made, say nothing.
        #expect(!roster.show("r2", to: "") && !roster.show("r3", to: "a"))
        #expect(roster.owner(of: "r2") == "b" && roster.owner(of: "r3") == nil)
        // Whose a run is, is told once.
        roster.note(run: "r1", tenant: "b")
        #expect(roster.owner(of: "r1") == "a")
        // A run counts once, however often it is shown.
        #expect(roster.takeCrossed() == ["a": 1])
        #expect(roster.takeCrossed().isEmpty)
    }

    @Test func theOldestAreForgotten() {
        var roster = RunRoster()
        for number in 0..<(RunRoster.limit + 3) { roster.note(run: "r\(number)", tenant: "a") }
        #expect(roster.owner(of: "r2") == nil && roster.owner(of: "r3") == "a")
        #expect(roster.owner(of: "r\(RunRoster.limit + 2)") == "a")
    }

    /// Tenants take turns, and so do runs of the load and those that hold what was planted.
    @Test func runsToAskForTakeTurns() {
        var roster = RunRoster()
        #expect(roster.run(number: 0) == nil)
        roster.note(run: "load", tenant: "a")
        roster.note(run: "planted", tenant: "a", isPlanted: true)
        roster.note(run: "other", tenant: "b")
        let asked = (0..<8).compactMap { roster.run(number: $0)?.run }
        #expect(asked == ["planted", "other", "load", "other", "planted", "other", "load", "other"])
        #expect(roster.run(number: 1)?.owner == "b")
    }

    @Test func onlyTheLastOnesAreAskedFor() {
        var roster = RunRoster()
        for number in 0..<(RunRoster.recentLimit + 1) { roster.note(run: "r\(number)", tenant: "a") }
        let asked = Set((0..<1_000).compactMap { roster.run(number: $0)?.run })
        #expect(asked.count == RunRoster.recentLimit && !asked.contains("r0"))
    }

    /// Whole, in two at every place, and byte by byte.
    @Test func linesAreCutHoweverTheyArrive() {
        let bytes = Array("data: a\n\nid: 7\r\nlast".utf8)
        let expected = ["data: a", "", "id: 7\r"]
        func lines(_ pieces: [[UInt8]]) -> [String] {
            var cutter = StreamLines()
            var lines: [String] = []
            for piece in pieces {
                cutter.feed(piece.span) { lines.append(String(decoding: $0, as: UTF8.self)) }
            }
            return lines
        }
        #expect(lines([bytes]) == expected)
        for place in bytes.indices {
            #expect(lines([Array(bytes[..<place]), Array(bytes[place...])]) == expected)
        }
        #expect(lines(bytes.map { [$0] }) == expected)
    }

    @Test func aLineWithoutAnEndIsHandedOverInPiecesThatOverlap() {
        var cutter = StreamLines()
        var pieces: [[UInt8]] = []
        let half = StreamLines.limit / 2
        for letter: UInt8 in [0x61, 0x62, 0x63, 0x64] {
            cutter.feed([UInt8](repeating: letter, count: half).span) { pieces.append($0) }
        }
        cutter.feed(Array("e\nf\n".utf8).span) { pieces.append($0) }
        #expect(
            pieces.map(\.count) == [2 * half, StreamLines.overlap + 2 * half, StreamLines.overlap + 1, 1]
        )
        #expect(pieces[1].prefix(StreamLines.overlap).allSatisfy { $0 == 0x62 })
        #expect(pieces[2].prefix(StreamLines.overlap).allSatisfy { $0 == 0x64 } && pieces[2].last == 0x65)
        #expect(pieces[3] == [0x66])
    }

    /// What may be the name of a run: not too short, not too long, not a number.
    @Test(arguments: [
        (#"{"run_id":"019a-77f0-abc","id":"42"}"#, ["019a-77f0-abc"]),
        ("run=bcdfghjk,other=bcdfghj,at=1700000000", ["bcdfghjk"]),
        (String(repeating: "a1", count: 33), []),
        ("", []),
    ])
    func namesOfRunsAreFound(_ line: String, _ names: [String]) {
        #expect(StreamLines.names(in: Array(line.utf8)) == names)
    }
}
