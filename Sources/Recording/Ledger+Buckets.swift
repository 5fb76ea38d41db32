extension Ledger {
    package typealias Entry = (name: String, value: UInt64)

    /// The number that the buckets of a section must add up to.
    package func total(of section: LedgerSection) -> Entry {
        switch section {
        case .packets: ("delivered", packets.delivered)
        case .bytes: ("received", bytes.received)
        case .requests: ("begun", requests.begun)
        case .responses: ("begun", responses.begun)
        case .connections: ("opened", connections.opened)
        }
    }

    /// The buckets of a section, in a fixed order.
    package func buckets(of section: LedgerSection) -> [Entry] {
        switch section {
        case .packets:
            [
                ("followed", packets.followed), ("filtered", packets.filtered),
                ("other_port", packets.otherPort), ("not_tcp", packets.notTCP),
                ("fragment", packets.fragment), ("bad_length", packets.badLength),
                ("cut_header", packets.cutHeader), ("unknown_link", packets.unknownLink),
                ("too_many_layers", packets.tooManyLayers),
            ]
        case .bytes:
            [
                ("heads", bytes.heads), ("bodies", bytes.bodies), ("framing", bytes.framing),
                ("filtered", bytes.filtered), ("truncated", bytes.truncated),
                ("out_of_memory", bytes.outOfMemory), ("upgraded", bytes.upgraded),
                ("unparsable", bytes.unparsable), ("oversize", bytes.oversize),
                ("before_join", bytes.beforeJoin), ("not_http", bytes.notHTTP),
                ("other_port", bytes.otherPort), ("duplicate", bytes.duplicate),
                ("conflicting", bytes.conflicting), ("outside_window", bytes.outsideWindow),
                ("after_close", bytes.afterClose), ("reset_payload", bytes.resetPayload),
                ("pending", bytes.pending),
            ]
        case .requests: buckets(of: requests)
        case .responses: buckets(of: responses)
        case .connections:
            [
                ("recorded", connections.recorded), ("without_messages", connections.withoutMessages),
                ("not_http", connections.notHTTP), ("unrecognised", connections.unrecognised),
                ("open", connections.open),
            ]
        }
    }

    /// What else is worth knowing of a section; no part of its sum.
    package func notes(of section: LedgerSection) -> [Entry] {
        switch section {
        case .packets:
            [("kernel_dropped", packets.kernelDropped), ("interface_dropped", packets.interfaceDropped)]
        case .bytes: [("missing", bytes.missing)]
        case .requests: notes(of: requests)
        case .responses: notes(of: responses)
        case .connections: [("joined", connections.joined), ("evicted", connections.evicted)]
        }
    }

    private func buckets(of messages: MessageLedger) -> [Entry] {
        [
            ("stored", messages.stored), ("filtered", messages.filtered),
            ("abandoned", messages.abandoned), ("open", messages.open),
        ]
    }

    private func notes(of messages: MessageLedger) -> [Entry] {
        [
            ("interim", messages.interim), ("truncated", messages.truncated),
            ("incomplete", messages.incomplete), ("gap", messages.gap),
            ("unmatched", messages.unmatched),
        ]
    }
}
