import Glibc
package import Traces

/// Why a trace cannot be read at all, or not further; damage that can be passed over is in ``DamageReport``.
package struct TraceReadError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        case open(SystemFault)
        case read(SystemFault)
        case empty
        /// The first bytes are not those of a trace.
        case foreign
        /// The first block is damaged or cut; without it nothing else can be believed.
        case headerDamaged(MemberFault)
        case header(TraceHeaderError)
        /// A block of a kind that must not be passed over.
        case unknownBlock(UInt8)
        /// A record of a type that must not be passed over.
        case unknownRecord(UInt8)
        /// Another process is still writing the file.
        case beingWritten
        /// The operation needs a file, not a pipe.
        case notSeekable
    }

    package var path: String
    package var reason: Reason

    package init(_ reason: Reason, path: String) {
        self.reason = reason
        self.path = path
    }

    package var description: String {
        switch reason {
        case .open(let fault): "cannot open \(path): \(fault)\(Self.remedy(for: fault))"
        case .read(let fault): "cannot read \(path): \(fault)"
        case .empty: "\(path) is empty; a trace is written by `tapedeck record -w`"
        case .foreign: "\(path) is not a trace; traces are written by `tapedeck record -w`"
        case .headerDamaged(let fault):
            "\(path) cannot be read: its first block, which says what the file is, is unusable: \(fault)"
        case .header(let error): "\(path) cannot be read: \(error)"
        case .unknownBlock(let kind):
            "\(path) holds a kind of block (\(kind)) that this version must not pass over; use a later version"
        case .unknownRecord(let type):
            "\(path) holds a type of record (\(type)) that this version must not pass over; use a later version"
        case .beingWritten:
            "\(path) is still being written by another process; wait for it to finish"
        case .notSeekable: "\(path) is a pipe, and this needs a file; save it first"
        }
    }

    private static func remedy(for fault: SystemFault) -> String {
        switch fault.number {
        case EACCES: "; traces are readable by their owner only"
        default: ""
        }
    }
}
