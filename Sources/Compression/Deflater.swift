import Bytes
import CZlib

/// Compresses bytes; the only owner of a zlib stream.
///
/// About 270 KB of memory, kept through ``reset()``: make one and use it again. Moving it to another thread is safe,
/// since nobody else has the pointers.
package struct Deflater: ~Copyable, @unchecked Sendable {
    /// zlib keeps the address of the stream, so it has a place of its own.
    private let stream: UnsafeMutablePointer<z_stream>
    private let scratch: UnsafeMutableBufferPointer<UInt8>

    private static let scratchSize = 16_384

    /// Makes a compressor; `level` is 0 (store) to 9 (smallest).
    ///
    /// Traps on another level and when memory has run out.
    package init(_ format: DeflateFormat, level: Int32 = 6) {
        precondition((0...9).contains(level), "deflate knows the levels 0 to 9, not \(level)")
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        scratch = .allocate(capacity: Self.scratchSize)
        let code = deflateInit2_(
            stream,
            level,
            Z_DEFLATED,
            format.windowBits,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(code == Z_OK, "zlib refused to start: code \(code)")
    }

    deinit {
        deflateEnd(stream)
        stream.deinitialize(count: 1)
        stream.deallocate()
        scratch.deallocate()
    }

    /// Compresses `input` and appends what is ready; the rest comes with later calls.
    package mutating func append(_ input: Span<UInt8>, to output: inout [UInt8]) {
        var start = 0
        while start < input.count {
            let end = min(input.count, start + ZlibStream.maximumInput)
            input.extracting(start..<end).withUnsafeBufferPointer { bytes in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
                stream.pointee.avail_in = UInt32(bytes.count)
                drain(flush: Z_NO_FLUSH, into: &output)
            }
            start = end
        }
        stream.pointee.next_in = nil
    }

    /// Appends the rest and the trailer of the format; ``reset()`` comes next.
    package mutating func finish(into output: inout [UInt8]) {
        stream.pointee.next_in = nil
        stream.pointee.avail_in = 0
        drain(flush: Z_FINISH, into: &output)
    }

    /// Begins a new stream of the same format and level.
    package mutating func reset() {
        deflateReset(stream)
    }

    /// Runs zlib until it has no more to say: until it leaves room in the scratch bytes.
    private func drain(flush: Int32, into output: inout [UInt8]) {
        repeat {
            stream.pointee.next_out = scratch.baseAddress
            stream.pointee.avail_out = UInt32(scratch.count)
            let code = deflate(stream, flush)
            precondition(code != Z_STREAM_ERROR, "a finished stream is reset before it takes more")
            let count = scratch.count - Int(stream.pointee.avail_out)
            output.append(contentsOf: UnsafeBufferPointer(rebasing: scratch[..<count]))
        } while stream.pointee.avail_out == 0
        stream.pointee.next_out = nil
    }
}

enum ZlibStream {
    /// zlib counts input in 32 bits; longer input is cut into runs of this many bytes.
    static let maximumInput = 1 << 30
}
