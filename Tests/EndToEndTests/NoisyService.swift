import Foundation
import Synchronization

/// A service whose answers vary by themselves, and in which one thing can be changed.
final class NoisyService: Sendable {
    /// What somebody changed in it.
    enum Change: CaseIterable, Sendable {
        case none
        // Answers to orders.
        case status, failsSometimes, fieldGone, fieldRenamed, fieldRetyped, fieldAdded, nullInstead,
            flagTurned
        case offByOne, offByLittle, wrongSometimes, otherTenant, identifierOfOtherForm, clockOfOtherForm,
            noteAlways
        case bodyEmptied
        // Lists.
        case orderThatCounts, elementGone, elementAdded, nestedRetyped, phaseUnknown, colourGone,
            colourReplaced
        // Events, documents, texts.
        case eventDropped, eventAdded, eventRenamed, eventsTurned, documentText, documentAttribute, line
        // Header fields.
        case headerLost, headerChanged, charset, mediaType, redirect

        /// The field and kind under which a check names it.
        var named: String {
            switch self {
            case .none: ""
            case .status, .failsSometimes: "status value"
            case .fieldGone: "$.accepted missing"
            case .fieldRenamed: "$.accepted renamed"
            case .fieldRetyped: "$.amount type"
            case .fieldAdded: "$.debug added"
            case .nullInstead: "$.accepted type"
            case .flagTurned: "$.accepted value"
            case .offByOne, .offByLittle, .wrongSometimes: "$.amount value"
            case .otherTenant: "$.tenant value"
            case .identifierOfOtherForm: "$.run_id value"
            case .clockOfOtherForm: "$.created_at value"
            case .noteAlways: "$.note frequency"
            case .bodyEmptied: "body type"
            case .orderThatCounts: "$.rank order"
            case .elementGone: "$.items[*] missing"
            case .elementAdded: "$.items[*] added"
            case .nestedRetyped: "$.items[*].seen type"
            case .phaseUnknown: "$.phase value"
            case .colourGone: "$.colours[*] missing"
            case .colourReplaced: "$.colours[*] value"
            case .eventDropped: "$[*] missing"
            case .eventAdded: "$[*] added"
            case .eventRenamed: "$[*].event value"
            case .eventsTurned: "$ order"
            case .documentText: "$.feed.entry[*].title value"
            case .documentAttribute: "$.feed['@version'] missing"
            case .line: "$[*] value"
            case .headerLost: "header cache-control missing"
            case .headerChanged: "header cache-control value"
            case .charset, .mediaType: "header content-type value"
            case .redirect: "header location value"
            }
        }
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
        switch number % 6 {
        case 0, 1:
            let tenant = number % 4 == 0 ? "harbor" : "quay"
            let body = "{\"tenant\":\"\(tenant)\",\"amount\":\(number % 90 + 1)}"
            return "POST /hooks/orders HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        case 2: return "GET /items HTTP/1.1\r\nHost: a\r\n\r\n"
        case 3: return "GET /events HTTP/1.1\r\nHost: a\r\n\r\n"
        case 4: return "GET /feed HTTP/1.1\r\nHost: a\r\n\r\n"
        default: return "GET \(number % 12 == 5 ? "/login" : "/rules") HTTP/1.1\r\nHost: a\r\n\r\n"
        }
    }

    func answer(_ request: ReceivedRequest) -> String {
        state.withLock { state in
            state.count += 1
            switch request.path {
            case "/hooks/orders": return order(request.body, &state)
            case "/items": return items(&state)
            case "/events": return events(&state)
            case "/feed": return feed(&state)
            case "/login":
                let location = change == .redirect ? "/home" : "/start"
                return response(303, "text/plain", "", &state, ["Location: \(location)"])
            default:
                let second = change == .line ? "b = 3" : "b = 2"
                return response(200, "text/plain", "a = 1\n\(second)\nc = 3\n", &state)
            }
        }
    }

