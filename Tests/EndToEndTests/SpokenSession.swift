import Bytes
import Foundation
import Messages

/// A message that a server sends over a WebSocket.
struct SpokenMessage: Sendable {
    var opcode: UInt8
    var payload: [UInt8]

    static func text(_ text: String) -> Self { Self(opcode: 1, payload: Array(text.utf8)) }
    static func binary(_ bytes: [UInt8]) -> Self { Self(opcode: 2, payload: bytes) }
    static func close(_ code: UInt16, _ reason: String = "") -> Self {
        Self(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }

    /// As a server writes it: in one frame, unmasked (RFC 6455, section 5.2).
    var frame: [UInt8] {
        let count = payload.count
        let length = count < 126 ? [UInt8(count)] : [126, UInt8(count >> 8), UInt8(count & 0xFF)]
        return [0x80 | opcode] + length + payload
    }
}

/// The server's side of a WebSocket session whose answers a function gives.
struct SpokenSession {
    let request: ReceivedRequest
    let speech: AnsweringServer.Speech
    private let conversation = WebSocketConversation(WebSocketExtensions())

    init(request: ReceivedRequest, speech: @escaping AnsweringServer.Speech) {
        self.request = request
        self.speech = speech
    }

    private struct Heard: WebSocketSink {
        var messages: [(opcode: WebSocketOpcode, bytes: [UInt8])] = []

        mutating func receive(_ event: WebSocketEvent, bytes: Span<UInt8>) {
            if case .message(.request, let message) = event {
                messages.append((message.opcode, Array(bytes)))
            }
        }
    }

    /// Takes what is there and answers it; `false` when the session is over.
    mutating func take(_ buffer: inout [UInt8], _ descriptor: Int32) -> Bool {
        var heard = Heard()
        conversation.receive(buffer.span, from: .request, room: .max, into: &heard)
        buffer.removeAll()
        for message in heard.messages {
            var answers: [SpokenMessage] = []
            switch message.opcode {
            case .text: answers = speech(request, String(decoding: message.bytes, as: UTF8.self))
            case .close: answers = [SpokenMessage(opcode: 8, payload: message.bytes)]
            case .binary, .ping, .pong, .continuation: break
            }
            let bytes = answers.flatMap(\.frame)
            guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
                return false
            }
            if message.opcode == .close { return false }
        }
        return true
    }
}
