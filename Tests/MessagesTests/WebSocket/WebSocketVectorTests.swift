import Crypto
import Foundation
import Messages
import Testing

/// The WebSocket streams of the corpus: RFC 6455, RFC 7692, wsproto.
@Suite(.enabled(if: CorpusVectors.folder != nil, "TAPEDECK_CORPUS names no corpus"))
struct WebSocketVectorTests {
    @Test func readsTheVectors() throws {
        var count = 0
        for line in try CorpusVectors.lines(of: "websocket-vectors.jsonl") {
            let id = try #require(line["id"] as? String)
            guard let hexadecimal = line["bytes_hex"] as? String else { continue }
            count += 1
            let bytes = try #require(Self.bytes(hexadecimal))
            let extensions = WebSocketExtensions(deflate: line["extensions"] == nil ? nil : .init())
            var whole = WebSocketReading(.request, extensions)
            whole.feed(bytes)
            var cut = WebSocketReading(.request, extensions)
            for byte in bytes { cut.feed([byte]) }
            #expect(cut.found == whole.found && cut.frames == whole.frames, "\(id)")
            #expect(whole.sumsUp && cut.sumsUp, "\(id)")
            if line["error"] != nil {
                whole.finish()
                #expect(whole.unparsable > 0, "\(id): \(line["error"] ?? "")")
                continue
            }
            #expect(whole.unparsable == 0, "\(id)")
            let frames = try #require(line["frames"] as? [[String: Any]])
            #expect(whole.frames.map(FrameShape.init) == frames.map(FrameShape.init), "\(id)")
            let messages = try #require(line["messages"] as? [[String: Any]])
            let found = whole.found.filter { !$0.message.opcode.isControl }
            #expect(found.count == messages.count, "\(id)")
            for (message, expected) in zip(found, messages) {
                #expect(Int(message.message.opcode.rawValue) == expected["opcode"] as? Int, "\(id)")
                if let text = expected["text"] as? String { #expect(message.text == text, "\(id)") }
                for (name, value) in expected where name.hasSuffix("sha256") {
                    #expect(Self.hash(message.bytes) == value as? String, "\(id)")
                }
                for (name, value) in expected where name.hasSuffix("length") {
                    #expect(message.bytes.count == value as? Int, "\(id)")
                }
            }
        }
        #expect(count >= 20)
    }

    private struct FrameShape: Equatable {
        var isFinal: Bool
        var reserved: Int
        var opcode: Int
        var isMasked: Bool
        var length: Int

        init(_ frame: WebSocketFrame) {
            isFinal = frame.isFinal
            reserved = Int(frame.reserved)
            opcode = Int(frame.opcode.rawValue)
            isMasked = frame.mask != nil
            length = Int(frame.length)
        }

        init(_ object: [String: Any]) {
            isFinal = object["fin"] as? Bool ?? false
            reserved = object["rsv"] as? Int ?? -1
            opcode = object["opcode"] as? Int ?? -1
            isMasked = object["masked"] as? Bool ?? false
            length = object["payload_length"] as? Int ?? (object["payload_hex"] as? String ?? "").count / 2
        }
    }

    private static func hash(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8]? {
        let digits = Array(hexadecimal)
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let byte = UInt8(String(digits[index...(index + 1)]), radix: 16) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
