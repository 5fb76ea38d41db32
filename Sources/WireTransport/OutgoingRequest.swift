import Glibc
import Messages
import Replay

/// The bytes of one request, and how many of them the kernel has taken; the storage serves one request after another.
struct OutgoingRequest {
    /// The head, and where the body is chunked the line that begins its chunk, or the whole of the request; shared with
    /// the request where it can be.
    private var head: [UInt8] = []
    private var headCount = 0
    /// How many of these bytes are the body, where that stands right behind the head.
    private var joinedBody = 0
    /// What heads are put together in.
    private var spare: [UInt8] = []
    private var body: [UInt8] = []
    /// What follows a chunked body.
    private var tail: [UInt8] = []
    private var sent = 0
    private var count = 0

    var isSent: Bool { sent == count }

    /// Takes over a request; a body that is chunked goes out in one chunk, since the recorded cuts are not known.
    mutating func fill(_ request: PreparedRequest, authority: [UInt8]) {
        if !tail.isEmpty { tail.removeAll(keepingCapacity: true) }
        sent = 0
        if request.wireCount > 0 {
            head = request.bytes
            headCount = request.wireCount
            joinedBody = headCount - request.wireHeadCount
            count = headCount
            return
        }
        joinedBody = 0
        body = request.body
        if request.bodyMode != .chunked, request.wireHeadCount > 0 {
            head = request.bytes
            headCount = request.wireHeadCount
        } else {
            putTogether(request, authority: authority)
        }
        count = headCount + body.count + tail.count
    }

    private mutating func putTogether(_ request: PreparedRequest, authority: [UInt8]) {
        head = []
        spare.removeAll(keepingCapacity: spare.capacity <= 1 << 16)
        request.appendHead(to: &spare, authority: authority)
        if request.bodyMode == .chunked {
            if !body.isEmpty {
                spare.append(contentsOf: String(body.count, radix: 16).utf8)
                spare.append(contentsOf: "\r\n".utf8)
                tail.append(contentsOf: "\r\n".utf8)
            }
            tail.append(contentsOf: "0\r\n".utf8)
            request.appendTrailers(to: &tail)
            tail.append(contentsOf: "\r\n".utf8)
        }
        head = spare
        headCount = head.count
    }

    /// Leaves out what a client with this fault does not send.
    mutating func cut(for fault: ClientFault) {
        switch fault {
        case .slowReader: break
        case .halfOpen:
            headCount = max(1, (headCount - joinedBody) / 2)
            body = []
        case .abortedBody:
            headCount -= joinedBody - joinedBody / 2
            body = Array(body.prefix(body.count / 2))
        }
        if fault != .slowReader { tail = [] }
        count = headCount + body.count + tail.count
    }

    /// Gives up what the kernel has not taken, and the memory of the request.
    mutating func clear() {
        head = []
        if !body.isEmpty { body = [] }
        headCount = 0
        sent = 0
        count = 0
    }

    /// What became of a call to ``send(to:)``.
    enum Progress {
        case whole
        /// The kernel takes no more for now.
        case blocked
        /// The connection is broken.
        case broken
    }

    /// Hands as much as the kernel takes to a socket, usually in one call.
    mutating func send(to descriptor: Int32) -> Progress {
        while sent < count {
            let taken = sendRest(to: descriptor)
            if taken > 0 {
                sent += taken
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: return .blocked
            default: return .broken
            }
        }
        return .whole
    }

    private func sendRest(to descriptor: Int32) -> Int {
        if headCount == count {
            return head.withUnsafeBytes { head in
                Glibc.send(descriptor, head.baseAddress.map { $0 + sent }, count - sent, Int32(MSG_NOSIGNAL))
            }
        }
        return head.withUnsafeBytes { allOfHead in
            let head = UnsafeRawBufferPointer(rebasing: allOfHead[..<headCount])
            return body.withUnsafeBytes { body in
                tail.withUnsafeBytes { tail in
                    withUnsafeTemporaryAllocation(of: iovec.self, capacity: 3) { parts in
                        var skipped = sent
                        var used = 0
                        func add(_ part: UnsafeRawBufferPointer) {
                            guard skipped < part.count, let base = part.baseAddress else {
                                skipped -= part.count
                                return
                            }
                            parts[used] = iovec(
                                iov_base: UnsafeMutableRawPointer(mutating: base + skipped),
                                iov_len: part.count - skipped
                            )
                            used += 1
                            skipped = 0
                        }
                        add(head)
                        add(body)
                        add(tail)
                        var message = msghdr()
                        message.msg_iov = parts.baseAddress
                        message.msg_iovlen = used
                        return sendmsg(descriptor, &message, Int32(MSG_NOSIGNAL))
                    }
                }
            }
        }
    }
}
