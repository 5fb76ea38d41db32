import Checks
import Messages
import Packets
import Traces

/// Messages of two traces, written as heads and bodies.
enum TraceScript {
    static let trace = TraceID(high: 1, low: 2)

    static func request(
        _ exchange: UInt64,
        _ line: String,
        host: String = "prod.example",
        of: UInt64? = nil,
        loop: UInt32 = 0,
        trace: TraceID = Self.trace,
        flags: MessageFlags = []
    ) -> RecordedMessage {
        message(
            .request,
            exchange,
            "\(line) HTTP/1.1\r\nHost: \(host)\r\n\r\n",
            [],
            flags,
            of.map { ObservedReference(trace: trace, exchange: $0, loop: loop, copy: 0) }
        )
    }

    static func response(
        _ exchange: UInt64,
        _ status: Int = 200,
        fields: [String] = ["Content-Type: application/json"],
        body: [UInt8],
        of: UInt64? = nil,
        loop: UInt32 = 0,
        trace: TraceID = Self.trace,
        flags: MessageFlags = []
    ) -> RecordedMessage {
        message(
            .response,
            exchange,
            (["HTTP/1.1 \(status) Any"] + fields + ["", ""]).joined(separator: "\r\n"),
            body,
            flags,
            of.map { ObservedReference(trace: trace, exchange: $0, loop: loop, copy: 0) }
        )
    }

    private static func message(
        _ kind: MessageKind,
        _ exchange: UInt64,
        _ head: String,
        _ body: [UInt8],
        _ flags: MessageFlags,
        _ of: ObservedReference?
    ) -> RecordedMessage {
        RecordedMessage(
            head: HeadRecord(
                kind: kind,
                exchange: exchange,
                connection: 0,
                start: PacketTime(nanoseconds: Int64(exchange)),
                encoding: .http1,
                bytes: Array(head.utf8),
                framing: .length(UInt64(body.count)),
                of: of
            ),
            body: body,
            end: EndRecord(
                kind: kind,
                exchange: exchange,
                connection: 0,
                time: PacketTime(nanoseconds: Int64(exchange)),
                wireLength: UInt64(body.count),
                flags: flags
            )
        )
    }

    /// The result of one exchange answered otherwise.
    static func compare(
        _ expected: String,
        _ observed: String,
        line: String = "GET /a",
        status: (Int, Int) = (200, 200),
        fields: ([String], [String]) = (
            ["Content-Type: application/json"], ["Content-Type: application/json"]
        ),
        rules: CheckRules = .default,
        limits: CheckLimits = CheckLimits()
    ) -> CheckResult {
        var comparator = Comparator(rules: rules, limits: limits)
        comparator.expect(request(7, line))
        comparator.expect(response(7, status.0, fields: fields.0, body: Array(expected.utf8)))
        comparator.observe(request(1, line, host: "localhost:8080", of: 7))
        comparator.observe(response(1, status.1, fields: fields.1, body: Array(observed.utf8), of: 7))
        return comparator.finish()
    }
}

extension CheckResult {
    /// One line for each difference.
    var lines: [String] {
        differences.map {
            "\($0.field) \($0.kind.rawValue): \($0.expected?.text ?? "-") → \($0.observed?.text ?? "-")"
        }
    }
}
