import JSON

/// A rule for the values of JSON texts at a path, with numbers in the place of names.
struct PathRule: Sendable {
    /// More steps than these do not fit in the bits of a walk; ``JSONPath`` allows as many, and the last is left out.
    static let maximumSteps = 63

    enum Selector: Sendable {
        /// The number of a name.
        case member(UInt64)
        case element(UInt64)
        case any
    }

    struct Step: Sendable {
        var selector: Selector
        var atAnyDepth: Bool
    }

    var steps: [Step]
    var treatment: Treatment

    /// The steps that have been walked, as bits, after one more from a place where `reached` had been.
    fileprivate func advance(_ reached: UInt64, _ key: UInt64, isMember: Bool) -> UInt64 {
        var next: UInt64 = 0
        for index in steps.indices where reached & 1 << UInt64(index) != 0 {
            if steps[index].atAnyDepth { next |= 1 << UInt64(index) }
            let matches =
                switch steps[index].selector {
                case .any: true
                case .member(let name): isMember && name == key
                case .element(let number): !isMember && number == key
                }
            if matches { next |= 1 << UInt64(index + 1) }
        }
        return next
    }

    /// Whether the path leads to the value that has this key in the last of the levels of one text; O(steps × depth).
    fileprivate func leads(through levels: ArraySlice<JSONLevel>, to key: UInt64) -> Bool {
        guard let last = levels.last else { return false }
        var reached: UInt64 = 1
        for index in levels.indices.dropFirst() {
            reached = advance(reached, levels[index].key, isMember: levels[index - 1].isObject)
            if reached == 0 { return false }
        }
        return advance(reached, key, isMember: last.isObject) >> UInt64(steps.count) & 1 != 0
    }
}

extension CompiledRules {
    var hasPaths: Bool { !paths.isEmpty }

    mutating func add(_ path: JSONPath, _ treatment: Treatment) {
        var steps: [PathRule.Step] = []
        for step in path.steps.prefix(PathRule.maximumSteps) {
            let selector: PathRule.Selector =
                switch step.selector {
                case .member(let name): .member(FieldName(Array(name.utf8).span).hash)
                case .element(let index): .element(UInt64(index))
                case .any: .any
                }
            steps.append(PathRule.Step(selector: selector, atAnyDepth: step.atAnyDepth))
        }
        guard let last = steps.last else { return }
        switch last.selector {
        case .member(let name): pathEnds[name] = true
        case .element: hasElementPaths = true
        case .any:
            hasElementPaths = true
            hasOpenMemberPaths = true
        }
        paths.append(PathRule(steps: steps, treatment: treatment))
    }

    /// Whether a path may end in a member of this name.
    func mayEndPath(in name: FieldName) -> Bool {
        hasPaths && (hasOpenMemberPaths || pathEnds[name.hash] != nil)
    }

    /// The last rule with a path to the value that has this key in the last of the levels.
    func treatment(at key: UInt64, in levels: ArraySlice<JSONLevel>) -> Treatment? {
        paths.last { $0.leads(through: levels, to: key) }?.treatment
    }
}
