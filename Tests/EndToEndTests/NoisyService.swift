import Foundation
import Synchronization

/// A service whose answers vary by themselves, and in which one thing can be changed.
final class NoisyService: Sendable {
    /// What somebody changed in it.
    enum Change: String, CaseIterable, Sendable {
        case none
        case headerLost = "header cache-control missing"
        case status = "status value"
        case fieldGone = "$.accepted missing"
        case fieldRenamed = "$.accepted renamed"
        case fieldRetyped = "$.amount type"
        case offByOne = "$.amount value"
        case otherTenant = "$.tenant value"
        case identifierOfOtherForm = "$.run_id value"
        case orderThatCounts = "$.rank order"
        case elementGone = "$.items[*] missing"
        case eventDropped = "$[*] missing"
        case charset = "header content-type value"
    }

    private struct State {
        var random: UInt64
        var count = 0

        mutating func next() -> UInt64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return random >> 16
        }

        mutating func shuffle(_ words: [String]) -> [String] {
            var words = words
            for index in words.indices { words.swapAt(index, Int(next() % UInt64(words.count))) }
            return words
        }
    }

    private let change: Change
    private let state: Mutex<State>

    init(seed: UInt64, _ change: Change = .none) {
        self.change = change
        state = Mutex(State(random: seed &* 0x9E37_79B9_7F4A_7C15))
    }

    /// The requests that a recording of it holds, over and over.
    static func request(_ number: Int) -> String {
        switch number % 4 {
        case 0, 1:
            let tenant = number % 3 == 0 ? "harbor" : "quay"
            let body = "{\"tenant\":\"\(tenant)\",\"amount\":\(number % 90 + 1)}"
            return "POST /hooks/orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        case 2: return "GET /items HTTP/1.1\r\nHost: a\r\n\r\n"
        default: return "GET /events HTTP/1.1\r\nHost: a\r\n\r\n"
        }
    }

    func answer(_ request: ReceivedRequest) -> String {
        state.withLock { state in
            state.count += 1
            switch request.path {
            case "/hooks/orders": return order(request.body, &state)
            case "/items": return items(&state)
            default: return events(&state)
            }
        }
    }

    private func order(_ body: String, _ state: inout State) -> String {
        let amount = Int(body.split(separator: ":").last?.dropLast() ?? "") ?? 0
        let isHarbor = body.contains("harbor") == (change != .otherTenant)
        var members = [
            change == .identifierOfOtherForm
                ? "\"run_id\":\"run-\(state.count)\""
                : "\"run_id\":\"run_\(String(state.next() | 1 << 47, radix: 16).prefix(12))\"",
            "\"sequence\":\(state.count)",
            "\"tenant\":\"\(isHarbor ? "harbor" : "quay")\"",
        ]
        switch change {
        case .fieldGone: break
        case .fieldRenamed: members.append("\"is_accepted\":true")
        default: members.append("\"accepted\":true")
        }
        let shown = change == .offByOne ? amount + 1 : amount
        members.append(change == .fieldRetyped ? "\"amount\":\"\(shown)\"" : "\"amount\":\(shown)")
        if state.next() % 3 == 0 { members.append("\"note\":\"late\"") }
        return response(
            change == .status ? 200 : 202,
            "application/json",
            "{\(members.joined(separator: ","))}",
            &state
        )
    }

    private func items(_ state: inout State) -> String {
        var items = ["alpha", "beta", "gamma"].map { "{\"name\":\"\($0)\",\"seen\":\(state.next() % 40)}" }
        if change == .elementGone { items.remove(at: 1) }
        let colours = state.shuffle(["red", "green", "blue", "black"]).map { "\"\($0)\"" }
        let rank = change == .orderThatCounts ? "[\"second\",\"first\"]" : "[\"first\",\"second\"]"
        let phase = ["queued", "running", "done"][Int(state.next() % 3)]
        let body =
            "{\"items\":[\(items.joined(separator: ","))],\"colours\":[\(colours.joined(separator: ","))],"
            + "\"rank\":\(rank),\"phase\":\"\(phase)\"}"
        return response(200, "application/json", body, &state)
    }

    private func events(_ state: inout State) -> String {
        var events = (0..<5).map {
            "id: \($0)\nevent: log\ndata: {\"line\":\($0),\"lag\":\(state.next() % 30)}\n\n"
        }
        if change == .eventDropped { events.remove(at: 2) }
        return response(200, "text/event-stream", events.joined(), &state)
    }

    private func response(_ status: Int, _ type: String, _ body: String, _ state: inout State) -> String {
        let charset = change == .charset ? "iso-8859-1" : "utf-8"
        var lines = [
            "HTTP/1.1 \(status) Any", "Content-Type: \(type); charset=\(charset)",
            "X-Request-Id: \(UUID().uuidString)", "ETag: \"\(state.next())\"",
        ]
        if change != .headerLost { lines.append("Cache-Control: no-store") }
        lines.append("Content-Length: \(body.utf8.count)")
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}
