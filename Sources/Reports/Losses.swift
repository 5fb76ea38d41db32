package import Traces

/// The counts of a ledger in which something was lost that was meant to be recorded, and what to do about each.
///
/// What was left out because somebody asked for it (a filter, a port) is no loss, and neither is what was never HTTP.
package struct Losses: Sendable {
    /// One count that should be 0.
    package struct Entry: Hashable, Sendable {
        /// Its name in the ledger.
        package var name: String
        package var value: UInt64
        /// What it counts, in words that follow a number.
        package var meaning: String
        package var remedy: String
    }

    /// Those that are not 0, in the order of the data's way.
    package let entries: [Entry]

    package init(in counts: [LedgerCount]) {
        let values = Dictionary(counts.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        entries = Self.kinds.compactMap { kind in
            guard let value = values[kind.name], value > 0 else { return nil }
            return Entry(name: kind.name, value: value, meaning: kind.meaning, remedy: kind.remedy)
        }
    }

    package var isEmpty: Bool { entries.isEmpty }

    private static let kinds: [(name: String, meaning: String, remedy: String)] = [
        (
            "packets.kernel_dropped", "packets dropped by the kernel",
            "give a larger --ring, or -p to look at less"
        ),
        (
            "packets.interface_dropped", "packets dropped by the interface",
            "look at the driver's queues: ethtool -S"
        ),
        ("packets.fragment", "IP fragments without the rest", "capture where all fragments pass"),
        ("packets.cut_header", "packets cut inside their headers", "capture with a larger snapshot length"),
        ("packets.too_many_layers", "packets with too many layers", "capture behind the tunnels"),
        ("packets.sampled", "packets left out by sampling", "give more memory and processor, or a filter"),
        ("bytes.missing", "bytes never captured", "see `tapedeck why` for when, and what was dropped then"),
        ("bytes.sampled", "bytes left out by sampling", "give more memory and processor, or a filter"),
        ("bytes.disk_full", "bytes not written: the disk was full", "make room, or give --keep-size"),
        (
            "bytes.truncated", "bytes past the limit for a body",
            "bodies longer than the limit keep their start"
        ),
        (
            "bytes.out_of_memory", "bytes for which there was no memory",
            "too many large messages were open at once"
        ),
        ("bytes.oversize", "bytes of heads past their limit", "no server takes such heads"),
        ("bytes.unparsable", "bytes that could not be parsed", "see `tapedeck why` for where"),
        ("requests.abandoned", "requests without a whole head", "see `tapedeck why` for where"),
        ("requests.gap", "requests with bytes missing", "see `tapedeck why --exchange`"),
        ("requests.sampled", "requests left out by sampling", "give more memory and processor, or a filter"),
        ("requests.disk_full", "requests not written: the disk was full", "make room, or give --keep-size"),
        ("responses.abandoned", "responses without a whole head", "see `tapedeck why` for where"),
        ("responses.gap", "responses with bytes missing", "see `tapedeck why --exchange`"),
        (
            "responses.sampled", "responses left out by sampling",
            "give more memory and processor, or a filter"
        ),
        ("responses.disk_full", "responses not written: the disk was full", "make room, or give --keep-size"),
        ("connections.evicted", "connections given up: too many were open", "give -p or a filter"),
        (
            "connections.sampled", "connections left out by sampling",
            "give more memory and processor, or a filter"
        ),
        ("trace.repaired", "file that was repaired", "what is behind the break is not there"),
    ]
}