    private func order(_ body: String, _ state: inout State) -> String {
        let amount = Int(body.split(separator: ":").last?.dropLast() ?? "") ?? 0
        let isHarbor = body.contains("harbor") == (change != .otherTenant)
        // About three in a hundred.
        let isUnlucky = state.count % 31 == 0
        let moment = Date(timeIntervalSince1970: 1_700_000_000 + Double(state.count)).formatted(.iso8601)
        var members = [
            change == .identifierOfOtherForm
                ? "\"run_id\":\"run-\(state.count)\""
                : "\"run_id\":\"run_\(String(state.next() | 1 << 47, radix: 16).prefix(12))\"",
            "\"sequence\":\(state.count)",
            "\"tenant\":\"\(isHarbor ? "harbor" : "quay")\"",
            "\"created_at\":\"\(change == .clockOfOtherForm ? "today" : moment)\"",
        ]
        switch change {
        case .fieldGone: break
        case .fieldRenamed: members.append("\"is_accepted\":true")
        case .nullInstead: members.append("\"accepted\":null")
        case .flagTurned: members.append("\"accepted\":false")
        default: members.append("\"accepted\":true")
        }
        switch change {
        case .fieldRetyped: members.append("\"amount\":\"\(amount)\"")
        case .offByOne: members.append("\"amount\":\(amount + 1)")
        case .offByLittle: members.append("\"amount\":\(amount).01")
        case .wrongSometimes: members.append("\"amount\":\(isUnlucky ? 0 : amount)")
        default: members.append("\"amount\":\(amount)")
        }
        if change == .fieldAdded { members.append("\"debug\":true") }
        if change == .noteAlways || state.next() % 3 == 0 { members.append("\"note\":\"late\"") }
        let status = change == .status ? 200 : change == .failsSometimes && isUnlucky ? 503 : 202
        let text = change == .bodyEmptied ? "" : "{\(members.joined(separator: ","))}"
        return response(status, "application/json", text, &state)
    }

    private func items(_ state: inout State) -> String {
        let names = ["alpha", "beta", "gamma"] + (change == .elementAdded ? ["delta"] : [])
        var items = names.map { name in
            let seen = state.next() % 40
            return "{\"name\":\"\(name)\",\"seen\":\(change == .nestedRetyped ? "\"\(seen)\"" : "\(seen)")}"
        }
        if change == .elementGone { items.remove(at: 1) }
        var palette = ["red", "green", "blue", "black"]
        if change == .colourGone { palette.removeLast() }
        if change == .colourReplaced { palette[3] = "white" }
        let colours = state.shuffle(palette).map { "\"\($0)\"" }
        let rank = change == .orderThatCounts ? "[\"second\",\"first\"]" : "[\"first\",\"second\"]"
        let phase = change == .phaseUnknown ? "lost" : ["queued", "running", "done"][Int(state.next() % 3)]
        let body =
            "{\"items\":[\(items.joined(separator: ","))],\"colours\":[\(colours.joined(separator: ","))],"
            + "\"rank\":\(rank),\"phase\":\"\(phase)\"}"
        return response(200, "application/json", body, &state)
    }

    private func events(_ state: inout State) -> String {
        let name = change == .eventRenamed ? "line" : "log"
        var events = (0..<(change == .eventAdded ? 6 : 5)).map {
            "id: \($0)\nevent: \(name)\ndata: {\"line\":\($0),\"lag\":\(state.next() % 30)}\n\n"
        }
        if change == .eventDropped { events.remove(at: 2) }
        if change == .eventsTurned { events.swapAt(1, 2) }
        return response(200, "text/event-stream", events.joined(), &state)
    }

    private func feed(_ state: inout State) -> String {
        let version = change == .documentAttribute ? "" : " version='1.0'"
        let second = change == .documentText ? "Second, revised" : "Second"
        let body =
            "<?xml version='1.0'?>\n<feed\(version)><updated>\(state.next())</updated>"
            + "<entry><title>First</title></entry><entry><title>\(second)</title></entry></feed>"
        return response(200, "application/xml", body, &state)
    }

    private func response(
        _ status: Int,
        _ type: String,
        _ body: String,
        _ state: inout State,
        _ fields: [String] = []
    ) -> String {
        let charset = change == .charset ? "iso-8859-1" : "utf-8"
        let type = change == .mediaType && type == "application/json" ? "application/vnd.api+json" : type
        var lines = [
            "HTTP/1.1 \(status) Any", "Content-Type: \(type); charset=\(charset)",
            "X-Request-Id: \(UUID().uuidString)", "ETag: \"\(state.next())\"",
        ]
        if change != .headerLost {
            lines.append("Cache-Control: \(change == .headerChanged ? "public" : "no-store")")
        }
        lines += fields
        lines.append("Content-Length: \(body.utf8.count)")
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}
