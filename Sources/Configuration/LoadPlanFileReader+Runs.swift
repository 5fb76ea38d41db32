import LoadPlans
import Replay
import Yams

/// Where a target tells what becomes of its runs.
extension LoadPlanFileReader {
    /// `HOST:PORT`, or a mapping with `listen` and where a callback says what.
    func callback(_ node: Node) throws(RulesFileError) -> ExecutionRule.Callback {
        guard node.mapping != nil else { return try listener(node) }
        let entries = try fields(
            node,
            of: "'callback'",
            known: ["listen", "path", "run_id", "correlation_id", "status"]
        )
        guard let listen = entries["listen"] else {
            throw error(
                node,
                "'listen' is missing: an address of this machine that the target posts to, such as 127.0.0.1:9200"
            )
        }
        var callback = try listener(listen)
        callback.path = try entries["path"].map(path)
        if let node = entries["run_id"] { callback.names = try places(node) }
        if let node = entries["correlation_id"] { callback.marks = try places(node) }
        if let node = entries["status"] { callback.status = try places(node) }
        return callback
    }

    /// An address and a port of this machine.
    private func listener(_ node: Node) throws(RulesFileError) -> ExecutionRule.Callback {
        let text = try text(node)
        let colon = text.lastIndex(of: ":")
        var host = colon.map { text[..<$0] } ?? ""
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let colon, let port = UInt16(text[colon...].dropFirst()), port > 0, !host.isEmpty,
            isBracketed || !host.contains(":"), host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x2F })
        else { throw error(node, "'\(text)' is no address to listen on: give one such as 127.0.0.1:9200") }
        return ExecutionRule.Callback(host: String(host), port: port)
    }

    func places(_ node: Node) throws(RulesFileError) -> [ExecutionRule.Place] {
        var places: [ExecutionRule.Place] = []
        for element in try values.list(node) { places.append(try place(element)) }
        return places
    }

    /// The path of a stream, or a mapping with `path` and what its events are.
    func statusStream(_ node: Node) throws(RulesFileError) -> ExecutionRule.StatusStream {
        guard node.mapping != nil else { return ExecutionRule.StatusStream(path: try path(node)) }
        let entries = try fields(node, of: "'stream'", known: ["path", "events", "run"])
        guard let pathNode = entries["path"] else {
            throw error(
                node,
                "'path' is missing: where changes of runs are told, as in /api/runs/stream"
            )
        }
        var stream = ExecutionRule.StatusStream(path: try path(pathNode))
        if let node = entries["events"] {
            for element in try values.list(node) { stream.events.append(try text(element)) }
        }
        if let node = entries["run"] { stream.run = try pointer(node) }
        return stream
    }

    /// A query of a database, and where its connection string is.
    func query(_ node: Node) throws(RulesFileError) -> ExecutionRule.Query {
        let entries = try fields(node, of: "'sql'", known: ["connection", "query"])
        guard let connection = entries["connection"], let query = entries["query"] else {
            throw error(
                node,
                "'sql' has 'connection', env:VARIABLE or file:PATH, and 'query', which gives id, status and moments of runs"
            )
        }
        let place = try secretPlace(connection)
        return try values.value(query) { text throws(UnreadableQuery) in
            try ExecutionRule.Query(connection: place, text: text)
        }
    }
}
