/// What a pcapng file says besides its packets, kept in bounded memory.
package struct SavefileNotes: Hashable, Sendable {
    /// A comment of the file's writer, in UTF-8 as it stands in the file.
    package struct Comment: Hashable, Sendable {
        /// What a comment is about.
        package enum Subject: Hashable, Sendable {
            case section
            case interface(Int)
            /// A packet, counted from 1 through all sections as reading programs do.
            case packet(UInt64)
            /// Names, statistics or secrets.
            case other
        }

        package var subject: Subject
        package var text: [UInt8]

        package init(subject: Subject, text: [UInt8]) {
            self.subject = subject
            self.text = text
        }
    }

    /// A name that the file's writer knew an address by.
    package struct Name: Hashable, Sendable {
        package var address: IPAddress
        package var name: [UInt8]
    }

    /// Secrets with which traffic of the file can be decrypted.
    ///
    /// They stay in memory: nothing writes them, and no message shows them.
    package struct Secrets: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
        /// As registered, such as 0x544C534B for an NSS key log.
        package var kind: UInt32
        package var bytes: [UInt8]

        package var description: String { "secrets of kind \(kind), \(bytes.count) bytes" }
        package var debugDescription: String { description }
    }

    package private(set) var comments: [Comment] = []
    package private(set) var names: [Name] = []
    package private(set) var secrets: [Secrets] = []
    /// Comments, names and secrets for which there was no room.
    package private(set) var leftOut: UInt64 = 0
    /// Bytes held, a little being counted for each piece.
    package private(set) var heldBytes = 0

    private var drops: [Int: InterfaceDrops] = [:]

    /// What a piece takes besides its bytes.
    private static let overhead = 64

    package init() {}

    /// Packets that were lost before they reached the file: by the system or, as far as it says so, by an interface.
    ///
    /// Statistics count from the start of a capture, packets since the one before; where both are there, whichever
    /// tells of more counts.
    package var dropped: (kernel: UInt64, interface: UInt64) {
        drops.values.reduce((0, 0)) { sum, drops in
            let told = drops.bySystem &+ drops.byInterface
            let further = drops.beforePackets > told ? drops.beforePackets - told : 0
            return (sum.0 &+ drops.bySystem &+ further, sum.1 &+ drops.byInterface)
        }
    }

    mutating func add(_ comment: Comment, limit: Int) {
        if takes(comment.text.count, limit) { comments.append(comment) }
    }

    mutating func add(_ name: Name, limit: Int) {
        if takes(name.name.count, limit) { names.append(name) }
    }

    mutating func add(_ secrets: Secrets, limit: Int) {
        if takes(secrets.bytes.count, limit) { self.secrets.append(secrets) }
    }

    /// Notes that a block was too long to be looked into.
    mutating func leaveOut() { leftOut &+= 1 }

    mutating func noteStatistics(of interface: Int, bySystem: UInt64?, byInterface: UInt64?) {
        guard bySystem != nil || byInterface != nil else { return }
        drops[interface, default: InterfaceDrops()].bySystem = bySystem ?? 0
        drops[interface, default: InterfaceDrops()].byInterface = byInterface ?? 0
    }

    mutating func noteDrops(_ count: UInt64, beforePacketOf interface: Int) {
        guard count > 0 else { return }
        drops[interface, default: InterfaceDrops()].beforePackets &+= count
    }

    private mutating func takes(_ count: Int, _ limit: Int) -> Bool {
        guard heldBytes + count + Self.overhead <= limit else {
            leftOut &+= 1
            return false
        }
        heldBytes += count + Self.overhead
        return true
    }
}

/// Packets that one interface is said to have lost.
private struct InterfaceDrops: Hashable, Sendable {
    var bySystem: UInt64 = 0
    var byInterface: UInt64 = 0
    var beforePackets: UInt64 = 0
}
