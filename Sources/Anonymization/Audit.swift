/// Why a body, or a part of one, was replaced whole.
package enum WholeReplacement: UInt8, Sendable, CaseIterable {
    /// A type of content that cannot be looked into.
    case unknownType
    /// A content coding that cannot be undone.
    case unknownCoding
    /// It claims a coding that it is not in, or inflates beyond the limit.
    case undecodable
    /// It claims to be JSON, a form, multipart or text, and is not.
    case malformed
    /// Its end is missing, or was long in coming.
    case incomplete
    /// A character set that cannot be read.
    case unknownCharset

    /// The name used in reports.
    package var name: String {
        switch self {
        case .unknownType: "unknown-type"
        case .unknownCoding: "unknown-coding"
        case .undecodable: "undecodable"
        case .malformed: "malformed"
        case .incomplete: "incomplete"
        case .unknownCharset: "unknown-charset"
        }
    }
}

/// What an anonymizer has done, in numbers.
package struct Audit: Hashable, Sendable {
    private var values = [UInt64](repeating: 0, count: PseudonymKind.allCases.count)
    private var whole = [UInt64](repeating: 0, count: WholeReplacement.allCases.count)
    /// Of those in `values`, what detectors found.
    private var detected = [UInt64](repeating: 0, count: PseudonymKind.allCases.count)
    /// By the number of the rule; as long as it has to be.
    private var byRule: [UInt64] = []
    /// How many IPv4 networks of 16 bits were given the pseudonym of another one.
    package var addressCollisions: UInt64 = 0
    /// By kind, how many values were given the pseudonym of another one.
    private var collisions = [UInt64](repeating: 0, count: PseudonymKind.allCases.count)

    package init() {}

    /// How many values of a kind were replaced.
    package subscript(_ kind: PseudonymKind) -> UInt64 { values[Int(kind.counted.rawValue)] }

    /// How many bodies and parts of bodies were replaced whole for a reason.
    package subscript(_ reason: WholeReplacement) -> UInt64 { whole[Int(reason.rawValue)] }

    /// How many values of a kind were given the pseudonym of another one.
    package func collisions(_ kind: PseudonymKind) -> UInt64 { collisions[Int(kind.rawValue)] }

    /// The numbers that are not 0, by the names used in reports, in a fixed order.
    package var counts: [(name: String, count: UInt64)] {
        PseudonymKind.allCases.filter { values[Int($0.rawValue)] > 0 }.map { ($0.name, self[$0]) }
            + WholeReplacement.allCases.filter { self[$0] > 0 }.map { ("body-\($0.name)", self[$0]) }
            + PseudonymKind.allCases.filter { collisions($0) > 0 }.map {
                ("collision-\($0.name)", collisions($0))
            }
            + (addressCollisions > 0 ? [("collision-network", addressCollisions)] : [])
    }

    /// Takes over what the pseudonymizer has counted.
    mutating func noteCollisions(of pseudonymizer: borrowing Pseudonymizer) {
        addressCollisions = pseudonymizer.addressCollisions
        guard pseudonymizer.hasCollisions else { return }
        for kind in PseudonymKind.allCases { collisions[Int(kind.rawValue)] = pseudonymizer.collisions(kind) }
    }

    /// What the detectors found that no rule named, by kind.
    func detected(_ kind: PseudonymKind) -> UInt64 { detected[Int(kind.rawValue)] }

    /// How often a rule was followed.
    func count(ofRule rule: Int) -> UInt64 { rule < byRule.count ? byRule[rule] : 0 }

    /// Counts a value under its kind and the number of the rule, which is 0 for what a detector found.
    mutating func count(_ kind: PseudonymKind, byRule rule: UInt16) {
        values[Int(kind.counted.rawValue)] &+= 1
        guard rule > 0 else {
            detected[Int(kind.counted.rawValue)] &+= 1
            return
        }
        while byRule.count <= Int(rule) { byRule.append(0) }
        byRule[Int(rule)] &+= 1
    }

    mutating func count(_ reason: WholeReplacement) { whole[Int(reason.rawValue)] &+= 1 }

    /// Adds the numbers of another anonymizer, such as one of another thread.
    package mutating func add(_ other: Audit) {
        for index in values.indices { values[index] &+= other.values[index] }
        for index in whole.indices { whole[index] &+= other.whole[index] }
        for index in detected.indices { detected[index] &+= other.detected[index] }
        while byRule.count < other.byRule.count { byRule.append(0) }
        for index in other.byRule.indices { byRule[index] &+= other.byRule[index] }
        addressCollisions &+= other.addressCollisions
        for index in collisions.indices { collisions[index] &+= other.collisions[index] }
    }
}
