import Bytes
import Compression

/// A body of messages, each behind a byte of flags and four of its length: gRPC, gRPC-Web and Connect.
struct FramedContent: Hashable, BitwiseCopyable, Sendable {
    enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// A byte of 1 says that the message is compressed.
        case grpc
        /// And bit 7 that it is trailers.
        case web
        /// And bit 1 that it is the last one, in JSON.
        case connect
    }

    var kind: Kind
    /// JSON, else messages of Protocol Buffers.
    var isJSON: Bool
    /// All of it in base64.
    var isText = false
    /// What undoes a compressed message.
    var coding = ContentCoding.unknown

    /// `nil` for a type without parameters that is none of them.
    init?(_ type: Span<UInt8>) {
        let names: [(name: StaticString, kind: Kind, isText: Bool)] = [
            ("application/grpc-web-text", .web, true), ("application/grpc-web", .web, false),
            ("application/grpc", .grpc, false), ("application/connect", .connect, false),
        ]
        for entry in names {
            let length = entry.name.utf8CodeUnitCount
            guard type.count >= length, type.extracting(first: length).equalsIgnoringCase(entry.name),
                type.count == length || type[length] == 0x2B
            else { continue }
            kind = entry.kind
            isText = entry.isText
            let format = type.extracting(length..<type.count)
            isJSON = format.equalsIgnoringCase("+json")
            return
        }
        return nil
    }

    /// The name of the header field that names `coding`.
    var codingField: StaticString {
        switch kind {
        case .grpc, .web: "grpc-encoding"
        case .connect: "connect-content-encoding"
        }
    }

    /// The bits of a byte of flags that have a meaning.
    private var knownFlags: UInt8 {
        switch kind {
        case .grpc: 1
        case .web: 0x81
        case .connect: 3
        }
    }

    /// Whether a frame may begin with a byte.
    func allows(_ flags: UInt8) -> Bool { flags & ~knownFlags == 0 }

    /// Where the messages stand in a body; `nil` for what is not such messages to its last byte.
    func messages(of body: Span<UInt8>) -> [Range<Int>]? {
        var messages: [Range<Int>] = []
        var offset = 0
        while offset < body.count {
            guard offset &+ 5 <= body.count, allows(body[offset]) else { return nil }
            let length = Int(body.bigEndian(UInt32.self, at: offset &+ 1))
            offset &+= 5
            guard length <= body.count &- offset else { return nil }
            messages.append(offset..<offset &+ length)
            offset &+= length
        }
        return messages
    }
}
