package import Correlation
import Glibc
import Messages
import Yams

/// Reads which values live on from YAML; `Documentation/correlation.md` describes the format.
package struct CorrelationFile {
    /// Longer files are refused.
    package static let maximumBytes = 8 << 20
    /// Files with more edges are refused.
    package static let maximumEdges = 10_000
    /// The key of a file or of a larger plan under which all of it stands.
    package static let key = "correlate"

    /// Reads a file, or standard input when `path` is `-`, and the files that it names.
    package static func load(path: String) throws(RulesFileError) -> CorrelationPlan {
        let name = path == "-" ? "standard input" : path
        let bytes =
            path == "-"
            ? try RulesFileInput.bytes(STDIN_FILENO, name, maximumBytes: maximumBytes)
            : try RulesFileInput.bytes(path: path, maximumBytes: maximumBytes)
        return try plan(yaml: bytes, file: name)
    }

    /// The plan in UTF-8; `file` is the name that errors show, and what other files are sought beside.
    package static func plan(yaml: [UInt8], file: String) throws(RulesFileError) -> CorrelationPlan {
        let reader = CorrelationFileReader(file: file)
        // Scalars are read as they are written, so that nothing has to guess what they are.
        let root = try reader.root(of: yaml, maximumBytes: maximumBytes, .basic)
        guard let root else {
            throw RulesFileError(file: file, at: nil, "an empty file; it has '\(key)'")
        }
        guard let node = try reader.fields(root, of: "the file", known: [key])[key] else {
            throw reader.error(root, "the file has '\(key)'")
        }
        return try reader.plan(node)
    }
}

/// Turns the nodes of a file into a plan.
struct CorrelationFileReader: RulesFileReader {
    let file: String

    /// Reads what stands under the key of a file.
    func plan(_ node: Node) throws(RulesFileError) -> CorrelationPlan {
        let entries = try fields(
            node,
            of: "'\(CorrelationFile.key)'",
            known: ["edges", "when-missing", "identities", "maps", "dates"]
        )
        var plan = CorrelationPlan()
        if let node = entries["when-missing"] {
            plan.whenMissing = try choice(node, CorrelationPlan.MissingPolicy.self)
        }
        if let node = entries["edges"] {
            let nodes = try list(node, "'edges'")
            guard nodes.count <= CorrelationFile.maximumEdges else {
                throw error(node, "more than \(CorrelationFile.maximumEdges) edges")
            }
            for entry in nodes { plan.edges.append(try edge(entry)) }
        }
        if let node = entries["identities"] {
            for entry in try list(node, "'identities'") { plan.identities.append(try identities(entry)) }
        }
        if let node = entries["maps"] {
            for entry in try list(node, "'maps'") { plan.maps.append(try map(entry)) }
        }
        if let node = entries["dates"] {
            for entry in try list(node, "'dates'") { plan.dates.append(try date(entry)) }
        }
        return plan
    }

    private func edge(_ node: Node) throws(RulesFileError) -> ValueEdge {
        let entries = try fields(
            node,
            of: "an edge",
            known: ["from", "take", "to", "put", "match", "held", "of", "values"]
        )
        let from = try required("from", of: "an edge", entries, node)
        let take = try required("take", of: "an edge", entries, node)
        let spot = try spot(take)
        if spot.place.isOfRequests { throw error(take, "'\(spot)' is no place in an answer") }
        let (to, put) = try place(entries, node, of: "an edge")
        var edge = ValueEdge(from: try route(from), take: spot, to: to, put: put)
        if let node = entries["match"] { edge.match = try choice(node, ValueEdge.Match.self) }
        let counts = ["held", "of", "values"].compactMap { entries[$0] }
        // What it was learned from is for the reader of the file.
        for node in counts { _ = try count(node) }
        if let held = entries["held"], let of = entries["of"] {
            edge.evidence = ValueEdge.Evidence(
                held: try count(held),
                of: try count(of),
                values: try entries["values"].map(count) ?? 0
            )
        }
        return edge
    }

