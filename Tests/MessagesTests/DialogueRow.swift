import Messages
import Testing

/// What happens on a connection, and what is to be read in each direction.
struct DialogueRow: CustomTestStringConvertible, Sendable {
    enum Event: Sendable {
        case request(String)
        case response(String)
        case requestGap(UInt64)
        case responseGap(UInt64)
        case finish(MessageKind)
    }

    /// Why the row is there.
    var name: String
    var joined = false
    var events: [Event]
    var requests: [String]
    var responses: [String]
    var unanswered: [ExchangeOrdinal] = []

    var testDescription: String { name }

    static let get = "GET / HTTP/1.1\r\n\r\n"
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    static let getHead = "head GET / 1.1 none"
    static let okHead = "head 200 (OK) 1.1 [Content-Length=0] length 0"

    /// Checks the row with each event's bytes whole and byte by byte.
    func check() {
        check(cut: false)
        check(cut: true)
    }

    private func check(cut: Bool) {
        var conversation = HTTPConversation(joined: joined)
        var dialogue = Dialogue()
        var given: [MessageKind: UInt64] = [:]
        func feed(_ text: String, _ kind: MessageKind) {
            let bytes = Array(text.utf8)
            given[kind, default: 0] += UInt64(bytes.count)
            if cut {
                for byte in bytes { conversation.receive([byte].span, from: kind, into: &dialogue) }
            } else {
                conversation.receive(bytes.span, from: kind, into: &dialogue)
            }
        }
        for event in events {
            switch event {
            case .request(let text): feed(text, .request)
            case .response(let text): feed(text, .response)
            case .requestGap(let count):
                given[.request, default: 0] += count
                conversation.gap(count, from: .request, into: &dialogue)
            case .responseGap(let count):
                given[.response, default: 0] += count
                conversation.gap(count, from: .response, into: &dialogue)
            case .finish(let kind): conversation.finish(kind, reset: false, into: &dialogue)
            }
        }
        dialogue.flush()
        let how = cut ? "byte by byte" : "whole"
        #expect(dialogue.requests.lines == requests, "requests, \(how)")
        #expect(dialogue.responses.lines == responses, "responses, \(how)")
        #expect(conversation.unansweredRequests == unanswered, "\(how)")
        let counted = conversation.counts(of: .request).total + conversation.counts(of: .response).total
        #expect(counted + conversation.pendingBytes == given.values.reduce(0, +), "\(how)")
    }
}
