import Glibc
import Yams

/// Reads one kind of file in YAML; what all kinds have in common.
protocol RulesFileReader {
    /// The name that errors show.
    var file: String { get }
}

extension RulesFileReader {
    /// The root of a document in UTF-8; `nil` where there is none.
    func root(of yaml: [UInt8], maximumBytes: Int, _ resolver: Resolver) throws(RulesFileError) -> Node? {
        guard yaml.count <= maximumBytes else {
            throw RulesFileError(file: file, at: nil, "longer than \(maximumBytes) bytes")
        }
        guard let text = String(validating: yaml, as: UTF8.self) else {
            throw RulesFileError(file: file, at: nil, "not UTF-8")
        }
        do {
            // Which encoding is the usual one is asked of the environment every time.
            return try Yams.compose(yaml: text, resolver, .default, .utf8)
        } catch let error as YamlError {
            throw RulesFileError(file: file, error)
        } catch {
            throw RulesFileError(file: file, at: nil, "no YAML: \(error)")
        }
    }

    func error(_ node: Node, _ message: String) -> RulesFileError {
        RulesFileError(file: file, at: node.mark, message)
    }

    /// The entries of a mapping by key; a key that is not `known` is an error.
    func fields(_ node: Node, of what: String, known: [String]) throws(RulesFileError) -> [String: Node] {
        // Only an error tells them.
        var keys: String { known.joined(separator: ", ") }
        guard let mapping = node.mapping else {
            throw error(node, "\(what) is a mapping with the keys \(keys)")
        }
        var fields: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, known.contains(name) else {
                let wanted = key.scalar?.string ?? ""
                let hint = NearestWord.hint(for: wanted, among: known)
                throw error(key, "unknown key '\(wanted)'\(hint); \(what) knows \(keys)")
            }
            fields[name] = value
        }
        return fields
    }
}

extension RulesFileReader {
    func text(_ node: Node) throws(RulesFileError) -> String {
        guard let scalar = node.scalar, !scalar.string.isEmpty else {
            throw error(node, "a text is wanted here")
        }
        return scalar.string
    }

    /// `true` or `false`, and none of YAML's other words for them.
    func bool(_ node: Node) throws(RulesFileError) -> Bool {
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default: throw error(node, "true or false is wanted here")
        }
    }

    func count(_ node: Node) throws(RulesFileError) -> Int {
        guard let count = node.scalar.flatMap({ Int($0.string) }), count >= 0 else {
            throw error(node, "a whole number from 0 on is wanted here")
        }
        return count
    }
}

/// The bytes of a file of rules.
enum RulesFileInput {
    /// Reads a file up to one byte more than `maximumBytes`, so that a longer one is seen to be one.
    static func bytes(path: String, maximumBytes: Int) throws(RulesFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw RulesFileError.system(path) }
        defer { close(descriptor) }
        return try bytes(descriptor, path, maximumBytes: maximumBytes)
    }

    /// The same from an open descriptor, which stays open; `name` is what errors show.
    static func bytes(_ descriptor: Int32, _ name: String, maximumBytes: Int) throws(RulesFileError)
        -> [UInt8]
    {
        var bytes = [UInt8](repeating: 0, count: maximumBytes + 1)
        var count = 0
        while count < bytes.count {
            let step = bytes.withUnsafeMutableBytes { buffer in
                read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if step == 0 { break }
            guard step > 0 else {
                if errno == EINTR { continue }
                throw RulesFileError.system(name)
            }
            count += step
        }
        bytes.removeSubrange(count...)
        return bytes
    }
}
