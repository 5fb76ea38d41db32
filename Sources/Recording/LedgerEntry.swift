/// One count of the ledger: its section, its part in the sum, its name, and where it stands.
package struct LedgerEntry: Sendable {
    /// What an entry has to do with the sum of its section.
    package enum Role: Sendable {
        /// What the buckets must add up to.
        case total
        case bucket
        /// Worth knowing, and no part of the sum.
        case note
    }

    package let section: LedgerSection
    package let role: Role
    package let name: String
    package let value: any WritableKeyPath<Ledger, UInt64> & Sendable

    /// The name in full, such as `packets.delivered`.
    package var fullName: String { "\(section.rawValue).\(name)" }

    /// Every count, section by section, the total of each first; the order is fixed.
    package static let all: [LedgerEntry] =
        packets + bytes + requests + responses + events + connections

    private static let packets: [LedgerEntry] = [
        LedgerEntry(.packets, .total, "delivered", \.packets.delivered),
        LedgerEntry(.packets, .bucket, "followed", \.packets.followed),
        LedgerEntry(.packets, .bucket, "filtered", \.packets.filtered),
        LedgerEntry(.packets, .bucket, "other_port", \.packets.otherPort),
        LedgerEntry(.packets, .bucket, "sampled", \.packets.sampled),
        LedgerEntry(.packets, .bucket, "not_tcp", \.packets.notTCP),
        LedgerEntry(.packets, .bucket, "fragment", \.packets.fragment),
        LedgerEntry(.packets, .bucket, "bad_length", \.packets.badLength),
        LedgerEntry(.packets, .bucket, "bad_checksum", \.packets.badChecksum),
        LedgerEntry(.packets, .bucket, "duplicate", \.packets.duplicate),
        LedgerEntry(.packets, .bucket, "cut_header", \.packets.cutHeader),
        LedgerEntry(.packets, .bucket, "unknown_link", \.packets.unknownLink),
        LedgerEntry(.packets, .bucket, "too_many_layers", \.packets.tooManyLayers),
        LedgerEntry(.packets, .note, "seen", \.packets.seen),
        LedgerEntry(.packets, .note, "kernel_dropped", \.packets.kernelDropped),
        LedgerEntry(.packets, .note, "interface_dropped", \.packets.interfaceDropped),
        LedgerEntry(.packets, .note, "comments", \.packets.comments),
        LedgerEntry(.packets, .note, "names", \.packets.names),
        LedgerEntry(.packets, .note, "secrets", \.packets.secrets),
        LedgerEntry(.packets, .note, "notes_left_out", \.packets.notesLeftOut),
    ]

    private static let bytes: [LedgerEntry] = [
        LedgerEntry(.bytes, .total, "received", \.bytes.received),
        LedgerEntry(.bytes, .bucket, "heads", \.bytes.heads),
        LedgerEntry(.bytes, .bucket, "bodies", \.bytes.bodies),
        LedgerEntry(.bytes, .bucket, "events", \.bytes.events),
        LedgerEntry(.bytes, .bucket, "framing", \.bytes.framing),
        LedgerEntry(.bytes, .bucket, "filtered", \.bytes.filtered),
        LedgerEntry(.bytes, .bucket, "truncated", \.bytes.truncated),
        LedgerEntry(.bytes, .bucket, "out_of_memory", \.bytes.outOfMemory),
        LedgerEntry(.bytes, .bucket, "disk_full", \.bytes.diskFull),
        LedgerEntry(.bytes, .bucket, "upgraded", \.bytes.upgraded),
        LedgerEntry(.bytes, .bucket, "unparsable", \.bytes.unparsable),
        LedgerEntry(.bytes, .bucket, "oversize", \.bytes.oversize),
        LedgerEntry(.bytes, .bucket, "before_join", \.bytes.beforeJoin),
        LedgerEntry(.bytes, .bucket, "aborted", \.bytes.aborted),
        LedgerEntry(.bytes, .bucket, "not_http", \.bytes.notHTTP),
        LedgerEntry(.bytes, .bucket, "other_port", \.bytes.otherPort),
        LedgerEntry(.bytes, .bucket, "sampled", \.bytes.sampled),
        LedgerEntry(.bytes, .bucket, "duplicate", \.bytes.duplicate),
        LedgerEntry(.bytes, .bucket, "conflicting", \.bytes.conflicting),
        LedgerEntry(.bytes, .bucket, "late", \.bytes.late),
        LedgerEntry(.bytes, .bucket, "outside_window", \.bytes.outsideWindow),
        LedgerEntry(.bytes, .bucket, "after_close", \.bytes.afterClose),
        LedgerEntry(.bytes, .bucket, "reset_payload", \.bytes.resetPayload),
        LedgerEntry(.bytes, .bucket, "pending", \.bytes.pending),
        LedgerEntry(.bytes, .note, "missing", \.bytes.missing),
    ]

    private static let connections: [LedgerEntry] = [
        LedgerEntry(.connections, .total, "opened", \.connections.opened),
        LedgerEntry(.connections, .bucket, "recorded", \.connections.recorded),
        LedgerEntry(.connections, .bucket, "without_messages", \.connections.withoutMessages),
        LedgerEntry(.connections, .bucket, "not_http", \.connections.notHTTP),
        LedgerEntry(.connections, .bucket, "other_port", \.connections.otherPort),
        LedgerEntry(.connections, .bucket, "sampled", \.connections.sampled),
        LedgerEntry(.connections, .bucket, "unrecognised", \.connections.unrecognised),
        LedgerEntry(.connections, .bucket, "open", \.connections.open),
        LedgerEntry(.connections, .note, "joined", \.connections.joined),
        LedgerEntry(.connections, .note, "evicted", \.connections.evicted),
        LedgerEntry(.connections, .note, "untold", \.connections.untold),
        LedgerEntry(.connections, .note, "resynchronised", \.connections.resynchronised),
        LedgerEntry(.connections, .note, "upgraded_websocket", \.connections.upgradedWebSocket),
        LedgerEntry(.connections, .note, "upgraded_tunnel", \.connections.upgradedTunnel),
        LedgerEntry(.connections, .note, "upgraded_other", \.connections.upgradedOther),
    ]

    private static let events: [LedgerEntry] = [
        LedgerEntry(.events, .total, "begun", \.events.begun),
        LedgerEntry(.events, .bucket, "stored", \.events.stored),
        LedgerEntry(.events, .bucket, "filtered", \.events.filtered),
        LedgerEntry(.events, .bucket, "disk_full", \.events.diskFull),
        LedgerEntry(.events, .bucket, "abandoned", \.events.abandoned),
        LedgerEntry(.events, .bucket, "open", \.events.open),
        LedgerEntry(.events, .note, "server_sent", \.events.serverSent),
        LedgerEntry(.events, .note, "websocket", \.events.webSocket),
        LedgerEntry(.events, .note, "truncated", \.events.truncated),
        LedgerEntry(.events, .note, "incomplete", \.events.incomplete),
        LedgerEntry(.events, .note, "gap", \.events.gap),
        LedgerEntry(.events, .note, "undecoded", \.events.undecoded),
    ]

    private static let requests: [LedgerEntry] = [
        LedgerEntry(.requests, .total, "begun", \.requests.begun),
        LedgerEntry(.requests, .bucket, "stored", \.requests.stored),
        LedgerEntry(.requests, .bucket, "filtered", \.requests.filtered),
        LedgerEntry(.requests, .bucket, "disk_full", \.requests.diskFull),
        LedgerEntry(.requests, .bucket, "abandoned", \.requests.abandoned),
        LedgerEntry(.requests, .bucket, "open", \.requests.open),
        LedgerEntry(.requests, .note, "interim", \.requests.interim),
        LedgerEntry(.requests, .note, "truncated", \.requests.truncated),
        LedgerEntry(.requests, .note, "incomplete", \.requests.incomplete),
        LedgerEntry(.requests, .note, "gap", \.requests.gap),
        LedgerEntry(.requests, .note, "unmatched", \.requests.unmatched),
    ]

    private static let responses: [LedgerEntry] = [
        LedgerEntry(.responses, .total, "begun", \.responses.begun),
        LedgerEntry(.responses, .bucket, "stored", \.responses.stored),
        LedgerEntry(.responses, .bucket, "filtered", \.responses.filtered),
        LedgerEntry(.responses, .bucket, "disk_full", \.responses.diskFull),
        LedgerEntry(.responses, .bucket, "abandoned", \.responses.abandoned),
        LedgerEntry(.responses, .bucket, "open", \.responses.open),
        LedgerEntry(.responses, .note, "interim", \.responses.interim),
        LedgerEntry(.responses, .note, "truncated", \.responses.truncated),
        LedgerEntry(.responses, .note, "incomplete", \.responses.incomplete),
        LedgerEntry(.responses, .note, "gap", \.responses.gap),
        LedgerEntry(.responses, .note, "unmatched", \.responses.unmatched),
    ]

    private init(
        _ section: LedgerSection,
        _ role: Role,
        _ name: String,
        _ value: any WritableKeyPath<Ledger, UInt64> & Sendable
    ) {
        self.section = section
        self.role = role
        self.name = name
        self.value = value
    }
}
