import Bytes
import LoadPlans
import Testing

/// Streams that are looked through as they come.
@Suite struct SearchedStreamsTests {
    private static let mint = CanaryMint(seed: 7, start: 1_700_000_000_000_000_000)
    private static let value = Array(mint.value(.secret, owner: 2, number: 9).utf8)

    /// What was handed over, and to whom.
    private struct Shown: Equatable {
        var text: String
        var reader: String
    }

    private struct Row: Sendable, CustomTestStringConvertible {
        var reason: String
        var before: String
        var behind: String

        var testDescription: String { reason }
    }

    private static let rows = [
        Row(
            reason: "a line of an event",
            before: "id: 7\nevent: log\ndata: {\"message\":\"",
            behind: "\"}\n\n"
        ),
        Row(reason: "a comment, which is no event", before: ": ", behind: "\n\n"),
        Row(reason: "lines that end with both", before: "data: a\r\n\r\ndata: ", behind: "\r\n\r\n"),
        Row(reason: "an event that has no end yet", before: "data: a\n\ndata: ", behind: ""),
        Row(reason: "nothing else", before: "", behind: ""),
    ]

    /// In two pieces, cut at every place, and byte by byte: it is found once, and by whom it was read.
    @Test(arguments: rows) private func aValueIsFoundWhereverItIsCut(_ row: Row) {
        let bytes = Array(row.before.utf8) + Self.value + Array(row.behind.utf8)
        let cuts = bytes.indices.map { [Array(bytes[..<$0]), Array(bytes[$0...])] } + [bytes.map { [$0] }]
        for pieces in cuts {
            var streams = SearchedStreams()
            streams.open(3, reader: "b")
            var found: [(Set<CanaryMint.Sighting>, String)] = []
            func look(_ bytes: Span<UInt8>, _ reader: String) {
                let sightings = Self.mint.sightings(in: bytes)
                if !sightings.isEmpty { found.append((sightings, reader)) }
            }
            for piece in pieces { streams.take(piece.span, of: 3, look) }
            streams.close(3, look)
            #expect(found.map(\.0) == [[CanaryMint.Sighting(kind: .secret, owner: 2)]])
            #expect(found.map(\.1) == ["b"])
        }
    }

    /// A line that is longer than is kept is looked through in parts, and so is what stands where it was cut.
    @Test(arguments: [0, 1, 10, CanaryMint.length - 1, CanaryMint.length])
    func aValueIsFoundInALineWithoutEnd(_ beforeTheCut: Int) {
        var streams = SearchedStreams()
        streams.open(0, reader: "a")
        var found: Set<CanaryMint.Sighting> = []
        func look(_ bytes: Span<UInt8>, _ reader: String) {
            found.formUnion(Self.mint.sightings(in: bytes))
        }
        let filling = [UInt8](repeating: 0x2E, count: StreamLines.limit - beforeTheCut)
        let first = filling + Self.value[..<beforeTheCut]
        streams.take(first.span, of: 0, look)
        let second = Array(Self.value[beforeTheCut...]) + filling
        streams.take(second.span, of: 0, look)
        // Where the first part ends behind what all values begin with, that counts as well.
        #expect(found.contains(CanaryMint.Sighting(kind: .secret, owner: 2)))
    }

    /// Pieces of several streams that take turns, one of which is taken up again: halves of two are no line.
    @Test func streamsAreToldApart() {
        var streams = SearchedStreams()
        var shown: [Shown] = []
        func look(_ bytes: Span<UInt8>, _ reader: String) {
            shown.append(Shown(text: String(decoding: Array(bytes), as: UTF8.self), reader: reader))
        }
        func take(_ text: String, _ stream: Int) { streams.take(Array(text.utf8).span, of: stream, look) }
        streams.open(0, reader: "a")
        streams.open(1, reader: "")
        take("on", 0)
        take("tw", 1)
        take("e\nthr", 0)
        take("o\n", 1)
        // What nobody has opened, or what is over, is nobody's.
        take("none\n", 2)
        streams.close(0, look)
        take("late\n", 0)
        streams.open(0, reader: "c")
        take("ee\n\n", 0)
        streams.take(whole: Array("X-Key: four\r\n".utf8).span, of: 0, look)
        streams.open(1, reader: "d")
        streams.close(1, look)
        #expect(
            shown == [
                Shown(text: "one", reader: "a"), Shown(text: "two", reader: ""),
                Shown(text: "thr", reader: "a"), Shown(text: "ee", reader: "c"),
                Shown(text: "X-Key: four\r\n", reader: "c"),
            ]
        )
    }
}
