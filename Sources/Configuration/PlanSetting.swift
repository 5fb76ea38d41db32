import Yams

/// A setting of a plan on the command line: `copies.count=3`.
struct PlanSetting {
    /// What a value alone means where a mapping may stand as well.
    private static let shorthands = ["copies": "count", "max_in_flight": "limit", "retries": "schedule"]

    let path: String
    private let names: [String]
    private let text: String

    /// `nil` where there is no key before the `=`.
    init?(_ setting: String) {
        guard let equals = setting.firstIndex(of: "=") else { return nil }
        path = String(setting[..<equals])
        text = String(setting[setting.index(after: equals)...])
        names = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard names.allSatisfy({ !$0.isEmpty }) else { return nil }
    }

    /// A document with the value in its place; mappings on the way are made where they are missing.
    func applied(to root: Node?) throws(RulesFileError) -> Node {
        let value: Node?
        do {
            value = try Yams.compose(yaml: text, .basic)
        } catch let error as YamlError {
            throw RulesFileError(file: path, error)
        } catch {
            throw RulesFileError(file: path, at: nil, "no YAML: \(error)")
        }
        return try put(value ?? Node(""), into: root, names[...])
    }

    private func put(_ value: Node, into node: Node?, _ names: ArraySlice<String>) throws(RulesFileError)
        -> Node
    {
        guard let name = names.first else { return value }
        var mapping: Node.Mapping
        switch node {
        case nil: mapping = Node.Mapping([])
        case .mapping(let known): mapping = known
        case .scalar(let scalar):
            let before = self.names[..<names.startIndex].last ?? ""
            guard let member = Self.shorthands[before] else {
                throw RulesFileError(file: path, at: nil, "'\(before)' has no '\(name)' in it")
            }
            mapping = Node.Mapping([(Node(member), .scalar(scalar))])
        case .sequence, .alias:
            throw RulesFileError(file: path, at: nil, "'\(name)' cannot be put into a list")
        }
        mapping[Node(name)] = try put(value, into: mapping[Node(name)], names.dropFirst())
        return .mapping(mapping)
    }
}
