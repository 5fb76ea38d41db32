import Bytes
import CZstd

/// Decompresses whole bodies in Zstandard (RFC 8878); the only owner of a context of libzstd.
struct ZstdDecoder: ~Copyable {
    /// As the logarithm of its size: no sender may ask a recipient for more than 8 MB (RFC 9659, section 3).
    private static let longestWindow: Int32 = 23
    private static let scratchSize = 65_536

    private let context: OpaquePointer

    /// Traps when memory has run out.
    init() {
        guard let context = ZSTD_createDCtx() else {
            preconditionFailure("libzstd refused to start: memory has run out")
        }
        self.context = context
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.longestWindow)
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// Appends what `body` holds, which must be whole frames to its last byte, skippable ones among them; `limit`
    /// bounds `output.count`.
    consuming func decode(
        _ body: Span<UInt8>,
        into output: inout [UInt8],
        limit: Int
    ) throws(InflateError) {
        let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.scratchSize)
        defer { scratch.deallocate() }
        let result: Result<Void, InflateError> = body.withUnsafeBufferPointer { bytes in
            var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
            while true {
                var room = ZSTD_outBuffer(dst: scratch.baseAddress, size: scratch.count, pos: 0)
                let hint = ZSTD_decompressStream(context, &room, &input)
                guard ZSTD_isError(hint) == 0 else { return .failure(.damaged) }
                guard room.pos <= limit - output.count else { return .failure(.limit) }
                output.append(contentsOf: UnsafeBufferPointer(rebasing: scratch[..<room.pos]))
                guard input.pos == input.size else { continue }
                // 0 says that a frame is over and all of it has come out.
                if hint == 0 { return .success(()) }
                if room.pos < room.size { return .failure(.damaged) }
            }
        }
        try result.get()
    }
}

enum ZstdEncoder {
    private static let level: Int32 = 3

    /// The body as one frame; traps when memory has run out.
    static func encode(_ body: Span<UInt8>) -> [UInt8] {
        let bound = ZSTD_compressBound(body.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { room, count in
            let size = body.withUnsafeBufferPointer { bytes in
                ZSTD_compress(room.baseAddress, room.count, bytes.baseAddress, bytes.count, level)
            }
            precondition(ZSTD_isError(size) == 0, "a frame fits into its bound")
            count = size
        }
    }
}
