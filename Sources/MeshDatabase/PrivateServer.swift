import Foundation
import Glibc
import Synchronization

/// A PostgreSQL of one's own: in a folder of its own, on a free port, run by a user without privileges.
///
/// Its unix socket lies in the folder, which only that user and root can enter, and is trusted; 127.0.0.1 asks for
/// passwords, which `FOLDER/pgpass` holds.
package final class PrivateServer {
    package let folder: String
    package let port: Int
    private let isFolderOurs: Bool
    private var process: Process?

    /// The roles that may log in.
    package static let roles = ["postgres", "mesh_app", "mesh_worker", "mesh_observer"]

    /// Where to connect, without a user.
    package var conninfo: String { "host=\(folder) port=\(port) dbname=mesh" }

    /// The process that runs it.
    package var processIdentifier: Int32? { process.map { $0.processIdentifier } }

    package var isRunning: Bool { process?.isRunning ?? false }

    /// Prepares a server in `folder`, or in a new one below the temporary folder; nothing runs yet.
    package init(folder wanted: String? = nil) throws(PrivateServerError) {
        isFolderOurs = wanted == nil
        if let wanted { folder = wanted } else { folder = try Self.newFolder() }
        port = try Self.freePort()
        if let wanted { try Self.make(wanted) }
        try Self.give(folder)
        if !FileManager.default.fileExists(atPath: folder + "/data/PG_VERSION") {
            try Self.run([
                "initdb", "-D", folder + "/data", "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust",
            ])
        }
        try writeConfiguration()
    }

    /// Starts it as a child, and waits until it answers.
    ///
    /// - Parameter isDetached: it goes on when this process ends, and else ends with it, however it ends.
    package func start(isDetached: Bool = false) throws(PrivateServerError) {
        let process = Self.process(["postgres", "-D", folder + "/data"], diesWithParent: !isDetached)
        let log = folder + "/log"
        _ = FileManager.default.createFile(atPath: log, contents: nil, attributes: [.posixPermissions: 0o600])
        let output = FileHandle(forWritingAtPath: log)
        output?.seekToEndOfFile()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try Self.keep(process)
        self.process = process
        try waitUntilReady()
    }

    /// Starts it on a thread that stays as long as it runs: who is to go with its parent is told to when the thread is gone
    /// that started it (prctl(2), PR_SET_PDEATHSIG).
    private static func keep(_ process: Process) throws(PrivateServerError) {
        let failure = Mutex<PrivateServerError?>(nil)
        let started = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            do {
                try process.run()
            } catch {
                let reason = error.localizedDescription
                failure.withLock { $0 = PrivateServerError("cannot start PostgreSQL: \(reason)") }
                started.signal()
                return
            }
            started.signal()
            process.waitUntilExit()
        }
        started.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }

    private func waitUntilReady() throws(PrivateServerError) {
        // It answers within a second or two; a recovery after a crash takes longer.
        for _ in 0..<600 {
            if (try? AdminSession(conninfo: "host=\(folder) port=\(port) dbname=postgres user=postgres"))
                != nil
            {
                return
            }
            guard isRunning else { break }
            usleep(50_000)
        }
        let log = (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""
        let last = log.split(separator: "\n").suffix(3).joined(separator: "; ")
        throw PrivateServerError("PostgreSQL in \(folder) does not answer: \(last)")
    }

    /// Makes the database and lets `prepare` fill it, then gives the roles passwords.
    package func createDatabase(_ prepare: (_ conninfo: String) throws -> Void) throws {
        let admin = try AdminSession(conninfo: "host=\(folder) port=\(port) dbname=postgres user=postgres")
        if try admin.run("select from pg_database where datname = 'mesh'").rowCount == 0 {
            try admin.run("create database mesh")
        }
        try prepare(conninfo)
        try setPasswords(admin)
    }

    private func setPasswords(_ admin: AdminSession) throws {
        var lines = ""
        for role in Self.roles {
            let password = (0..<32).map { _ in String(UInt8.random(in: 0..<16), radix: 16) }.joined()
            try admin.run("alter role \(role) password \(AdminSession.literal(password))")
            lines += "127.0.0.1:\(port):*:\(role):\(password)\n"
        }
        let path = folder + "/pgpass"
        _ = FileManager.default.createFile(
            atPath: path,
            contents: Data(lines.utf8),
            attributes: [.posixPermissions: 0o600]
        )
    }

    /// Stops it (sessions are ended, nothing is lost), and removes the folder if it was made here.
    package func stop() {
        halt(SIGINT)
        if isFolderOurs { try? FileManager.default.removeItem(atPath: folder) }
    }

    /// Ends the server with a signal and waits for it: SIGINT as an operator does, SIGQUIT as a crash.
    package func halt(_ signal: Int32) {
        guard let process, process.isRunning else { return }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        self.process = nil
    }
}

// MARK: Setting up

