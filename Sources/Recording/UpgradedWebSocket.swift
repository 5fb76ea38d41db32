import Anonymization
import Bytes
import Messages
import Packets

/// A connection that has gone over to WebSocket, and the exchange that its messages belong to.
struct UpgradedWebSocket: Sendable {
    let conversation: WebSocketConversation
    let exchange: UInt64
    let isFiltered: Bool
    /// Which rules apply to its messages.
    let scope: RuleScope
    /// When the message and the control message under way began, by direction.
    private var starts: [4 of PacketTime]
    /// When the last byte of a direction was seen.
    private var lasts: [2 of PacketTime]

    init(
        _ response: borrowing Head,
        exchange: UInt64,
        isFiltered: Bool,
        scope: RuleScope,
        at time: PacketTime
    ) {
        conversation = WebSocketConversation(WebSocketExtensions(response))
        self.exchange = exchange
        self.isFiltered = isFiltered
        self.scope = scope
        starts = .init(repeating: time)
        lasts = .init(repeating: time)
    }

    mutating func note(_ kind: MessageKind, at time: PacketTime) { lasts[Int(kind.rawValue)] = time }

    mutating func begin(_ kind: MessageKind, _ opcode: WebSocketOpcode, at time: PacketTime) {
        starts[Self.place(kind, opcode)] = time
    }

    func start(_ kind: MessageKind, _ opcode: WebSocketOpcode) -> PacketTime {
        starts[Self.place(kind, opcode)]
    }

    func last(_ kind: MessageKind) -> PacketTime { lasts[Int(kind.rawValue)] }

    private static func place(_ kind: MessageKind, _ opcode: WebSocketOpcode) -> Int {
        Int(kind.rawValue) * 2 + (opcode.isControl ? 1 : 0)
    }
}

/// What a connection went over to when it left HTTP.
enum UpgradeKind {
    case webSocket
    /// A tunnel by CONNECT.
    case tunnel
    case other

    /// Judges by the response with which HTTP ended.
    init(_ response: borrowing Head) {
        guard response.status == 101 else {
            self = .tunnel
            return
        }
        guard let token = response.value(of: "upgrade" as StaticString) else {
            self = .other
            return
        }
        self = token.equalsIgnoringCase("websocket") ? .webSocket : .other
    }
}
