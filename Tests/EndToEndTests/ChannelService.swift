import Foundation
import Synchronization

/// A service that tells of a run over a WebSocket, in the manner of Phoenix channels, in which one thing can be changed.
///
/// Of its own it varies in identifiers, clocks and lags.
final class ChannelService: Sendable {
    /// What somebody changed in it.
    enum Change: CaseIterable, Sendable {
        case none
        case messageDropped, messageAdded, messagesTurned, fieldGone, offByOne, statusOfReply, otherTenant,
            rarelyWrong, textAsBinary, wordChanged, bytesChanged, closeCode, closeReason, neverCloses,
            handshakeRefused

        /// The field and kind under which a check names it.
        var named: String {
            switch self {
            case .none: ""
            case .messageDropped, .neverCloses: "$[*] missing"
            case .messageAdded: "$[*] added"
            case .messagesTurned: "$ order"
            case .fieldGone: "$[*].payload.payload.level missing"
            case .offByOne, .rarelyWrong: "$[*].payload.payload.line value"
            case .statusOfReply: "$[*].payload.payload.status value"
            case .otherTenant: "$[*].payload.payload.tenant value"
            case .textAsBinary: "$[*].opcode value"
            case .wordChanged, .bytesChanged: "$[*].payload value"
            case .closeCode: "$[*].code value"
            case .closeReason: "$[*].reason value"
            case .handshakeRefused: "status value"
            }
        }
    }

    private let change: Change
    private let state: Mutex<(random: UInt64, count: Int)>

    init(seed: UInt64, _ change: Change = .none) {
        self.change = change
        state = Mutex((seed &* 0x9E37_79B9_7F4A_7C15, 0))
    }

    private func next() -> UInt64 {
        state.withLock { state in
            state.random = state.random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state.random >> 16
        }
    }

    func answer(_ request: ReceivedRequest) -> String {
        if change == .handshakeRefused {
            return "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
        }
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: \(next())\r\n\r\n"
    }

    /// What a client says, and at what time in milliseconds; an empty text is its close frame.
    static func says(_ path: String) -> [(text: String, at: Int64)] {
        let join = #"{"topic":"run:7","event":"join","ref":1}"#
        let beat = #"{"topic":"phoenix","event":"heartbeat","ref":2}"#
        // One session ends by the server's word, the other by the client's.
        let last: (text: String, at: Int64) =
            path == "/runs/socket" ? (#"{"event":"stop","ref":3}"#, 15) : ("", 25)
        return [(join, 5), (beat, 10), last]
    }

    func speak(_ request: ReceivedRequest, _ message: String?) -> [SpokenMessage] {
        guard let message else { return [.text("welcome")] }
        if message.contains("heartbeat") {
            return [.text(#"{"event":"reply","ref":2,"payload":{"status":"ok"}}"#)]
        }
        if message.contains("stop") { return farewell() }
        let status = change == .statusOfReply ? "error" : "ok"
        var messages: [SpokenMessage] = [
            .text(
                #"{"event":"reply","ref":1,"payload":{"status":"\#(status)","join":"\#(UUID().uuidString)"}}"#
            )
        ]
        var lines = (1...(change == .messageAdded ? 6 : 5)).map { line($0) }
        if change == .messageDropped { lines.remove(at: 2) }
        if change == .messagesTurned { lines.swapAt(1, 2) }
        messages += lines
        return messages
    }

    private func line(_ number: Int) -> SpokenMessage {
        let count = state.withLock { state in
            state.count += 1
            return state.count
        }
        var line = number
        if change == .offByOne, number == 4 { line = 5 }
        // About three in a hundred.
        if change == .rarelyWrong, count % 33 == 0 { line = 0 }
        let tenant = change == .otherTenant && number == 3 ? "quay" : "harbor"
        let level = change == .fieldGone ? "" : #""level":"info","#
        let moment = Date().formatted(.iso8601)
        return .text(
            #"{"event":"line","payload":{\#(level)"line":\#(line),"tenant":"\#(tenant)","#
                + #""at":"\#(moment)","lag":\#(next() % 40)}}"#
        )
    }

    private func farewell() -> [SpokenMessage] {
        let word = change == .wordChanged ? "good bye" : "bye"
        return [
            change == .textAsBinary ? .binary(Array(word.utf8)) : .text(word),
            .binary([0, 1, 2, change == .bytesChanged ? 4 : 3]),
        ]
            + (change == .neverCloses
                ? []
                : [.close(change == .closeCode ? 1_011 : 1_000, change == .closeReason ? "gone" : "done")])
    }
}
