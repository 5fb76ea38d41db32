import Bytes
import Compression

/// Decompresses the messages of one direction (RFC 7692, section 7.2.2); a reference, since a window has one owner.
///
/// The window is made with the first compressed message, so a connection without one costs nothing.
///
/// `@unchecked`: the one conversation that holds it is used from one thread at a time.
final class MessageInflater: @unchecked Sendable {
    private let keepsWindow: Bool
    private let discardLimit: Int
    private var inflater: Inflater?
    private var spill: [UInt8] = []
    private var discarded = 0
    /// Nothing of the current message can be read any more.
    private var isBroken = false
    /// What later messages may point back to is not known; for good, where windows are kept.
    private var isWindowLost = false

    /// Input that is inflated at a time: with the greatest possible ratio, 1032, this gives 1 MiB.
    private static let pieceCount = 1_016
    private static let pieceOutput = 1 << 20
    /// What a sender leaves out at the end of each message.
    private static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]

    init(keepsWindow: Bool, discardLimit: Int) {
        self.keepsWindow = keepsWindow
        self.discardLimit = discardLimit
    }

    /// Whether messages that begin now can be read.
    var isReadable: Bool { !isWindowLost }

    func beginMessage() {
        discarded = 0
        isBroken = false
        if inflater == nil { inflater = Inflater(.raw) }
        if !keepsWindow { inflater?.reset() }
    }

    /// Says that the rest of the message, or part of it, is not there.
    func breakOff() {
        isBroken = true
        if keepsWindow { loseWindow() }
    }

    private func loseWindow() {
        isWindowLost = true
        inflater = nil
    }

    /// How the inflating of bytes went.
    enum Outcome {
        case whole
        /// There was more than could be kept.
        case truncated
        /// The bytes cannot be read.
        case broken
    }

    /// Appends what `bytes` hold decompressed, up to `limit` bytes of output in all.
    func inflate(_ bytes: Span<UInt8>, into output: inout [UInt8], limit: Int) -> Outcome {
        var outcome = Outcome.whole
        var start = 0
        while start < bytes.count {
            if isBroken { return .broken }
            let end = min(bytes.count, start &+ Self.pieceCount)
            switch inflatePiece(bytes.extracting(start..<end), into: &output, limit: limit) {
            case .whole: break
            case .truncated: outcome = .truncated
            case .broken: return .broken
            }
            start = end
        }
        return outcome
    }

    /// Ends the message.
    func finish(into output: inout [UInt8], limit: Int) -> Outcome {
        inflate(Self.tail.span, into: &output, limit: limit)
    }

    private func inflatePiece(_ piece: Span<UInt8>, into output: inout [UInt8], limit: Int) -> Outcome {
        if limit &- output.count >= Self.pieceOutput {
            return run(piece, into: &output) ? .whole : .broken
        }
        spill.removeAll(keepingCapacity: true)
        defer { if spill.capacity > 1 << 16 { spill = [] } }
        let isReadable = run(piece, into: &spill)
        let kept = min(spill.count, max(0, limit &- output.count))
        output.append(contentsOf: spill[..<kept])
        discarded &+= spill.count &- kept
        if !isReadable { return .broken }
        if discarded > discardLimit {
            breakOff()
            inflater = nil
        }
        return kept < spill.count ? .truncated : .whole
    }

    private func run(_ piece: Span<UInt8>, into output: inout [UInt8]) -> Bool {
        let limit = output.count &+ Self.pieceOutput &+ 1
        var rest = piece
        while !rest.isEmpty {
            guard let progress = try? inflater?.inflate(rest, into: &output, limit: limit) else {
                breakOff()
                return false
            }
            rest = rest.extracting(progress.consumed...)
            // A block marked as the last one ends the stream for zlib, and not for RFC 7692 (section 7.2.3.4).
            if progress.isFinished { inflater?.restartKeepingWindow() }
        }
        return true
    }
}
