import NIOHTTP1

/// A request with its body.
struct ServiceRequest {
    let method: String
    /// The path, without the query.
    let path: String
    let query: Substring
    let headers: HTTPHeaders
    var body: [UInt8]

    init(_ head: HTTPRequestHead, body: [UInt8]) {
        method = head.method.rawValue
        let mark = head.uri.utf8.firstIndex(of: UInt8(ascii: "?"))
        path = String(mark.map { head.uri[..<$0] } ?? head.uri[...])
        query = mark.map { head.uri[head.uri.utf8.index(after: $0)...] } ?? ""
        headers = head.headers
        self.body = body
    }

    func field(_ name: String) -> String? { headers.first(name: name) }

    /// The value of the query parameter `name`, with its escapes undone.
    func parameter(_ name: String) -> String? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0] == name {
                return String(parts[1]).replacing("+", with: " ").removingPercentEncoding
            }
        }
        return nil
    }

    /// The token of the `Authorization` field, else that of the cookie `mesh-token`.
    var token: Substring? {
        if let value = field("Authorization") {
            guard value.prefix(7).lowercased() == "bearer ", value.utf8.count > 7 else { return nil }
            return value.dropFirst(7)
        }
        for cookie in headers["Cookie"].joined(separator: ";").split(separator: ";") {
            let trimmed = cookie.drop { $0 == " " }
            if trimmed.hasPrefix("mesh-token=") { return trimmed.dropFirst(11) }
        }
        return nil
    }
}

extension String {
    /// Escapes undone; `nil` where one is broken or the bytes are no UTF-8.
    var removingPercentEncoding: String? {
        var bytes: [UInt8] = []
        var rest = utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else {
                return nil
            }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

/// What a path names.
enum ServiceRoute: Equatable {
    case health
    case metrics
    case queueDepth
    case hook(String)
    case runs
    case run(String)
    case events(String)
    case log(String)
    case runStream(String)
    case projectStream
    case realtime

    init?(path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, parts[0].isEmpty else { return nil }
        switch Array(parts[1...]) {
        case ["health"]: self = .health
        case ["api", "metrics"]: self = .metrics
        case ["api", "metrics", "queue-depth"]: self = .queueDepth
        case ["api", "runs"]: self = .runs
        case ["api", "logs", "stream"]: self = .projectStream
        case ["realtime", "v1", "websocket"]: self = .realtime
        case let names where names.count == 3 && names[0] == "api" && names[1] == "hooks":
            self = .hook(names[2])
        case let names where names.count > 2 && names[0] == "api" && names[1] == "runs":
            switch Array(names[3...]) {
            case []: self = .run(names[2])
            case ["events"]: self = .events(names[2])
            case ["logs"]: self = .log(names[2])
            case ["logs", "stream"]: self = .runStream(names[2])
            default: return nil
            }
        default: return nil
        }
    }

    /// The path with names in the place of what differs; how metrics call it.
    var template: String {
        switch self {
        case .health: "/health"
        case .metrics: "/api/metrics"
        case .queueDepth: "/api/metrics/queue-depth"
        case .hook: "/api/hooks/{slug}"
        case .runs: "/api/runs"
        case .run: "/api/runs/{id}"
        case .events: "/api/runs/{id}/events"
        case .log: "/api/runs/{id}/logs"
        case .runStream: "/api/runs/{id}/logs/stream"
        case .projectStream: "/api/logs/stream"
        case .realtime: "/realtime/v1/websocket"
        }
    }

    /// The methods it takes; a HEAD is answered as a GET whose body stays away.
    var methods: [String] {
        switch self {
        case .hook: ["POST"]
        case .runStream, .projectStream, .realtime: ["GET"]
        default: ["GET", "HEAD"]
        }
    }
}
