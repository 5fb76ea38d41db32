import Foundation
import Synchronization

/// A service of two tenants that takes signed deliveries and shows their runs, with one thing wrong or nothing.
final class TenantService: Sendable {
    enum Defect: String, CaseIterable, Sendable {
        case none, unsigned, readable, secretEchoed, secretInBase64, dataShared, dataEscaped, crossed, silent
        /// In what only the load, the readers of live logs, or those of histories are shown.
        case secretInHead, secretInStream, dataInStream, secretInHistory
        /// A token that is none lets its tenant in all the same.
        case anyToken
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
            let isProbe = request.headers["x-tapedeck-replay"]?.hasSuffix("/probe") == true
            let shown = defect == .secretInHead && !isProbe ? lastPlanted(book, by: nil)?.key : nil
            return response(202, #"{"run_id":"\#(id)"}"#, shown.map { "X-Last-Key: \($0)" })
        }
        guard let reader = request.headers["x-tenant"],
            request.headers["authorization"] != "Bearer out-of-date" || defect == .anyToken
        else { return response(401, "{}") }
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
        case 3 where parts[0] == "runs" && parts[2] == "logs":
            let told = defect == .secretInHistory ? lastPlanted(book, by: nil)?.key : nil
            return response(200, #"{"logs":[{"id":"1","message":"\#(told ?? "queued")"}]}"#)
        case 4 where parts[0] == "runs" && parts[3] == "stream":
            let told: String? =
                switch defect {
                case .secretInStream: lastPlanted(book, by: nil)?.key
                case .dataInStream: lastPlanted(book, by: reader == "a" ? "b" : "a")?.body
                default: nil
                }
            // A comment is no line of the log, and shown to the same reader.
            let stream =
                "id: 1\ndata: {\"message\":\"queued\"}\n\n: \(told ?? "")\n\nevent: end\ndata: {}\n\n"
            return response(200, stream, type: "text/event-stream")
        default: return response(404, "{}")
        }
    }

    /// The last delivery of a probe for a tenant, or for any.
    private static func lastPlanted(_ book: RunBook, by tenant: String?) -> Run? {
        book.runs.withLock { $0.last { !$0.key.isEmpty && (tenant == nil || $0.tenant == tenant) } }
    }

    private static func response(
        _ status: Int,
        _ body: String,
        _ field: String? = nil,
        type: String = "application/json"
    ) -> String {
        let more = field.map { "\r\n\($0)" } ?? ""
        return
            "HTTP/1.1 \(status) Status\r\nContent-Type: \(type)\(more)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
