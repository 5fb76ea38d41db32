import Foundation
import Messages
import Packets
import TraceBrowser
import TraceFiles
import Traces

/// A folder of the test's own, removed when it is let go.
final class Scratch {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "tapedeck-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }
}

/// Writes traces from messages of HTTP/1 as they stand on the wire.
struct TraceScript {
    static let start: Int64 = 1_700_000_000_000_000_000
    static let id = TraceID(high: 0x0123_4567_89AB_4DEF, low: 0x8123_4567_89AB_CDEF)

    var records: [TraceRecord] = []
    /// Records of a block; a block ends after as many.
    var blockSize = 4
    var header = TraceHeader(
        traceID: Self.id,
        sources: [.init(id: 0, host: "web1", interface: "lo", clock: "realtime")],
        toolVersion: "0.1.0",
        isAnonymized: false
    )

    /// Milliseconds behind the start.
    static func time(_ milliseconds: Int64) -> PacketTime {
        PacketTime(nanoseconds: start + milliseconds * 1_000_000)
    }

    mutating func open(_ connection: UInt64, client: UInt32 = 0x0A00_0001, at milliseconds: Int64 = 0) {
        records.append(
            .connectionOpen(
                ConnectionOpenRecord(
                    connection: connection,
                    time: Self.time(milliseconds),
                    source: 0,
                    client: Endpoint(address: IPAddress(ipv4: client), port: 4711),
                    server: Endpoint(address: IPAddress(ipv4: 0x7F00_0001), port: 80),
                    sawHandshake: true
                )
            )
        )
    }

    /// Adds a message; `times` are milliseconds behind the start.
    mutating func add(
        _ kind: MessageKind,
        _ exchange: UInt64,
        _ head: String,
        body: [UInt8] = [],
        connection: UInt64 = 0,
        times: ClosedRange<Int64>,
        flags: MessageFlags = [],
        of: ObservedReference? = nil
    ) {
        add(
            kind,
            exchange,
            head: Array((head.replacing("\n", with: "\r\n") + "\r\n\r\n").utf8),
            body: body,
            connection: connection,
            times: times,
            flags: flags,
            of: of
        )
    }

    mutating func add(
        _ kind: MessageKind,
        _ exchange: UInt64,
        head: [UInt8],
        body: [UInt8] = [],
        connection: UInt64 = 0,
        times: ClosedRange<Int64>,
        flags: MessageFlags = [],
        of: ObservedReference? = nil
    ) {
        let message = RecordedMessage(
            head: HeadRecord(
                kind: kind,
                exchange: exchange,
                connection: connection,
                start: Self.time(times.lowerBound),
                encoding: .http1,
                bytes: head,
                framing: body.isEmpty ? .none : .length(UInt64(body.count)),
                of: of
            ),
            body: body,
            end: EndRecord(
                kind: kind,
                exchange: exchange,
                connection: connection,
                time: Self.time(times.upperBound),
                wireLength: UInt64(body.count),
                flags: flags
            )
        )
        message.forEachRecord { records.append($0) }
    }

    /// A request and its answer, which take 2 ms.
    mutating func exchange(
        _ number: UInt64,
        _ method: String = "GET",
        _ target: String = "/health",
        status: Int = 200,
        body: String = "",
        answer: String = "",
        connection: UInt64 = 0,
        at milliseconds: Int64
    ) {
        add(
            .request,
            number,
            "\(method) \(target) HTTP/1.1\nHost: a.example\nContent-Type: application/json\nContent-Length: \(body.utf8.count)",
            body: Array(body.utf8),
            connection: connection,
            times: milliseconds...milliseconds
        )
        add(
            .response,
            number,
            "HTTP/1.1 \(status) Said\nContent-Type: application/json\nContent-Length: \(answer.utf8.count)",
            body: Array(answer.utf8),
            connection: connection,
            times: (milliseconds + 1)...(milliseconds + 2)
        )
    }

    func write(to path: String) throws {
        let writer = try TraceWriter(path: path, header: header)
        for (index, record) in records.enumerated() {
            try writer.append(record)
            if (index + 1) % blockSize == 0 { try writer.closeBlock() }
        }
        try writer.finish(ledger: [])
    }
}

extension TraceOutline {
    /// The outline of what a script holds.
    init(of script: TraceScript, limits: BrowserLimits = BrowserLimits()) {
        self.init(limits: limits)
        begin(BlockPlace(offset: 0, sequence: 1))
        for (index, record) in script.records.enumerated() { add(record, at: index) }
        finish()
    }
}
