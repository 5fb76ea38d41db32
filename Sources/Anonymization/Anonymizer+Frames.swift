import Bytes
import Compression
import Messages

extension Anonymizer {
    /// Replaces values in the messages of a framed body, such as one of gRPC, and answers whether it has changed.
    ///
    /// Messages in JSON are looked into by name, those of Protocol Buffers without. Compressed ones are opened and closed
    /// again; one that cannot be is filler, of the same size. A body that is not such messages is replaced whole.
    mutating func anonymizeFrames(_ body: inout [UInt8], _ content: FramedContent) -> Bool {
        guard !content.isText else { return anonymizeEncodedFrames(&body, content) }
        guard let messages = content.messages(of: body.span) else {
            replaceWhole(&body, .malformed)
            return true
        }
        var edit = ByteEdit()
        for range in messages where !range.isEmpty {
            var message = Array(body[range])
            let flags = body[range.lowerBound &- 5]
            guard anonymizeFrame(&message, flags, content), !isInspecting else { continue }
            if message.count == range.count {
                edit.replace(range, of: body.span, with: message.span)
                continue
            }
            var length: [UInt8] = []
            length.appendBigEndian(UInt32(truncatingIfNeeded: message.count))
            edit.replace(
                range.lowerBound &- 4..<range.upperBound,
                of: body.span,
                with: (length + message).span
            )
        }
        guard edit.isChanged else { return false }
        edit.finish(body.span)
        body = edit.taken()
        return true
    }

    /// The same for a body that is in base64 as a whole.
    private mutating func anonymizeEncodedFrames(_ body: inout [UInt8], _ content: FramedContent) -> Bool {
        guard let (bytes, form) = Base64.decode(body.span) else {
            replaceWhole(&body, .malformed)
            return true
        }
        var content = content
        content.isText = false
        var plain = bytes
        guard anonymizeFrames(&plain, content), !isInspecting else { return false }
        var text: [UInt8] = []
        Base64.encode(plain.span, as: form, to: &text)
        body = text
        return true
    }

    private mutating func anonymizeFrame(
        _ message: inout [UInt8],
        _ flags: UInt8,
        _ content: FramedContent
    ) -> Bool {
        if isInspecting, message.span.isFiller { return false }
        guard flags & 1 != 0 else { return anonymizeMessage(&message, flags, content) }
        guard content.coding != .unknown,
            var plain = try? ContentCoding.decode(
                message.span,
                coding: content.coding,
                limit: Self.maximumDecodedBody
            )
        else {
            replaceWhole(&message, .unknownCoding)
            return true
        }
        guard anonymizeMessage(&plain, flags, content), !isInspecting else { return false }
        message = ContentCoding.encode(plain.span, coding: content.coding)
        return true
    }

    private mutating func anonymizeMessage(
        _ message: inout [UInt8],
        _ flags: UInt8,
        _ content: FramedContent
    ) -> Bool {
        if content.kind == .web, flags & 0x80 != 0 {
            let trailers = message
            anonymizeTrailers(&message)
            return message != trailers
        }
        let isJSON = content.isJSON || content.kind == .connect && flags & 2 != 0
        return isJSON
            ? anonymizeContent(.json, &message) : anonymizeProtobuf(&message, otherwise: .unknownType)
    }

    /// Replaces values in an HTTP message that is the body of another one or a part of it, and answers whether it has
    /// changed.
    mutating func anonymizeHTTP(_ bytes: inout [UInt8]) -> Bool {
        let kind: MessageKind = bytes.span.starts(with: "HTTP/", at: 0) ? .response : .request
        let start = bytes.span.startOfBody
        guard openTexts < Self.maximumNesting, let start,
            let head = try? Head(parsing: Array(bytes[..<start]), kind: kind)
        else {
            replaceWhole(&bytes, .malformed)
            return true
        }
        openTexts &+= 1
        defer { openTexts &-= 1 }
        // The rules are those of the message that it came in.
        var inner = head
        var body = Array(bytes[start...])
        let length = body.count
        let content = anonymizeHead(&inner)
        anonymizeBody(&body, content, of: inner, isComplete: true)
        if body.count != length, let index = content.length {
            updateLength(ofField: index, in: &inner, to: body.count)
        }
        let made = inner.bytes + body
        guard !isInspecting, made != bytes else { return false }
        bytes = made
        return true
    }
}

extension Span where Element == UInt8 {
    /// Where the body of an HTTP message begins, behind the first empty line; `nil` where there is none.
    fileprivate var startOfBody: Int? {
        var index = 0
        while let end = firstIndex(of: 0x0A, from: index) {
            if end == index || end == index &+ 1 && self[index] == 0x0D { return index > 0 ? end &+ 1 : nil }
            index = end &+ 1
        }
        return nil
    }
}
