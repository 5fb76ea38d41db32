import Bytes
import CBrotli

/// Decompresses whole bodies in Brotli (RFC 7932); the only owner of a decoder of libbrotli.
///
/// A decoder serves one body. It holds up to 16 MB, the largest window there is, where a body asks for that much.
struct BrotliDecoder: ~Copyable {
    private let state: OpaquePointer

    private static let scratchSize = 65_536

    /// Traps when memory has run out.
    init() {
        guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else {
            preconditionFailure("libbrotli refused to start: memory has run out")
        }
        self.state = state
    }

    deinit {
        BrotliDecoderDestroyInstance(state)
    }

    /// Appends what `body` holds, which must be one stream to its last byte; `limit` bounds `output.count`.
    consuming func decode(
        _ body: Span<UInt8>,
        into output: inout [UInt8],
        limit: Int
    ) throws(InflateError) {
        let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.scratchSize)
        defer { scratch.deallocate() }
        let result: Result<Void, InflateError> = body.withUnsafeBufferPointer { bytes in
            var input = bytes.baseAddress
            var left = bytes.count
            while true {
                var room = scratch.count
                var next = scratch.baseAddress
                let code = BrotliDecoderDecompressStream(state, &left, &input, &room, &next, nil)
                let produced = scratch.count - room
                guard produced <= limit - output.count else { return .failure(.limit) }
                output.append(contentsOf: UnsafeBufferPointer(rebasing: scratch[..<produced]))
                switch code {
                case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT: continue
                case BROTLI_DECODER_RESULT_SUCCESS: return left == 0 ? .success(()) : .failure(.damaged)
                default: return .failure(.damaged)
                }
            }
        }
        try result.get()
    }
}

enum BrotliEncoder {
    /// Fast, and about as small as gzip at its usual level.
    private static let quality: Int32 = 4

    /// The body as one Brotli stream; traps when memory has run out.
    static func encode(_ body: Span<UInt8>) -> [UInt8] {
        // What never compresses has a bound of its own; for very long bodies libbrotli answers 0.
        let bound = max(BrotliEncoderMaxCompressedSize(body.count), body.count + body.count / 1024 + 64)
        return [UInt8](unsafeUninitializedCapacity: bound) { room, count in
            var size = bound
            let isDone = body.withUnsafeBufferPointer { bytes in
                BrotliEncoderCompress(
                    quality,
                    BROTLI_DEFAULT_WINDOW,
                    BROTLI_MODE_GENERIC,
                    bytes.count,
                    bytes.baseAddress,
                    &size,
                    room.baseAddress
                )
            }
            precondition(isDone == BROTLI_TRUE, "a Brotli stream fits into its bound")
            count = size
        }
    }
}
