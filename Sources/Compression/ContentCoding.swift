import Bytes

/// A content coding of HTTP (RFC 9110, section 8.4.1), as far as Tapedeck can read it.
package enum ContentCoding: Sendable, Hashable, BitwiseCopyable {
    case identity
    case gzip
    /// Meant to be a zlib stream; some servers send a bare deflate stream.
    case deflate
    /// RFC 7932.
    case brotli
    /// RFC 8878.
    case zstd
    /// One that cannot be read here, or several on top of each other: ``ContentCodings`` tells those apart.
    case unknown

    /// The coding that the value of a `Content-Encoding` field names, in any case and with any blanks around.
    package init(_ contentEncodingValue: Span<UInt8>) {
        let name = contentEncodingValue.withoutOuterBlanks
        if name.isEmpty || name.equalsIgnoringCase("identity") {
            self = .identity
        } else if name.equalsIgnoringCase("gzip") || name.equalsIgnoringCase("x-gzip") {
            self = .gzip
        } else if name.equalsIgnoringCase("deflate") {
            self = .deflate
        } else if name.equalsIgnoringCase("br") {
            self = .brotli
        } else if name.equalsIgnoringCase("zstd") {
            self = .zstd
        } else {
            self = .unknown
        }
    }

    /// The decoded body, at most `limit` bytes.
    ///
    /// An empty body is empty in every coding that is known: answers to HEAD and senders that have nothing to say
    /// look so. A body that ends early, something other than zeros behind its end, and a coding that is unknown are
    /// all `damaged`. Several gzip members count as one body (RFC 1952, section 2.2), and so do several frames of zstd.
    package static func decode(
        _ body: Span<UInt8>,
        coding: ContentCoding,
        limit: Int
    ) throws(InflateError) -> [UInt8] {
        switch coding {
        case .unknown: throw .damaged
        case .identity:
            if body.count > limit { throw .limit }
            return Array(body)
        case .gzip:
            return try members(of: body, limit: limit)
        case .deflate:
            do {
                return try whole(body, format: .zlib, limit: limit)
            } catch {
                if error == .limit { throw error }
                return try whole(body, format: .raw, limit: limit)
            }
        case .brotli:
            var output: [UInt8] = []
            if !body.isEmpty { try BrotliDecoder().decode(body, into: &output, limit: limit) }
            return output
        case .zstd:
            var output: [UInt8] = []
            if !body.isEmpty { try ZstdDecoder().decode(body, into: &output, limit: limit) }
            return output
        }
    }

    /// The body in `coding`; `level` is that of deflate. Traps on `unknown`.
    package static func encode(_ body: Span<UInt8>, coding: ContentCoding, level: Int32 = 6) -> [UInt8] {
        let format: DeflateFormat
        switch coding {
        case .identity: return Array(body)
        case .gzip: format = .gzip
        case .deflate: format = .zlib
        case .brotli: return BrotliEncoder.encode(body)
        case .zstd: return ZstdEncoder.encode(body)
        case .unknown: preconditionFailure("a body cannot be encoded in a coding that is not known")
        }
        var output: [UInt8] = []
        var deflater = Deflater(format, level: level)
        deflater.append(body, to: &output)
        deflater.finish(into: &output)
        return output
    }

    private static func members(of body: Span<UInt8>, limit: Int) throws(InflateError) -> [UInt8] {
        var output: [UInt8] = []
        var inflater = Inflater(.gzip)
        var rest = body
        // Zeros behind the last member are padding, as tapes and some servers leave it.
        while !rest.isZero {
            inflater.reset()
            let progress = try inflater.inflate(rest, into: &output, limit: limit)
            guard progress.isFinished else { throw .damaged }
            rest = rest.extracting(progress.consumed..<rest.count)
        }
        return output
    }

    private static func whole(
        _ body: Span<UInt8>,
        format: DeflateFormat,
        limit: Int
    ) throws(InflateError) -> [UInt8] {
        var output: [UInt8] = []
        if body.isEmpty { return output }
        var inflater = Inflater(format)
        let progress = try inflater.inflate(body, into: &output, limit: limit)
        guard progress.isFinished, body.extracting(progress.consumed..<body.count).isZero else {
            throw .damaged
        }
        return output
    }
}

extension Span where Element == UInt8 {
    fileprivate var isZero: Bool {
        for index in indices where self[index] != 0 { return false }
        return true
    }

    fileprivate var withoutOuterBlanks: Span<UInt8> {
        @_lifetime(copy self)
        get {
            var start = 0
            var end = count
            while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
            while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
            return extracting(start..<end)
        }
    }
}
