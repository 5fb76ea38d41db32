import Bytes
import Foundation
import Messages
import Recording
import Testing
import Traces

/// The HTTP/2 captures of the corpus with packets missing: what is read must be what was there.
@Suite(.enabled(if: CorpusCapture.folder != nil, "TAPEDECK_CORPUS names the folder of the corpus"))
struct HTTP2CorpusTests {
    static let captures = [
        "own-h2c-multiplexed.pcap", "own-grpc-h2c.pcap", "own-codings-h2c.pcap", "own-h2c-upgrade.pcap",
        "own-sse-h2c.pcap", "suricata-dns-over-http2.pcap", "suricata-http2-bugfixes.pcap",
        "arkime-http2-nghttp2.pcap",
    ]

    /// Joined before each packet.
    @Test(arguments: captures) func joinedAnywhere(_ name: String) throws {
        let capture = try CorpusCapture(name)
        let whole = try capture.record()
        for first in 1..<Int(whole.ledger.packets.delivered) {
            let part = try capture.record(droppingFirst: first)
            #expect(part.ledger.check() == [], "joined behind \(first)")
            Self.hold(part.trace, against: whole.trace, "joined behind \(first)")
        }
    }

    /// A capture that lacks its handshake only is read as a whole one.
    @Test(arguments: captures) func joinedBeforeTheFirstByte(_ name: String) throws {
        let capture = try CorpusCapture(name)
        let whole = try capture.record()
        let part = try capture.record(droppingFirst: 3)
        #expect(part.trace.messages.count == whole.trace.messages.count)
        #expect(part.trace.messages.allSatisfy { !$0.end.flags.contains(.unknownFields) })
    }

    /// Each packet missing in turn.
    @Test(arguments: captures) func withoutAnyPacket(_ name: String) throws {
        let capture = try CorpusCapture(name)
        let whole = try capture.record()
        for lost in 4..<Int(whole.ledger.packets.delivered) {
            let part = try capture.record(without: [lost])
            #expect(part.ledger.check() == [], "without \(lost)")
            Self.hold(part.trace, against: whole.trace, "without \(lost)")
        }
    }

    /// Every message that claims to be whole is one of those that were there, and every field that is known is right.
    private static func hold(_ part: CollectedTrace, against whole: CollectedTrace, _ reason: String) {
        for message in part.messages {
            guard let head = message.parsedHead else {
                Issue.record("a head that cannot be read, \(reason)")
                continue
            }
            let isCut = !message.end.flags.isDisjoint(with: [.gap, .incomplete, .truncated])
            let isThere = whole.messages.contains { other in
                guard other.kind == message.kind, let known = other.parsedHead,
                    isCut || other.body == message.body, head.fields.count == known.fields.count
                else { return false }
                return zip(head.fields, known.fields).allSatisfy { found, expected in
                    let name = head.bytes[found.name]
                    let value = head.bytes[found.value]
                    guard name.elementsEqual(":unknown".utf8) else {
                        return name.elementsEqual(known.bytes[expected.name])
                            && value.elementsEqual(known.bytes[expected.value])
                    }
                    return value.isEmpty || value.elementsEqual(known.bytes[expected.value])
                }
            }
            #expect(isThere, "\(reason): made up \(String(decoding: head.bytes, as: UTF8.self))")
        }
    }
}
