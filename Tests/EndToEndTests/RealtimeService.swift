import Foundation
import Synchronization

/// A service whose runs write lines, which it tells over channels of Realtime; one thing in it can be wrong.
///
/// What is due on a socket goes out with the answer to a heartbeat, so that these are what carries the time.
final class RealtimeService: Sendable {
    enum Fault: String, CaseIterable, Sendable {
        case none
        /// The histories of every second run are not shown.
        case historiesRefused
        /// One line of each run is told to nobody, or twice, or before the one that was written before it.
        case lineDropped, lineTwice, linesTurned
        /// No socket is opened; no channel is joined; each socket is closed after a while.
        case upgradeRefused, joinRefused, socketsClosed
        /// A line holds the last key that a delivery brought.
        case keyTold
    }

    private struct Run {
        var tenant: String
        var start: Date
    }

    private struct Socket {
        /// By topic: until when lines were told.
        var joined: [String: Date] = [:]
        var heartbeats = 0
    }

    private struct State {
        var runs: [String: Run] = [:]
        var lastKey = ""
        /// By the key of their handshakes.
        var sockets: [String: Socket] = [:]
        var tokens: Set<String> = []
        var targets: Set<String> = []
    }

    private let fault: Fault
    private let state = Mutex(State())

    /// Lines of a run, and seconds from one to the next; behind the last one it is over.
    static let lines = 8
    private static let pace = 0.05

    init(_ fault: Fault) { self.fault = fault }

    /// Tokens that joins showed, and targets of upgrades.
    var shown: (tokens: Set<String>, targets: Set<String>) { state.withLock { ($0.tokens, $0.targets) } }

    private static func text(_ date: Date) -> String {
        date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    private static func json(_ value: Any) -> String {
        let data = try? JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    private static func answer(_ status: String, _ value: Any) -> String {
        let body = json(value)
        return
            "HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    // MARK: Requests

    func answer(_ request: ReceivedRequest) -> String {
        if request.headers["upgrade"] != nil {
            state.withLock { _ = $0.targets.insert(request.target) }
            guard fault != .upgradeRefused else { return Self.answer("401 Unauthorized", ["message": "no"]) }
            return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: unchecked\r\n\r\n"
        }
        let parts = request.path.split(separator: "/").map(String.init)
        if request.method == "POST" {
            let tenant = String(parts.last?.prefix { $0 != "-" } ?? "")
            return state.withLock { state in
                let name = "run-\(state.runs.count)"
                state.runs[name] = Run(tenant: tenant, start: Date())
                if let key = request.headers["x-key"] { state.lastKey = key }
                return Self.answer("202 Accepted", ["run_id": name])
            }
        }
        return state.withLock { state in
            if parts.count == 4, let run = state.runs[parts[2]] {
                if fault == .historiesRefused, parts[2].last?.wholeNumberValue.map({ $0 % 2 }) == 1 {
                    return Self.answer("500 Internal Server Error", [:] as [String: String])
                }
                return Self.answer("200 OK", ["logs": Self.lines(of: parts[2], run).map(\.record)])
            }
            let tenant = request.headers["x-project-id"] ?? ""
            let runs = state.runs.filter { $0.value.tenant == tenant }.map { name, run in
                let end = run.start + Double(Self.lines) * Self.pace
                var entry = [
                    "id": name, "created_at": Self.text(run.start), "started_at": Self.text(run.start),
                ]
                entry["status"] = end <= Date() ? "succeeded" : "running"
                if end <= Date() { entry["finished_at"] = Self.text(end) }
                return entry
            }
            return Self.answer("200 OK", ["runs": runs])
        }
    }

    /// Lines that have been written by now.
    private static func lines(of name: String, _ run: Run) -> [(record: [String: Any], written: Date)] {
        (0..<lines).compactMap { place in
            let written = run.start + Double(place) * pace
            guard written <= Date() else { return nil }
            let record: [String: Any] = [
                "id": "\(name)-\(place)", "run_id": name, "created_at": text(written),
            ]
            return (record, written)
        }
    }

    // MARK: Sockets

    func speak(_ request: ReceivedRequest, _ message: String?) -> [SpokenMessage] {
        let key = request.headers["sec-websocket-key"] ?? ""
        guard let message, let data = message.data(using: .utf8),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let topic = object["topic"] as? String
        else { return [] }
        let ref = object["ref"] as? String ?? ""
        return state.withLock { state in
            switch object["event"] as? String {
            case "phx_join":
                let payload = object["payload"] as? [String: Any]
                state.tokens.insert(payload?["access_token"] as? String ?? "")
                guard fault != .joinRefused else {
                    return [
                        Self.reply(topic, ref, "error", ["reason": "no \(payload?["access_token"] ?? "")"])
                    ]
                }
                state.sockets[key, default: Socket()].joined[topic] = Date()
                return [
                    Self.reply(topic, ref, "ok", ["postgres_changes": [["id": 1]]]),
                    Self.message(
                        topic,
                        "system",
                        ["extension": "postgres_changes", "status": "ok", "message": "yes"]
                    ),
                ]
            case "phx_leave":
                state.sockets[key]?.joined[topic] = nil
                return [Self.reply(topic, ref, "ok", [:]), Self.message(topic, "phx_close", [:])]
            case "heartbeat":
                state.sockets[key, default: Socket()].heartbeats += 1
                if fault == .socketsClosed, state.sockets[key]?.heartbeats == 2 {
                    return [.close(1_011, "restart")]
                }
                return [Self.reply(topic, ref, "ok", [:])] + changes(&state, key)
            default: return []
            }
        }
    }

    /// What was written since a socket heard the last of its topics.
    private func changes(_ state: inout State, _ key: String) -> [SpokenMessage] {
        var told: [SpokenMessage] = []
        for (topic, since) in state.sockets[key]?.joined ?? [:] {
            let now = Date()
            let name = String(topic.dropFirst("realtime:run-logs-".count))
            let runs = topic == "realtime:all" ? state.runs : state.runs.filter { $0.key == name }
            for (name, run) in runs {
                var lines = Self.lines(of: name, run).filter { $0.written > since && $0.written <= now }
                let isStruck: (Int) -> Bool = { (lines[$0].record["id"] as? String)?.hasSuffix("-5") == true }
                if let place = lines.indices.first(where: isStruck) {
                    switch fault {
                    case .lineDropped: lines.remove(at: place)
                    case .lineTwice: lines.insert(lines[place], at: place)
                    case .linesTurned where place > 0: lines.swapAt(place, place - 1)
                    default: break
                    }
                }
                told += lines.map { line in
                    var record = line.record
                    if fault == .keyTold { record["message"] = state.lastKey }
                    let data: [String: Any] = [
                        "schema": "public", "table": "logs", "type": "INSERT", "record": record,
                        "commit_timestamp": Self.text(line.written),
                    ]
                    return Self.message(topic, "postgres_changes", ["ids": [1], "data": data])
                }
            }
            state.sockets[key]?.joined[topic] = now
        }
        return told
    }

    private static func message(
        _ topic: String,
        _ event: String,
        _ payload: [String: Any],
        _ ref: Any = NSNull()
    )
        -> SpokenMessage
    {
        .text(json(["topic": topic, "event": event, "payload": payload, "ref": ref]))
    }

    private static func reply(_ topic: String, _ ref: String, _ status: String, _ response: [String: Any])
        -> SpokenMessage
    {
        message(topic, "phx_reply", ["status": status, "response": response], ref)
    }
}
