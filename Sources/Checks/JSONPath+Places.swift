package import JSON

extension JSONPath {
    /// Whether the path names the value at `place` or one that it is inside of.
    ///
    /// O(steps × depth).
    package func covers(_ place: JSONPlace) -> Bool { reached(place).contains(true) }

    /// For each depth, whether the path ends there.
    func reached(_ place: JSONPlace) -> [Bool] {
        // `reached[d]`: the steps so far lead to the value `d` levels down.
        var reached = [Bool](repeating: false, count: place.steps.count + 1)
        reached[0] = true
        for step in steps {
            var next = [Bool](repeating: false, count: reached.count)
            var above = false
            for depth in place.steps.indices {
                above = reached[depth] || step.atAnyDepth && above
                next[depth + 1] = above && Self.matches(step.selector, place.steps[depth])
            }
            reached = next
        }
        return reached
    }

    private static func matches(_ selector: Selector, _ step: JSONPlace.Step) -> Bool {
        switch (selector, step) {
        case (.any, _): true
        case (.member(let wanted), .member(let name)): wanted == name
        case (.element(let wanted), .element(let index)): wanted == index
        case (.member, .element), (.element, .member): false
        }
    }
}
