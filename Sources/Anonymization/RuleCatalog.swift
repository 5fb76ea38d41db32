import JSON

/// Every rule of some rule sets by its number, from 1; 0 stands for the detectors.
///
/// The numbers are the same whichever of the rules apply to a message, so that what is done can be counted by rule.
struct RuleCatalog: Sendable {
    /// More rules share the last number.
    static let limit = Int(UInt16.max)

    struct Entry: Sendable {
        /// The rule set and the first name, header or path that the rule is for: `credentials/*password`.
        var title: String
        var kind: PseudonymKind
        var parameters: RuleParameters
    }

    private(set) var entries = [Entry(title: "detectors", kind: .text, parameters: .none)]
    /// The rule sets with the number of each rule in its treatment.
    private(set) var sets: [RuleSet]
    /// What dates are moved by, each once.
    private(set) var subjects: [DateShift.Subject] = []

    init(_ sets: [RuleSet]) {
        self.sets = sets
        for set in sets.indices {
            let name = sets[set].name
            for index in sets[set].fields.indices {
                let rule = sets[set].fields[index]
                let target = rule.names.first ?? rule.paths.first?.description ?? "?"
                let number = add("\(name)/\(target)", rule.treatment, rule.parameters)
                self.sets[set].fields[index].treatment.rule = number
            }
            for index in sets[set].headers.indices {
                let rule = sets[set].headers[index]
                let title = "\(name)/header \(rule.names.first ?? "?")"
                let number = add(title, rule.treatment, rule.parameters)
                self.sets[set].headers[index].treatment.rule = number
            }
            if let strings = sets[set].otherStrings {
                let number = add("\(name)/strings", strings, .none)
                self.sets[set].otherStrings?.rule = number
            }
        }
    }

    private mutating func add(
        _ title: String,
        _ treatment: Treatment,
        _ parameters: RuleParameters
    ) -> UInt16 {
        if case .shift(let shift) = parameters, !subjects.contains(shift.subject) {
            subjects.append(shift.subject)
        }
        guard entries.count < Self.limit else { return UInt16(entries.count - 1) }
        entries.append(Entry(title: title, kind: treatment.kind, parameters: parameters))
        return UInt16(entries.count - 1)
    }

    func title(of rule: UInt16) -> String { entries[Int(rule)].title }
}
