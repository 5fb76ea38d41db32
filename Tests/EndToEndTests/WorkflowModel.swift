import Foundation
import SeededRandom
import Synchronization

/// A service that makes the numbers of its runs itself: create one, poll until it is done, read its logs.
///
/// Whoever asks for a run that was never made gets 404, and so does whoever reads logs before a poll has said that the
/// run is done. Two services with other seeds share no number.
final class WorkflowModel: Sendable {
    /// Where a client finds the number of its run, and where it shows it.
    enum Style: String, CaseIterable, Sendable {
        /// A UUID in an object within the answer; in the path.
        case nestedUUID
        /// Counted up, as a JSON number; in the path.
        case countedNumber
        /// In `Location` alone; in the path.
        case location
        /// In a field of the answer's head; in the query.
        case headerToQuery
        /// In the answer's JSON; in a field of the requests' heads.
        case bodyToHeader
        /// A cookie of a session; in the cookie.
        case cookie
        /// In the answer's JSON; in JSON bodies of the requests.
        case bodyToBody
        /// A hidden field of a page; in bodies of forms.
        case pageToForm
        /// A short word of letters and digits; in the path.
        case shortWord
        /// A token with dots and signs that are spelled otherwise in a query.
        case encoded
        /// A bearer token; in `Authorization`.
        case bearer
    }

    static let pollsUntilDone = 3

    private struct State {
        var generator: SeededGenerator
        var nextNumber: Int
        var polls: [String: Int] = [:]
        var requests = 0
    }

    let style: Style
    private let state: Mutex<State>

    init(_ style: Style, seed: UInt64) {
        self.style = style
        state = Mutex(State(generator: SeededGenerator(seed: seed), nextNumber: Int(seed % 1_000) * 7 + 1))
    }

