import Messages
import Testing

/// One direction's bytes and what is to be read in them.
struct MessageCase: CustomTestStringConvertible, Sendable {
    /// Why the case is there.
    var name: String
    var kind: MessageKind
    var method: RequestMethod = .other
    var input: String
    /// The transcript, the end of the direction included.
    var lines: [String]
    /// Whether a message that follows at once is read as one.
    var canBeFollowed = true

    var testDescription: String { name }

    static func request(_ name: String, _ input: String, _ lines: [String], followed: Bool = true)
        -> MessageCase
    {
        MessageCase(name: name, kind: .request, input: input, lines: lines, canBeFollowed: followed)
    }

    static func response(
        _ name: String,
        to method: RequestMethod = .other,
        _ input: String,
        _ lines: [String],
        followed: Bool = true
    ) -> MessageCase {
        MessageCase(
            name: name,
            kind: .response,
            method: method,
            input: input,
            lines: lines,
            canBeFollowed: followed
        )
    }

    /// Checks the case whole, byte by byte, cut in two at each place, and with a message after it.
    func check(limits: HTTPLimits = .default) {
        let bytes = Array(input.utf8)
        expect(lines, reading([bytes[...]], limits), "whole")
        expect(lines, reading(bytes.indices.map { bytes[$0...$0] }, limits), "byte by byte")
        for cut in bytes.indices {
            expect(lines, reading([bytes[..<cut], bytes[cut...]], limits), "cut at \(cut)")
        }
        guard canBeFollowed else { return }
        let next =
            kind == .request ? "GET /next HTTP/1.1\r\n\r\n" : "HTTP/1.1 299 Next\r\nContent-Length: 0\r\n\r\n"
        let nextLines =
            kind == .request
            ? ["began", "head GET /next 1.1 none", "end 0"]
            : [
                "began",
                "head 299 (Next) 1.1 [Content-Length=0] " + (method == .head ? "none" : "length 0"),
                "end 0",
            ]
        let glued = bytes + Array(next.utf8)
        expect(lines + nextLines, reading([glued[...]], limits), "glued")
        expect(
            lines + nextLines,
            reading(glued.indices.map { glued[$0...$0] }, limits),
            "glued, byte by byte"
        )
    }

    private func reading(_ pieces: [ArraySlice<UInt8>], _ limits: HTTPLimits) -> Reading {
        var reading = Reading(kind, answering: method, limits: limits)
        for piece in pieces {
            reading.feed(piece)
            let sumsUp = reading.sumsUp
            #expect(sumsUp, "\(name): every byte given is accounted for")
        }
        reading.finish()
        let isSettled = reading.sumsUp && reading.parser.pendingBytes == 0
        #expect(isSettled, "\(name): nothing is pending after the end")
        return reading
    }

    private func expect(_ lines: [String], _ reading: Reading, _ how: String) {
        let found = reading.transcript.lines
        #expect(found == lines, "\(name), \(how)")
    }
}
