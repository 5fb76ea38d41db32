import Bytes
import Foundation
import JSON
import Messages
import Packets
import Testing
import TraceFiles
import Traces

/// A reader written from `Documentation/trace-format.md` alone, in another language, reads what this one reads.
@Suite struct IndependentReaderTests {
    static let resources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
        path: "Resources"
    )

    static func lines(of path: String) throws -> [String] {
        let script = resources.appending(path: "read_trace.py").path
        let program = try Program(["python3", script, path])
        #expect(program.status == 0)
        return String(decoding: program.output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func readsTheSameRecords() throws {
        let folder = try TemporaryFolder()
        try SampleTrace.write(to: folder.path("a"))
        let lines = try Self.lines(of: folder.path("a"))
        let header = String(decoding: SampleTrace.header.line, as: UTF8.self)
        #expect(lines.first.map { $0 + "\n" } == header)
        #expect(lines.dropFirst().dropLast().map { $0 } == SampleTrace.records.map(\.line))
        let index = try #require(try TraceReader(path: folder.path("a")).index)
        #expect(lines.last == index.line)
    }

    @Test func readsAnUnfinishedFile() throws {
        let folder = try TemporaryFolder()
        try SampleTrace.write(to: folder.path("a"), finished: false)
        let lines = try Self.lines(of: folder.path("a.partial"))
        #expect(lines.dropFirst().dropLast().map { $0 } == SampleTrace.records.map(\.line))
        #expect(lines.last == "null")
    }

    /// A file that the first version of the format wrote: every later version must read it.
    @Test func theFirstFileIsStillRead() throws {
        let reader = try TraceReader(path: Self.resources.appending(path: "first.trace.gz").path)
        #expect(reader.header == SampleTrace.header)
        #expect(try reader.allRecords() == SampleTrace.records)
        #expect(reader.damage.isEmpty)
        #expect(reader.index?.totals == reader.totals)
        #expect(reader.index?.ledger == SampleTrace.finalLedger)
        #expect(reader.index?.anonymized == SampleTrace.anonymized)
    }
}

extension TraceRecord {
    /// The record as `read_trace.py` prints it.
    fileprivate var line: String {
        var json = JSONWriter()
        json.beginObject()
        switch self {
        case .connectionOpen(let open):
            json.prefix(1, .request, open.connection, .max, open.time)
            json.member("source", open.source)
            json.key("handshake")
            json.bool(open.sawHandshake)
            json.key("ports")
            json.array { json in
                json.integer(open.client.port)
                json.integer(open.server.port)
            }
            json.key("addresses")
            json.array { json in
                json.string(open.client.address.hex)
                json.string(open.server.address.hex)
            }
        case .connectionClose(let close):
            json.prefix(2, .request, close.connection, .max, close.time)
            json.member("reason", close.reason.rawValue)
        case .head(let head):
            json.prefix(head.kind == .request ? 3 : 4, head.kind, head.connection, head.exchange, head.start)
            json.head(head)
        case .body(let body):
            json.prefix(5, body.kind, body.connection, body.exchange, body.time)
            json.member("body", body.bytes)
        case .event(let event):
            json.prefix(6, event.kind, event.connection, event.exchange, event.time)
            json.member("event", event.eventKind.rawValue)
            json.member("opcode", event.opcode)
            json.member("body", event.bytes)
            json.member("first", event.start.nanoseconds)
            json.member("frames", event.frames)
            json.member("flags", event.flags.rawValue)
            json.member("wire_length", event.wireLength)
        case .end(let end):
            json.prefix(7, end.kind, end.connection, end.exchange, end.time)
            json.end(end)
        case .whole(let head, let body, let end):
            json.prefix(8, head.kind, head.connection, head.exchange, head.start)
            json.member("end", end.time.nanoseconds)
            json.head(head)
            json.member("body", body)
            json.end(end)
        case .ledgerSnapshot(let ledger):
            json.prefix(9, .request, .max, .max, ledger.time)
            json.key("counts")
            json.counts(ledger.counts)
        // A reader of the time before them passes over these.
        case .note, .connectionSummary, .endpointLedger, .anonymized: return ""
        }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension TraceIndex {
    fileprivate var line: String {
        var json = JSONWriter()
        json.beginObject()
        json.member("requests", totals.requests)
        json.member("responses", totals.responses)
        json.member("connections", totals.connections)
        json.member("records", totals.records)
        json.member("raw_bytes", totals.rawBytes)
        json.member("first", totals.first.nanoseconds)
        json.member("last", totals.last.nanoseconds)
        json.member("block_count", blockCount)
        json.key("ledger")
        json.counts(ledger)
        json.key("anonymized")
        json.counts(anonymized)
        json.key("blocks")
        json.array { json in
            for block in blocks {
                json.array { json in
                    json.integer(block.offset)
                    json.integer(block.memberSize)
                    json.integer(block.rawSize)
                    json.integer(block.recordCount)
                    json.integer(block.sequence)
                    json.integer(block.earliestStart.nanoseconds)
                    json.integer(block.lastTime.nanoseconds)
                }
            }
        }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: some BinaryInteger) {
        key(name)
        integer(value)
    }

    fileprivate mutating func member(_ name: String, _ bytes: [UInt8]) {
        key(name)
        string(bytes.map { String(format: "%02x", $0) }.joined())
    }

    fileprivate mutating func array(_ elements: (inout JSONWriter) -> Void) {
        beginArray()
        elements(&self)
        endArray()
    }

    fileprivate mutating func prefix(
        _ type: Int,
        _ kind: MessageKind,
        _ connection: UInt64,
        _ exchange: UInt64,
        _ time: PacketTime
    ) {
        member("type", type)
        member("direction", kind.rawValue)
        member("connection", connection)
        member("exchange", exchange)
        member("time", time.nanoseconds)
    }

    fileprivate mutating func head(_ head: HeadRecord) {
        let (framing, length): (Int, UInt64) =
            switch head.framing {
            case .none: (0, 0)
            case .length(let length): (1, length)
            case .chunked: (2, 0)
            case .untilClose: (3, 0)
            }
        member("encoding", head.encoding.rawValue)
        member("framing", framing)
        member("length", length)
        member("head", head.bytes)
        key("signature")
        if let signature = head.signature {
            array { json in
                json.string(signature.scheme)
                json.integer(signature.state)
            }
        } else {
            null()
        }
        key("of")
        if let of = head.of {
            array { json in
                json.string(of.trace.description.replacing("-", with: ""))
                json.integer(of.exchange)
                json.integer(of.loop)
                json.integer(of.copy)
            }
        } else {
            null()
        }
    }

    fileprivate mutating func end(_ end: EndRecord) {
        member("wire_length", end.wireLength)
        member("flags", end.flags.rawValue)
        member("trailers", end.trailers)
    }

    fileprivate mutating func counts(_ counts: [LedgerCount]) {
        array { json in
            for count in counts {
                json.array { json in
                    json.string(count.name)
                    json.integer(count.value)
                }
            }
        }
    }
}

extension IPAddress {
    fileprivate var hex: String {
        isIPv4 ? String(format: "%08x", UInt32(low)) : String(format: "%016lx%016lx", high, low)
    }
}
