import Glibc
package import Traces

/// Why a trace file could not be written, where, and what helps.
package struct TraceWriteError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        case create(SystemFault)
        case write(SystemFault)
        /// The file is whole but could not be given its name, or not be brought safely to the disk.
        case publish(SystemFault)
        case alreadyExists
        /// An unfinished file of the same name is there.
        case unfinishedExists
        /// Another process is writing it.
        case beingWritten
        /// An old part that is past the limits of what is kept could not be removed.
        case remove(SystemFault)
        /// The record was left out; the file goes on.
        case recordTooLong(RecordTooLong)
    }

    package var path: String
    package var reason: Reason

    package init(_ reason: Reason, path: String) {
        self.reason = reason
        self.path = path
    }

    package var description: String {
        switch reason {
        case .create(let fault):
            "cannot create \(path): \(fault)\(Self.remedy(for: fault))"
        case .write(let fault):
            "cannot write \(path): \(fault); what was written is kept, and `tapedeck repair \(path)` finishes it"
                + Self.remedy(for: fault)
        case .publish(let fault):
            "cannot finish \(path): \(fault); what was written is kept under the name it has now"
                + Self.remedy(for: fault)
        case .alreadyExists:
            "\(path) is there already; pass --force to overwrite it, or choose another name"
        case .unfinishedExists:
            "\(path) is there already, left by a recording that did not finish; "
                + "`tapedeck repair \(path)` finishes it, --force overwrites it"
        case .beingWritten:
            "\(path) is being written by another process; wait for it to finish, or choose another name"
        case .remove(let fault):
            "cannot remove \(path), which is past the limit of what is kept: \(fault)\(Self.remedy(for: fault))"
        case .recordTooLong(let error):
            "a record was left out of \(path): \(error)"
        }
    }

    private static func remedy(for fault: SystemFault) -> String {
        switch fault.number {
        case ENOSPC, EDQUOT: "; free some space, or write to another disk"
        case EACCES, EPERM, EROFS: "; choose a folder that you may write to"
        case ENOENT, ENOTDIR: "; create the folder first"
        case EPIPE: "; the reader at the other end of the pipe has gone"
        default: ""
        }
    }
}
