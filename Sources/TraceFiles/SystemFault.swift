import Glibc

/// A number that the system gave as the reason of a failure, with its text.
package struct SystemFault: Error, Hashable, Sendable, CustomStringConvertible {
    package var number: Int32

    package init(number: Int32) {
        self.number = number
    }

    /// What `errno` holds now; take it before anything else is called.
    static var last: SystemFault { SystemFault(number: errno) }

    /// The disk is full, or the user's share of it.
    var isLackOfRoom: Bool { number == ENOSPC || number == EDQUOT }

    package var description: String {
        // glibc answers with constant strings for the numbers it knows, with one of the thread's own for others.
        String(cString: strerror(number))
    }
}
