import Replay
import Yams

extension PlanFileReader {
    /// Faults of clients: for each the share of requests alone, or a mapping of it and of how bad it is.
    func faults(_ node: Node) throws(RulesFileError) -> ClientFaults {
        let entries = try fields(
            node,
            of: "'faults'",
            known: ["slow_readers", "half_open", "aborted_bodies"]
        )
        var faults = ClientFaults()
        if let node = entries["slow_readers"] {
            let more = try shareAndMore(
                node,
                "'slow_readers'",
                known: ["bytes_per_second", "time"],
                into: &faults.slowReaders
            )
            if let node = more["bytes_per_second"] {
                faults.slowBytesPerSecond = Int(try number(node, in: 1...1_000_000_000))
            }
            if let node = more["time"] { faults.slowTime = try duration(node).nanoseconds }
        }
        if let node = entries["half_open"] {
            let more = try shareAndMore(node, "'half_open'", known: ["time"], into: &faults.halfOpen)
            if let node = more["time"] { faults.halfOpenTime = try duration(node).nanoseconds }
        }
        if let node = entries["aborted_bodies"] {
            _ = try shareAndMore(node, "'aborted_bodies'", known: [], into: &faults.abortedBodies)
        }
        guard faults.isValid else {
            throw error(node, "the shares of all faults are more than every request")
        }
        return faults
    }

    private func shareAndMore(
        _ node: Node,
        _ what: String,
        known: [String],
        into value: inout Double
    ) throws(RulesFileError) -> [String: Node] {
        guard node.mapping != nil else {
            value = try share(node).value
            return [:]
        }
        let entries = try fields(node, of: what, known: ["share"] + known)
        guard let shareNode = entries["share"] else { throw error(node, "a 'share' is missing here") }
        value = try share(shareNode).value
        return entries
    }
}
