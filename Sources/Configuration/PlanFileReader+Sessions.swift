import Replay
import Yams

extension PlanFileReader {
    /// A number alone, or a mapping that says more.
    func copies(_ node: Node) throws(RulesFileError) -> SessionCopies {
        var copies = SessionCopies()
        let counts = 1...UInt64(SessionCopies.maximumCount)
        guard node.mapping != nil else {
            copies.count = UInt32(try number(node, in: counts))
            return copies
        }
        let entries = try fields(node, of: "'copies'", known: ["count", "spread", "identities"])
        guard let count = entries["count"] else { throw error(node, "a 'count' is missing here") }
        copies.count = UInt32(try number(count, in: counts))
        if let node = entries["spread"] { copies.spread = Int64(clamping: try duration(node).nanoseconds) }
        if let node = entries["identities"] {
            if node.scalar?.string == "keep" {
                copies.renewsIdentities = false
            } else {
                for element in try list(node) { copies.identities.append(try identity(element)) }
            }
        }
        return copies
    }

    private func identity(_ node: Node) throws(RulesFileError) -> SessionRule.Mark {
        let text = try text(node)
        switch SessionRule.Mark(Substring(text)) {
        case .cookie(let name)?: return .cookie(name)
        case .place(let place)?: return .place(place)
        case .sessionCookie?, .bearer?, .client?, .delivery?, .connection?, nil:
            throw error(
                node,
                "'\(text)' is no place of an identity: cookie:NAME, header:NAME, query:NAME, form:NAME or json:/POINTER; "
                    + "or 'keep' alone, which leaves all of them"
            )
        }
    }
}
