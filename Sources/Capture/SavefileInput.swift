import Bytes
import Glibc
package import Packets

/// A capture file or pipe, read in large pieces into one bounded buffer and never mapped: a mapped file
/// that shrinks while it is read would end the process.
package struct SavefileInput: ~Copyable {
    /// How much is asked of the system at once, in bytes.
    private static let pieceLength = 1 << 18

    private let name: String
    private let descriptor: Int32
    private let isPipe: Bool
    private let stop: CaptureStop
    private var reader: SavefileReader
    private var filter: OfflineFilter?
    private var filteredOut: UInt64 = 0
    private var delivered: UInt64 = 0

    private var buffer: UnsafeMutableRawBufferPointer
    /// The bytes of the buffer that were read from the file and not yet consumed.
    private var held = 0..<0
    private var isAtEnd = false

    /// Opens a file, or standard input for `-`.
    ///
    /// - Parameters:
    ///   - filter: Which packets to hand over; `nil` for all.
    ///   - stop: The token that ends the reading early, also while a pipe is silent.
    package init(
        path: String,
        filter: FilterExpression? = nil,
        limits: SavefileLimits = .standard,
        stop: CaptureStop = CaptureStop()
    ) throws(CaptureError) {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unreadable(name, errno) }
        var status = stat()
        isPipe = fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT != S_IFREG
        self.stop = stop
        reader = SavefileReader(limits: limits)
        self.filter = filter.map { OfflineFilter($0) }
        buffer = .allocate(byteCount: Self.pieceLength, alignment: 16)
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
        buffer.deallocate()
    }

    /// What was read and handed over so far.
    package var progress: SavefileProgress {
        SavefileProgress(
            delivered: delivered,
            filteredOut: filteredOut,
            bytes: reader.offset,
            counts: reader.counts,
            droppedByKernel: reader.notes.dropped.kernel,
            droppedByInterface: reader.notes.dropped.interface
        )
    }

    /// What the file says besides its packets, as far as it was read.
    package var notes: SavefileNotes { reader.notes }

    /// Hands over all packets to the end of the file, or until the stop is requested.
    ///
    /// - Returns: How the file ended, or `nil` after a stop.
    /// - Throws: ``CaptureError`` when the file cannot be read or the filter does not fit a link layer.
    package mutating func read(
        _ body: (Span<UInt8>, CapturedPacket) -> Void
    ) throws(CaptureError) -> SavefileVerdict? {
        while !stop.isRequested {
            if case .ended(let verdict) = try dispatch(milliseconds: -1, body) { return verdict }
        }
        return nil
    }

    /// Hands over some packets, or waits for a pipe to bring more.
    ///
    /// - Parameters:
    ///   - maximum: Most packets in one call, those that the filter keeps out included.
    ///   - milliseconds: How long to wait for a silent pipe; negative waits without end.
    ///   - body: Takes a packet's bytes, which are valid during the call only.
    package mutating func dispatch(
        maximum: Int = 4096,
        milliseconds: Int32,
        _ body: (Span<UInt8>, CapturedPacket) -> Void
    ) throws(CaptureError) -> SavefileBatch {
        var count = 0
        while count < maximum {
            var cursor = held.lowerBound
            let window = UnsafeRawBufferPointer(rebasing: buffer[..<held.upperBound])
                .assumingMemoryBound(to: UInt8.self).span
            let step = reader.next(in: window, from: &cursor, isLast: isAtEnd)
            held = cursor..<held.upperBound
            switch step {
            case .packet(let packet):
                count += 1
                let bytes = window.extracting(packet.bytes.bounds)
                try deliver(packet, bytes, body)
            case .needsBytes(let needed):
                guard try fill(needed, milliseconds) else { return .packets(count) }
            case .end(let verdict):
                return .ended(verdict)
            }
        }
        return .packets(count)
    }

    private mutating func deliver(
        _ packet: SavefilePacket,
        _ bytes: Span<UInt8>,
        _ body: (Span<UInt8>, CapturedPacket) -> Void
    ) throws(CaptureError) {
        let originalLength = packet.originalLength
        if filter != nil {
            let matches = try filter?.matches(bytes, originalLength: originalLength, link: packet.link)
            guard matches == true else {
                filteredOut &+= 1
                return
            }
        }
        delivered &+= 1
        // A file of the pseudo-device "any" has one interface and tells the others in each packet.
        let isTold = packet.link == .linuxCooked2 && bytes.count >= 8 && !packet.isOneOfSeveral
        let captured = CapturedPacket(
            time: packet.time,
            link: packet.link,
            originalLength: originalLength,
            interface: isTold ? Int(bytes.bigEndian(UInt32.self, at: 4)) : packet.interface,
            isOneOfSeveral: isTold || packet.isOneOfSeveral
        )
        body(bytes, captured)
    }

    /// Reads another piece so that `needed` bytes can stand behind the cursor in the end; false when a pipe
    /// brought nothing in time or the stop was requested.
    private mutating func fill(_ needed: Int, _ milliseconds: Int32) throws(CaptureError) -> Bool {
        makeRoom(needed)
        if isPipe {
            let isReady = stop.wait(for: descriptor, milliseconds: milliseconds)
            guard isReady, !stop.isRequested else { return false }
        }
        let free = UnsafeMutableRawBufferPointer(rebasing: buffer[held.upperBound...])
        let count = Glibc.read(descriptor, free.baseAddress, free.count)
        if count < 0 {
            guard errno == EINTR || errno == EAGAIN else { throw Self.unreadable(name, errno) }
            return true
        }
        held = held.lowerBound..<held.upperBound + count
        isAtEnd = count == 0
        return true
    }

    /// Moves what is held to the front of the buffer, and into a larger one when a record needs that.
    private mutating func makeRoom(_ needed: Int) {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[held])
        if needed > buffer.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: needed + Self.pieceLength,
                alignment: 16
            )
            larger.copyMemory(from: rest)
            buffer.deallocate()
            buffer = larger
        } else if held.lowerBound > 0 {
            buffer.copyMemory(from: rest)
        }
        held = 0..<held.count
    }

    private static func unreadable(_ name: String, _ number: Int32) -> CaptureError {
        CaptureError(.unreadableFile, "\(name) cannot be read: \(String(cString: strerror(number)))")
    }
}

/// The input may move to another thread: there is no second copy of it or of its buffer.
extension SavefileInput: @unchecked Sendable {}

/// What one turn of reading a file gave.
package enum SavefileBatch: Hashable, Sendable {
    /// So many packets were read; 0 when a pipe was silent or the stop was requested.
    case packets(Int)
    case ended(SavefileVerdict)
}

/// What was read of a file: `counts.packets = delivered + filteredOut`.
package struct SavefileProgress: Hashable, Sendable {
    package var delivered: UInt64
    /// Packets that the filter kept out.
    package var filteredOut: UInt64
    /// Bytes of the file that are done with.
    package var bytes: UInt64
    package var counts: SavefileCounts
    /// Packets that were lost before they reached the file, as far as it says so.
    package var droppedByKernel: UInt64
    package var droppedByInterface: UInt64
}
