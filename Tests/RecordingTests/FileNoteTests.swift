import Anonymization
import Bytes
import Packets
import Recording
import Testing
import Traces

/// What a pcapng file says besides its packets, in the ledger and in the trace.
@Suite struct FileNoteTests {
    /// A section with a comment, an interface, names of an address and what the interface lost.
    private static var file: [UInt8] {
        var file: [UInt8] = []
        let comment = "ask ada@example.com"
        block(
            0x0A0D_0D0A,
            [0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8)
                + [1, 0, UInt8(comment.utf8.count), 0] + padded(Array(comment.utf8)) + [0, 0, 0, 0],
            &file
        )
        block(1, [101, 0, 0, 0, 0, 0, 0, 0], &file)
        block(4, [1, 0, 8, 0, 10, 0, 0, 1] + Array("web".utf8) + [0] + [0, 0, 0, 0], &file)
        block(5, [UInt8](repeating: 0, count: 12) + [5, 0, 8, 0, 7, 0, 0, 0, 0, 0, 0, 0], &file)
        block(10, [0x4B, 0x53, 0x4C, 0x54, 4, 0, 0, 0] + Array("K3YS".utf8), &file)
        return file
    }

    private static func block(_ type: UInt32, _ body: [UInt8], _ file: inout [UInt8]) {
        file.appendLittleEndian(type)
        file.appendLittleEndian(UInt32(body.count + 12))
        file += body
        file.appendLittleEndian(UInt32(body.count + 12))
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: -bytes.count & 3)
    }

    private static func record(rules: RuleSet?) -> (ledger: Ledger, notes: [NoteRecord]) {
        var reader = SavefileReader()
        var cursor = 0
        while case .packet = reader.next(in: file.span, from: &cursor, isLast: true) {}
        var script = PacketScript(rules: rules)
        script.pipeline.note(reader.notes)
        script.finish()
        let notes = script.trace.records.compactMap { record -> NoteRecord? in
            if case .note(let note) = record { note } else { nil }
        }
        return (script.ledger, notes)
    }

    @Test func lossesAndCountsAreInTheLedger() {
        let packets = Self.record(rules: nil).ledger.packets
        #expect(packets.interfaceDropped == 7)
        #expect(packets.kernelDropped == 0)
        #expect([packets.comments, packets.names, packets.secrets, packets.notesLeftOut] == [1, 1, 1, 0])
    }

    @Test func rawTracesHaveCommentsAndNames() {
        let notes = Self.record(rules: nil).notes
        #expect(notes.map(\.subject) == [.fileComment, .fileName])
        #expect(notes.map(\.detail) == ["ask ada@example.com", "10.0.0.1 web"])
        #expect(notes.allSatisfy { $0.connection == nil })
    }

    @Test func anonymizedTracesHaveNeitherAddressesNorNames() {
        let notes = Self.record(rules: RuleSet(name: "test", detectors: .email)).notes
        #expect(notes.map(\.subject) == [.fileComment])
        #expect(notes.first?.detail.hasPrefix("ask ") == true)
        #expect(notes.first?.detail.contains("ada@example.com") == false)
    }
}
