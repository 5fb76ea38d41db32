import CPcap
import Glibc

/// The user that a process becomes once it has opened what takes privileges.
package struct UnprivilegedUser: Hashable, Sendable {
    package let name: String
    let user: uid_t
    let group: gid_t

    /// Looks a user up by name or number; `name:group` gives a group of its own.
    package init(_ text: String) throws(PrivilegeError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        guard let entry = Self.entry(parts[0]) else { throw PrivilegeError("there is no user \(parts[0])") }
        name = entry.name
        user = entry.user
        if parts.count > 1 {
            guard let group = Self.group(parts[1]) else {
                throw PrivilegeError("there is no group \(parts[1])")
            }
            self.group = group
        } else {
            group = entry.group
        }
    }

    /// Whether the user is root, who keeps every privilege.
    package var isRoot: Bool { user == 0 }

    private static func entry(_ name: String) -> (name: String, user: uid_t, group: gid_t)? {
        let found = uid_t(name).map { getpwuid($0) } ?? getpwnam(name)
        guard let found = found?.pointee else { return nil }
        return (String(cString: found.pw_name), found.pw_uid, found.pw_gid)
    }

    private static func group(_ name: String) -> gid_t? {
        let found = gid_t(name).map { getgrgid($0) } ?? getgrnam(name)
        return found?.pointee.gr_gid
    }
}

/// Giving up what only opening a capture takes.
package enum Privileges {
    /// Takes all capabilities from the calling thread; one that has no use for any calls it when it starts.
    package static func dropOfThread() {
        _ = tapedeck_drop_capabilities()
    }

    /// Becomes `user` in all threads, without capabilities and for good, and makes sure of it.
    ///
    /// What is open stays open: the packets of a capture go on coming.
    package static func drop(to user: UnprivilegedUser) throws(PrivilegeError) {
        if geteuid() == 0 {
            // In this order: the groups can be set only while the user is still root. Of root, both set the saved ids too.
            guard initgroups(user.name, user.group) == 0, setgid(user.group) == 0, setuid(user.user) == 0
            else {
                throw PrivilegeError("becoming \(user.name) failed: \(String(cString: strerror(errno)))")
            }
        } else if geteuid() != user.user {
            throw PrivilegeError(
                "only root can become \(user.name); start tapedeck as root, or leave --user away"
            )
        }
        // Root's capabilities went with the user; those of a file or of a service manager did not.
        guard tapedeck_drop_capabilities() == 0, tapedeck_forbid_new_privileges() == 0 else {
            throw PrivilegeError("giving up capabilities failed: \(String(cString: strerror(errno)))")
        }
        try verify(user)
    }

    private static func verify(_ user: UnprivilegedUser) throws(PrivilegeError) {
        let packetSocket = socket(AF_PACKET, Int32(SOCK_RAW.rawValue), 0)
        if packetSocket >= 0 { close(packetSocket) }
        guard packetSocket < 0, user.isRoot || setuid(0) != 0, getuid() == user.user, getgid() == user.group
        else {
            throw PrivilegeError("privileges are still there after becoming \(user.name); not going on")
        }
    }

    /// Whether files can be made and removed in a folder by who the process is now.
    package static func mayWrite(in folder: String) -> Bool {
        access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0
    }
}

/// Why privileges could not be given up.
package struct PrivilegeError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
