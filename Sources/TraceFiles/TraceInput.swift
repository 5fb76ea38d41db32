import Bytes
import Traces

/// The bytes of a file or a pipe from front to back, as much of them at a time as the reader needs.
///
/// `@unchecked`: the scratch bytes have no other owner.
struct TraceInput: ~Copyable, @unchecked Sendable {
    let path: String
    private let file: FileDescriptor
    /// The size of a regular file; `nil` for a pipe.
    let size: UInt64?
    private let scratch: UnsafeMutableRawBufferPointer
    private var buffer: [UInt8] = []
    private var start = 0
    private var hasEnded = false
    /// Bytes of the file before the window.
    private(set) var offset: UInt64 = 0

    private static let chunkSize = 256 << 10

    /// Opens a file; `-` is standard input.
    init(path: String) throws(TraceReadError) {
        if path == "-" {
            self.path = "standard input"
            file = .standardInput
        } else {
            self.path = path
            do throws(SystemFault) {
                file = try FileDescriptor(.reading, path)
            } catch {
                throw TraceReadError(.open(error), path: path)
            }
        }
        // Standard input may be a file of which another reader has had a part: it is read on like a pipe.
        size = path == "-" ? nil : file.regularFileSize
        scratch = .allocate(byteCount: Self.chunkSize, alignment: 16)
    }

    deinit {
        scratch.deallocate()
    }

    /// What has been read and not consumed.
    var window: Span<UInt8> {
        @_lifetime(borrow self)
        get { buffer.span.extracting(start..<buffer.count) }
    }

    var available: Int { buffer.count - start }

    /// Reads until at least `count` bytes are in the window; false when the input ends before.
    mutating func ensure(_ count: Int) throws(TraceReadError) -> Bool {
        while available < count, !hasEnded { try readMore() }
        return available >= count
    }

    /// Reads as much as the header of a member at the start of the window needs, and no more: behind a pipe the rest
    /// may take its time.
    mutating func ensureMemberHeader() throws(TraceReadError) {
        guard try ensure(12) else { return }
        let extraSize = Int(window.littleEndian(UInt16.self, at: 10))
        for (index, byte) in MemberHeader.fixedBytes.enumerated() where window[index] != byte { return }
        _ = try ensure(12 + extraSize + 2)
    }

    private mutating func readMore() throws(TraceReadError) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        do throws(SystemFault) {
            let count = try file.read(into: scratch)
            buffer.append(contentsOf: UnsafeMutableRawBufferPointer(rebasing: scratch[..<count]))
            hasEnded = count == 0
        } catch {
            throw TraceReadError(.read(error), path: path)
        }
    }

    /// Passes over bytes that are in the window.
    mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= available, "only what has been read can be passed over")
        start += count
        offset += UInt64(count)
    }

    /// Passes over bytes, in the window or not; false when a pipe ends before.
    mutating func skip(_ count: Int) throws(TraceReadError) -> Bool {
        if count > available, let size {
            let target = offset + UInt64(count)
            guard target <= size else { return false }
            try seek(to: target)
            return true
        }
        guard try ensure(count) else { return false }
        consume(count)
        return true
    }

    /// Goes to `offset` of a regular file.
    mutating func seek(to offset: UInt64) throws(TraceReadError) {
        guard size != nil else { throw TraceReadError(.notSeekable, path: path) }
        do throws(SystemFault) {
            try file.seek(to: offset)
        } catch {
            throw TraceReadError(.read(error), path: path)
        }
        buffer.removeAll(keepingCapacity: true)
        start = 0
        hasEnded = false
        self.offset = offset
    }

    /// Whether another process holds the lock of a writer.
    var isBeingWritten: Bool { !file.lock() }
}