extension PrivateServer {
    /// Where Debian keeps the programs of the newest version that is installed.
    static let programs: String? = {
        let base = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []).compactMap {
            Int($0)
        }
        return versions.sorted(by: >).map { "\(base)/\($0)/bin" }
            .first { FileManager.default.isExecutableFile(atPath: $0 + "/postgres") }
    }()

    /// Whether a server can be started here.
    package static var isAvailable: Bool { programs != nil }

    /// PostgreSQL refuses to be run by root.
    static let user: String? = {
        guard geteuid() == 0 else { return nil }
        return ["postgres", "nobody"].first { getpwnam($0) != nil }
    }()

    /// Bytes of a folder: the name of a socket in it has to fit into an address (unix(7)).
    private static let longestFolder = 80

    /// A new folder below `TMPDIR`, or below /tmp where that is not set, too long, or closed to the server's user.
    private static func newFolder() throws(PrivateServerError) -> String {
        let wanted = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        let parent = isUsable(wanted) ? wanted : "/tmp"
        var template = Array("\(parent)/mesh-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw PrivateServerError(
                "cannot make a folder below \(parent): \(String(cString: strerror(errno)))"
            )
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func isUsable(_ folder: String) -> Bool {
        guard folder.hasPrefix("/"), folder.utf8.count <= longestFolder else { return false }
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/" + part
            var status = stat()
            guard stat(path, &status) == 0 else { return false }
            // Where the server is to be another user, that one has to come through.
            if user != nil, status.st_mode & S_IXOTH == 0 { return false }
        }
        return access(folder, W_OK | X_OK) == 0
    }

    private static func make(_ folder: String) throws(PrivateServerError) {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw PrivateServerError("cannot make \(folder): \(String(cString: strerror(errno)))")
        }
    }

    private static func give(_ folder: String) throws(PrivateServerError) {
        guard let user, let entry = getpwnam(user) else { return }
        guard chown(folder, entry.pointee.pw_uid, entry.pointee.pw_gid) == 0 else {
            throw PrivateServerError("cannot give \(folder) to \(user): \(String(cString: strerror(errno)))")
        }
    }

    private static func freePort() throws(PrivateServerError) -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = (0x7F00_0001 as UInt32).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(descriptor, $0, length) == 0 else { return false }
                return getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else {
            throw PrivateServerError("no free port on 127.0.0.1: \(String(cString: strerror(errno)))")
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private func writeConfiguration() throws(PrivateServerError) {
        var settings = """
            listen_addresses = '127.0.0.1'
            port = \(port)
            unix_socket_directories = '\(folder)'
            max_connections = 200
            shared_buffers = 256MB
            password_encryption = 'scram-sha-256'
            # Nobody copies from it, so the log need not say more than recovery asks for.
            wal_level = minimal
            max_wal_senders = 0
            max_wal_size = 2GB
            # When a line was committed is what its lag is counted from.
            track_commit_timestamp = on
            track_io_timing = on
            log_checkpoints = on
            log_lock_waits = on
            # The queue's table turns over all the time.
            autovacuum_naptime = 5s

            """
        if let programs = Self.programs, Self.hasStatementStatistics(programs) {
            settings += "shared_preload_libraries = 'pg_stat_statements'\n"
        }
        let access = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        do {
            try settings.write(toFile: folder + "/data/postgresql.conf", atomically: false, encoding: .utf8)
            try access.write(toFile: folder + "/data/pg_hba.conf", atomically: false, encoding: .utf8)
        } catch {
            throw PrivateServerError("cannot write the settings in \(folder): \(error.localizedDescription)")
        }
    }

    private static func hasStatementStatistics(_ programs: String) -> Bool {
        let version = programs.split(separator: "/").dropLast().last.map(String.init) ?? ""
        return FileManager.default.fileExists(
            atPath: "/usr/lib/postgresql/\(version)/lib/pg_stat_statements.so"
        )
    }

    private static func run(_ command: [String]) throws(PrivateServerError) {
        guard programs != nil else {
            throw PrivateServerError("no PostgreSQL is installed: apt-get install postgresql")
        }
        let process = process(command, diesWithParent: false)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw PrivateServerError("cannot run \(command[0]): \(error.localizedDescription)")
        }
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw PrivateServerError(
                "\(command[0]) failed: \(said.split(separator: "\n").suffix(3).joined(separator: "; "))"
            )
        }
    }

    /// A program of PostgreSQL as the user without privileges.
    private static func process(_ command: [String], diesWithParent: Bool) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        var arguments: [String] = []
        if let user { arguments += ["--reuid=\(user)", "--regid=\(group(of: user))", "--init-groups"] }
        if diesWithParent { arguments += ["--pdeathsig=INT"] }
        arguments += ["--", "\(programs ?? "")/\(command[0])"] + command.dropFirst()
        process.arguments = arguments
        // It may not be allowed to stand where this process stands.
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        return process
    }

    private static func group(of user: String) -> String {
        getpwnam(user).map { String($0.pointee.pw_gid) } ?? user
    }
}

/// Why there is no private server.
package struct PrivateServerError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
