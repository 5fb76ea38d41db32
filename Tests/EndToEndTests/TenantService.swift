import Foundation
import Synchronization

/// A service of two tenants that takes signed deliveries and shows their runs, with one thing wrong or nothing.
final class TenantService: Sendable {
    enum Defect: String, CaseIterable, Sendable {
        case none, unsigned, readable, secretEchoed, secretInBase64, dataShared, dataEscaped, crossed, silent
    }

    private struct Run {
        var id: String
        var tenant: String
        var key: String
        var body: String
    }

    private final class RunBook: Sendable {
        let runs = Mutex<[Run]>([])
    }

    private let server: AnsweringServer

    var port: UInt16 { server.port }

    init(_ defect: Defect) throws {
        let book = RunBook()
        server = try AnsweringServer { request in Self.answer(request, defect, book) }
    }

    func stop() { server.stop() }

    /// The secrets that deliveries brought.
    var planted: [String] { server.received.compactMap { $0.headers["x-key"] } }

    private static func answer(_ request: ReceivedRequest, _ defect: Defect, _ book: RunBook) -> String {
        let parts = request.path.split(separator: "/").map(String.init)
        if defect == .silent, request.headers["x-tapedeck-replay"]?.hasSuffix("/probe") == true {
            return response(503, "{}")
        }
        if request.method == "POST", parts.count == 2, parts[0] == "hooks" {
            guard request.headers["x-signature"] != nil || defect == .unsigned else {
                return response(401, "{}")
            }
            let id = book.runs.withLock { runs in
                let id = "run-number-\(runs.count + 1)"
                let key = request.headers["x-key"] ?? ""
                runs.append(Run(id: id, tenant: parts[1], key: key, body: request.body))
                return id
            }
            return response(202, #"{"run_id":"\#(id)"}"#)
        }
        guard let reader = request.headers["x-tenant"] else { return response(401, "{}") }
        let runs = book.runs.withLock { $0 }
        switch parts.count {
        case 1 where parts[0] == "runs":
            let shown = runs.filter { $0.tenant == reader || defect == .crossed }
            let list = shown.map { #"{"id":"\#($0.id)","status":"succeeded"}"# }.joined(separator: ",")
            return response(200, #"{"runs":[\#(list)],"next":null}"#)
        case 1 where parts[0] == "recent":
            let last = runs.last {
                $0.body.contains("planted")
                    && ($0.tenant == reader || defect == .dataShared || defect == .dataEscaped)
            }
            let body = last?.body ?? "{}"
            guard defect == .dataEscaped else { return response(200, body) }
            let escaped = body.utf8.map { "\\u" + String(0x1_0000 + Int($0), radix: 16).dropFirst() }.joined()
            return response(200, "{\"was\":\"\(escaped)\"}")
        case 2 where parts[0] == "runs":
            guard let run = runs.first(where: { $0.id == parts[1] }),
                run.tenant == reader || defect == .readable
            else { return response(404, "{}") }
            switch defect {
            case .secretEchoed: return response(200, #"{"log":"key \#(run.key)"}"#)
            case .secretInBase64:
                return response(200, #"{"log":"\#(Data("key \(run.key)".utf8).base64EncodedString())"}"#)
            default: return response(200, #"{"log":"queued"}"#)
            }
        default: return response(404, "{}")
        }
    }

    private static func response(_ status: Int, _ body: String) -> String {
        "HTTP/1.1 \(status) Status\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
