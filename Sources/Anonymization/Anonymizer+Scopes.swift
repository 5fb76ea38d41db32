package import Messages

/// The rules for the messages of one scope.
struct RuleVariant: Sendable {
    var rules: CompiledRules
    var text: TextScanner
    var productText: TextScanner
    var salt: UInt64
}

extension Anonymizer {
    /// How many variants of the rules are kept; traffic of more kinds has some compiled again and again.
    private static let maximumVariants = 128

    /// Whether what a rule does depends on the request.
    package var asksForRequest: Bool { !tests.isEmpty }

    /// Which rules apply to an exchange, read off the head of its request.
    package func scope(of request: borrowing Head) -> RuleScope { tests.scope(of: request) }

    /// Gives each test of the rules its number.
    mutating func numberTests() {
        for set in catalog.sets {
            _ = tests.bits(of: set.tests)
            for rule in set.fields { _ = tests.bits(of: rule.tests) }
            for rule in set.headers { _ = tests.bits(of: rule.tests) }
        }
    }

    /// Makes the rules of a scope those that apply.
    ///
    /// Which of them do is worked out once for each scope that is met; rules that ask nothing cost nothing here.
    mutating func enter(_ scope: RuleScope, _ kind: MessageKind) {
        guard !tests.isEmpty else { return }
        let scope = tests.asksForKind ? scope.with(kind) : scope
        guard scope != self.scope else { return }
        self.scope = scope
        if let known = variantScopes.firstIndex(of: scope) { return use(variant: known) }
        if variants.count == Self.maximumVariants {
            variants.removeAll(keepingCapacity: true)
            variantScopes.removeAll(keepingCapacity: true)
        }
        variantScopes.append(scope)
        let rules = CompiledRules(catalog.sets, in: scope, &tests)
        variantCount &+= 1
        variants.append(
            RuleVariant(
                rules: rules,
                text: TextScanner(rules.detectors),
                productText: TextScanner(rules.detectors.subtracting(Self.notInProducts)),
                salt: variantCount &* 0x9E37_79B9_7F4A_7C15
            )
        )
        use(variant: variants.count &- 1)
    }

    private mutating func use(variant index: Int) {
        rules = variants[index].rules
        variantSalt = variants[index].salt
        guard text.detectors != rules.detectors else { return }
        text = variants[index].text
        productText = variants[index].productText
    }
}

extension Anonymizer {
    /// What was done so far, by rule and kind, in the order of the rules; what detectors found comes first.
    package var countsByRule: [(rule: String, kind: String, count: UInt64)] {
        var counts: [(rule: String, kind: String, count: UInt64)] = []
        for kind in PseudonymKind.allCases where audit.detected(kind) > 0 {
            counts.append((catalog.title(of: 0), kind.name, audit.detected(kind)))
        }
        for rule in catalog.entries.indices.dropFirst() where audit.count(ofRule: rule) > 0 {
            let entry = catalog.entries[rule]
            counts.append((entry.title, entry.kind.counted.name, audit.count(ofRule: rule)))
        }
        return counts
    }
}
