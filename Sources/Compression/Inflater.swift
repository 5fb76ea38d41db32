import Bytes
import CZlib

/// Why compressed bytes could not be read.
package enum InflateError: Error, Hashable, Sendable {
    /// The bytes do not follow the format, or a checksum or length does not match.
    case damaged
    /// The output would be longer than the limit.
    case limit
}

/// How far ``Inflater/inflate(_:into:limit:)`` came.
package struct InflateProgress: Hashable, Sendable {
    /// Bytes of the input that belong to the stream; less than all only when it is finished.
    package var consumed: Int
    /// Whether the end of the stream, trailer included, has been read.
    package var isFinished: Bool

    package init(consumed: Int, isFinished: Bool) {
        self.consumed = consumed
        self.isFinished = isFinished
    }
}

/// Decompresses bytes that come in any cut; the only owner of a zlib stream.
///
/// About 60 KB of memory, kept through ``reset()``: make one and use it again. Moving it to another thread is safe,
/// since nobody else has the pointers.
package struct Inflater: ~Copyable, @unchecked Sendable {
    /// zlib keeps the address of the stream, so it has a place of its own.
    private let stream: UnsafeMutablePointer<z_stream>
    private let scratch: UnsafeMutableBufferPointer<UInt8>
    private var isFinished = false
    private var isDamaged = false

    private static let scratchSize = 16_384

    /// Makes a decompressor; traps when memory has run out.
    package init(_ format: DeflateFormat) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        scratch = .allocate(capacity: Self.scratchSize)
        let code = inflateInit2_(
            stream,
            format.windowBits,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(code == Z_OK, "zlib refused to start: code \(code)")
    }

    deinit {
        inflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
        scratch.deallocate()
    }

    /// Appends what `input` holds decompressed; `limit` bounds `output.count`, what it held before included.
    ///
    /// After the end of the stream nothing more is consumed. After an error the output holds what was readable, and
    /// every call throws `damaged` until ``reset()``.
    package mutating func inflate(
        _ input: Span<UInt8>,
        into output: inout [UInt8],
        limit: Int
    ) throws(InflateError) -> InflateProgress {
        if isDamaged { throw .damaged }
        var consumed = 0
        while !isFinished, consumed < input.count {
            let end = min(input.count, consumed + ZlibStream.maximumInput)
            let piece = input.extracting(consumed..<end)
            let step = piece.withUnsafeBufferPointer { run(on: $0, into: &output, limit: limit) }
            if let error = step.error {
                isDamaged = true
                throw error
            }
            consumed += step.consumed
            isFinished = step.isFinished
        }
        return InflateProgress(consumed: consumed, isFinished: isFinished)
    }

    /// Begins a new stream of the same format.
    package mutating func reset() {
        inflateReset(stream)
        isFinished = false
        isDamaged = false
    }

    /// Begins a new stream of the same format that may point back to what came out of the one before.
    package mutating func restartKeepingWindow() {
        inflateResetKeep(stream)
        isFinished = false
        isDamaged = false
    }

    private struct Step {
        var consumed: Int
        var isFinished = false
        var error: InflateError?
    }

    private func run(
        on input: UnsafeBufferPointer<UInt8>,
        into output: inout [UInt8],
        limit: Int
    ) -> Step {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        defer {
            stream.pointee.next_in = nil
            stream.pointee.next_out = nil
        }
        while true {
            // One byte more than may come out tells an output that just fits from one that is too long.
            let room = max(0, limit - output.count)
            let size = min(scratch.count, room + 1)
            stream.pointee.next_out = scratch.baseAddress
            stream.pointee.avail_out = UInt32(size)
            let code = CZlib.inflate(stream, Z_NO_FLUSH)
            let produced = size - Int(stream.pointee.avail_out)
            output.append(contentsOf: UnsafeBufferPointer(rebasing: scratch[..<min(produced, room)]))
            let consumed = input.count - Int(stream.pointee.avail_in)
            if produced > room { return Step(consumed: consumed, error: .limit) }
            switch code {
            case Z_STREAM_END: return Step(consumed: consumed, isFinished: true)
            // No progress was possible: the input is used up.
            case Z_BUF_ERROR: return Step(consumed: consumed)
            case Z_OK:
                if stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 {
                    return Step(consumed: consumed)
                }
            // Damage, or a preset dictionary, which no format here has.
            default: return Step(consumed: consumed, error: .damaged)
            }
        }
    }
}