    private func identities(_ node: Node) throws(RulesFileError) -> IdentityPool {
        let entries = try fields(node, of: "a pool of identities", known: ["to", "put", "file"])
        let (to, put) = try place(entries, node, of: "a pool of identities")
        let path = try required("file", of: "a pool of identities", entries, node)
        let bytes = try RulesFileInput.bytes(
            path: beside(try text(path)),
            maximumBytes: CorrelationFile.maximumBytes
        )
        var values: [[UInt8]] = []
        for line in bytes.split(separator: 0x0A) {
            let value = line.last == 0x0D ? line.dropLast() : line
            // Whoever reads an error must not read a secret.
            if !value.isEmpty { values.append(Array(value)) }
        }
        guard !values.isEmpty, bytes.count <= CorrelationFile.maximumBytes else {
            throw error(
                path,
                "a file with one value a line is wanted here, \(CorrelationFile.maximumBytes) bytes at most"
            )
        }
        return IdentityPool(to: to, put: put, values: values)
    }

    private func map(_ node: Node) throws(RulesFileError) -> ValueMap {
        let entries = try fields(node, of: "a map", known: ["to", "put", "values", "unmapped"])
        let (to, put) = try place(entries, node, of: "a map")
        let values = try required("values", of: "a map", entries, node)
        guard let mapping = values.mapping, !mapping.isEmpty else {
            throw error(values, "'values' is a mapping of recorded values to those of the target")
        }
        var map = ValueMap(to: to, put: put, values: [:])
        for (key, value) in mapping { map.values[Array(try text(key).utf8)] = Array(try text(value).utf8) }
        if let node = entries["unmapped"] { map.keepsUnmapped = try choice(node, Unmapped.self) == .keep }
        return map
    }

    private enum Unmapped: String, CaseIterable {
        case skip, keep
    }

    private func date(_ node: Node) throws(RulesFileError) -> MovedDate {
        let entries = try fields(node, of: "a date", known: ["to", "put"])
        let (to, put) = try place(entries, node, of: "a date")
        return MovedDate(to: to, put: put)
    }

    // MARK: Parts

    /// Which requests, `*` unless said otherwise, and where in them.
    private func place(_ entries: [String: Node], _ node: Node, of what: String) throws(RulesFileError) -> (
        RoutePattern, ValueSpot
    ) {
        let put = try required("put", of: what, entries, node)
        let spot = try spot(put)
        if spot.place.isOfAnswers { throw error(put, "'\(spot)' is no place in a request") }
        if let to = entries["to"] { return (try route(to), spot) }
        do {
            return (try RoutePattern("*"), spot)
        } catch {
            throw self.error(node, error.description)
        }
    }

    private func required(_ key: String, of what: String, _ entries: [String: Node], _ node: Node)
        throws(RulesFileError) -> Node
    {
        guard let value = entries[key] else { throw error(node, "\(what) has '\(key)'") }
        return value
    }

    private func route(_ node: Node) throws(RulesFileError) -> RoutePattern {
        do {
            return try RoutePattern(try text(node))
        } catch let failure as RoutePatternError {
            throw error(node, failure.description)
        } catch let failure as RulesFileError {
            throw failure
        } catch {
            throw self.error(node, "no route")
        }
    }

    private func spot(_ node: Node) throws(RulesFileError) -> ValueSpot {
        let text = try text(node)
        do {
            return try ValueSpot(text)
        } catch {
            throw self.error(node, error.description)
        }
    }

    private func choice<Value: RawRepresentable & CaseIterable>(
        _ node: Node,
        _: Value.Type
    ) throws(RulesFileError) -> Value where Value.RawValue == String {
        let text = try text(node)
        guard let value = Value(rawValue: text) else {
            let known = Value.allCases.map(\.rawValue)
            throw error(
                node,
                "'\(text)' is none of \(known.joined(separator: ", "))\(NearestWord.hint(for: text, among: known))"
            )
        }
        return value
    }

    private func count(_ node: Node) throws(RulesFileError) -> UInt64 {
        guard let number = UInt64(try text(node)) else {
            throw error(node, "a number of requests is wanted here")
        }
        return number
    }

    private func list(_ node: Node, _ what: String) throws(RulesFileError) -> [Node] {
        guard let sequence = node.sequence else { throw error(node, "\(what) is a list") }
        return Array(sequence)
    }

    private func text(_ node: Node) throws(RulesFileError) -> String {
        guard let scalar = node.scalar, !scalar.string.isEmpty else {
            throw error(
                node,
                "a text is wanted here; one that begins with an asterisk or bracket needs quotes"
            )
        }
        return scalar.string
    }

    /// A path as it is meant in the file: beside the file itself.
    private func beside(_ path: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return String(file[...slash]) + path
    }
}