    /// The whole response to a request.
    func answer(_ request: ReceivedRequest) -> String {
        state.withLock { state in
            state.requests += 1
            if request.method == "POST", request.path == "/api/v1/runs" { return created(&state) }
            guard let id = id(in: request), let polls = state.polls[id] else {
                return Self.response(404, #"{"error":"no such run"}"#)
            }
            if request.path.hasSuffix("/logs") {
                // What shows who asks does not say in which order.
                let isOrdered = style != .cookie && style != .bearer
                guard !isOrdered || polls >= Self.pollsUntilDone else {
                    return Self.response(404, #"{"error":"no logs yet"}"#)
                }
                return Self.response(200, #"{"lines":["one","two"],"count":2}"#)
            }
            state.polls[id] = polls + 1
            let status = polls + 1 >= Self.pollsUntilDone ? "done" : polls == 0 ? "queued" : "running"
            // Decoys: a counter, a moment, a word, and a number that all answers share.
            return Self.response(
                200,
                #"{"status":"\#(status)","attempt":\#(polls + 1),"served":\#(state.requests),"project":7,"at":1700000\#(100 + state.requests % 800)}"#
            )
        }
    }

    private func created(_ state: inout State) -> String {
        let id: String
        switch style {
        case .nestedUUID, .bodyToBody, .bodyToHeader: id = state.generator.uuid()
        case .countedNumber:
            id = "\(state.nextNumber)"
            state.nextNumber += 1
        case .location, .headerToQuery: id = "run_" + state.generator.text(20)
        case .cookie, .pageToForm: id = state.generator.text(32)
        case .shortWord: id = state.generator.text(8)
        case .encoded: id = state.generator.text(12) + "+/" + state.generator.text(9) + "=="
        case .bearer: id = state.generator.text(24) + "." + state.generator.text(30)
        }
        state.polls[id] = 0
        let decoys =
            #""status":"queued","attempt":0,"served":\#(state.requests),"project":7,"region":"eu-west-1""#
        switch style {
        case .nestedUUID:
            return Self.response(201, #"{"data":{"run":{"id":"\#(id)"}},\#(decoys)}"#)
        case .countedNumber: return Self.response(201, #"{"id":\#(id),\#(decoys)}"#)
        case .location:
            return Self.response(201, "{\(decoys)}", ["Location: http://hooks/api/v1/runs/\(id)"])
        case .headerToQuery: return Self.response(202, "{\(decoys)}", ["X-Run-Id: \(id)"])
        case .bodyToHeader, .bodyToBody, .shortWord, .encoded:
            return Self.response(
                201,
                #"{"run_id":"\#(id.replacingOccurrences(of: "/", with: "\\/"))",\#(decoys)}"#
            )
        case .bearer: return Self.response(200, #"{"access_token":"\#(id)","expires_in":3600}"#)
        case .cookie: return Self.response(200, "{\(decoys)}", ["Set-Cookie: run=\(id); Path=/; HttpOnly"])
        case .pageToForm:
            return Self.response(
                200,
                #"<html><form action="/api/v1/poll"><input type="hidden" name="run_token" value="\#(id)"></form></html>"#,
                type: "text/html; charset=utf-8"
            )
        }
    }

    private func id(in request: ReceivedRequest) -> String? {
        switch style {
        case .nestedUUID, .countedNumber, .location, .shortWord:
            let segments = request.path.split(separator: "/")
            return segments.count >= 4 ? String(segments[3]) : nil
        case .headerToQuery, .encoded: return request.query["run"]
        case .bodyToHeader: return request.headers["x-run"]
        case .cookie:
            return request.headers["cookie"]?.components(separatedBy: "; ").first { $0.hasPrefix("run=") }
                .map { String($0.dropFirst(4)) }
        case .bodyToBody:
            let body = try? JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any]
            return (body?["query"] as? [String: Any])?["run"] as? String
        case .pageToForm:
            return request.body.components(separatedBy: "&").first { $0.hasPrefix("run_token=") }
                .map { String($0.dropFirst(10)) }
        case .bearer: return request.headers["authorization"].map { String($0.dropFirst(7)) }
        }
    }

    /// The request of a client that knows the number of its run; `isLogs` for the last one.
    func request(of id: String, isLogs: Bool, page: Int) -> String {
        let tail = isLogs ? "/logs" : ""
        let host = "Host: hooks\r\n"
        func get(_ target: String, _ fields: String = "") -> String {
            "GET \(target) HTTP/1.1\r\n\(host)\(fields)\r\n"
        }
        func post(_ target: String, _ type: String, _ body: String) -> String {
            "POST \(target) HTTP/1.1\r\n\(host)Content-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        switch style {
        case .nestedUUID, .countedNumber, .location, .shortWord:
            return get("/api/v1/runs/\(id)\(tail)?page=\(page)&limit=50")
        case .headerToQuery: return get("/api/v1/poll\(tail)?limit=50&run=\(id)")
        case .encoded:
            let spelled = id.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? id
            return get("/api/v1/poll\(tail)?run=\(spelled)&page=\(page)")
        case .bodyToHeader: return get("/api/v1/poll\(tail)?page=\(page)", "X-Run: \(id)\r\n")
        case .cookie: return get("/api/v1/poll\(tail)", "Cookie: theme=dark; run=\(id)\r\n")
        case .bearer: return get("/api/v1/poll\(tail)", "Authorization: Bearer \(id)\r\n")
        case .bodyToBody:
            return post(
                "/api/v1/poll\(tail)",
                "application/json",
                #"{"page":\#(page),"query":{"run":"\#(id)","limit":50}}"#
            )
        case .pageToForm:
            return post(
                "/api/v1/poll\(tail)",
                "application/x-www-form-urlencoded",
                "page=\(page)&run_token=\(id)"
            )
        }
    }

    /// The number that an answer to a creation gave.
    static func id(in answer: String, _ style: Style) -> String? {
        func between(_ start: String, _ end: String) -> String? {
            guard let first = answer.range(of: start),
                let last = answer.range(of: end, range: first.upperBound..<answer.endIndex)
            else { return nil }
            return String(answer[first.upperBound..<last.lowerBound])
        }
        return switch style {
        case .nestedUUID: between(#"{"id":""#, "\"")
        case .countedNumber: between(#"{"id":"#, ",")
        case .location: between("Location: http://hooks/api/v1/runs/", "\r\n")
        case .headerToQuery: between("X-Run-Id: ", "\r\n")
        case .bodyToHeader, .bodyToBody, .shortWord: between(#""run_id":""#, "\"")
        case .encoded: between(#""run_id":""#, "\"")?.replacingOccurrences(of: "\\/", with: "/")
        case .cookie: between("Set-Cookie: run=", ";")
        case .pageToForm: between(#"value=""#, "\"")
        case .bearer: between(#""access_token":""#, "\"")
        }
    }

    static func response(
        _ status: Int,
        _ body: String,
        _ fields: [String] = [],
        type: String = "application/json"
    ) -> String {
        "HTTP/1.1 \(status) \(status < 300 ? "OK" : "Not Found")\r\nContent-Type: \(type)\r\n"
            + fields.map { $0 + "\r\n" }.joined() + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}

/// Texts that look random.
extension SeededGenerator {
    mutating func text(_ count: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<count).map { _ in letters[Int.random(in: letters.indices, using: &self)] })
    }

    mutating func uuid() -> String {
        let digits = Array("0123456789abcdef")
        func run(_ count: Int, _ generator: inout SeededGenerator) -> String {
            String((0..<count).map { _ in digits[Int.random(in: digits.indices, using: &generator)] })
        }
        return run(8, &self) + "-" + run(4, &self) + "-4" + run(3, &self) + "-a" + run(3, &self) + "-"
            + run(12, &self)
    }
}
