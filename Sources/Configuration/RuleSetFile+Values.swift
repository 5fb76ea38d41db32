import Anonymization
import Yams

extension RuleSetFile {
    func list<Value>(
        _ node: Node,
        of what: String,
        _ read: (Node) throws(RulesFileError) -> Value
    ) throws(RulesFileError) -> [Value] {
        guard let sequence = node.sequence else { throw error(node, "\(what) is a list") }
        guard sequence.count <= Self.maximumRules else {
            throw error(node, "\(what) has more than \(Self.maximumRules) entries")
        }
        var values: [Value] = []
        for element in sequence { values.append(try read(element)) }
        return values
    }

    func texts(_ node: Node) throws(RulesFileError) -> [String] {
        if node.scalar != nil { return [try text(node)] }
        guard node.sequence?.isEmpty != true else { throw error(node, "an empty list names nothing") }
        return try list(node, of: "this entry", text)
    }

    /// A name that can stand in a trace header and on a command line.
    func name(_ node: Node) throws(RulesFileError) -> String {
        let name = try text(node)
        let isPlain = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
        }
        guard isPlain, name.utf8.count <= 64 else {
            throw error(node, "a name has up to 64 small letters, digits and hyphens")
        }
        return name
    }

    func detectors(_ node: Node) throws(RulesFileError) -> DetectorSet {
        var detectors: DetectorSet = []
        for name in try texts(node) {
            guard let detector = DetectorSet(name: name) else {
                let known = DetectorSet.names.joined(separator: ", ")
                throw error(node, "no detector '\(name)'; there are \(known)")
            }
            detectors.formUnion(detector)
        }
        return detectors
    }

    func places(_ node: Node) throws(RulesFileError) -> FieldPlaces {
        var places: FieldPlaces = []
        for name in try texts(node) {
            guard let place = FieldPlaces(name: name) else {
                throw error(node, "no place '\(name)'; there are json, form, query, part, path, csv")
            }
            places.formUnion(place)
        }
        return places
    }
}
