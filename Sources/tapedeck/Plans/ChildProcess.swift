import Glibc

/// A program that is run beside the load: an incident, or a client that asks a database.
struct ChildProcess: ~Copyable {
    private let id: pid_t
    private let isAlone: Bool

    /// Nanoseconds that it may take to end when it is asked to.
    private static let grace: UInt64 = 2_000_000_000

    /// Starts a program found on PATH; `input` and `output` are descriptors of its own, `nil` is /dev/null. Its standard
    /// error is that of this process unless `errors` says where it goes. One that is alone leads a group of processes: the
    /// interrupt of a terminal does not reach it, and what it has started ends with it.
    init(
        _ command: [String],
        input: Int32? = nil,
        output: Int32? = nil,
        errors: Int32? = nil,
        environment: [String] = [],
        isAlone: Bool = false
    ) throws {
        self.isAlone = isAlone
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        Self.place(input, at: STDIN_FILENO, O_RDONLY, &actions)
        Self.place(output, at: STDOUT_FILENO, O_WRONLY, &actions)
        if let errors { Self.place(errors, at: STDERR_FILENO, O_WRONLY, &actions) }
        // Threads of this process block signals; the program takes them as usual.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var usual = sigset_t()
        sigemptyset(&usual)
        sigaddset(&usual, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &usual)
        // Its group has the number of the process itself.
        posix_spawnattr_setpgroup(&attributes, 0)
        let group = isAlone ? POSIX_SPAWN_SETPGROUP : 0
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | group))
        var id: pid_t = 0
        let code = Self.withStrings(command) { arguments in
            Self.withStrings(Self.environment(environment)) { variables in
                posix_spawnp(&id, command.first ?? "", &actions, &attributes, arguments, variables)
            }
        }
        guard code == 0 else {
            throw CommandFailure("cannot run \(command.first ?? ""): \(String(cString: strerror(code)))")
        }
        self.id = id
    }

    /// Waits for its end; answers the exit code, or 128 and the signal that ended it.
    consuming func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0 { guard errno == EINTR else { return -1 } }
        return Self.code(status)
    }

    /// Waits for its end until `isDue`, after which it is asked to end, and made to; answers as ``wait()`` does, `nil` where it
    /// did not end by itself.
    consuming func wait(until isDue: () -> Bool) -> Int32? {
        while !isDue() {
            if let code = ended { return code }
            usleep(Self.glance)
        }
        send(SIGTERM)
        let end = Clock.monotonic() + Self.grace
        while Clock.monotonic() < end {
            if ended != nil { return nil }
            usleep(Self.glance)
        }
        send(SIGKILL)
        _ = wait()
        return nil
    }

    /// Microseconds between two looks at whether it has ended.
    private static let glance: UInt32 = 20_000

    /// What ``wait()`` would answer, where it has ended; `nil` where it goes on.
    private var ended: Int32? {
        var status: Int32 = 0
        let found = waitpid(id, &status, WNOHANG)
        if found == 0 || found < 0 && errno == EINTR { return nil }
        return found < 0 ? -1 : Self.code(status)
    }

    private func send(_ signal: Int32) { kill(isAlone ? -id : id, signal) }

    /// The exit code in a status of waitpid, or 128 and the signal.
    private static func code(_ status: Int32) -> Int32 {
        status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    }

    /// Asks it to end, and waits until it has.
    consuming func stop() {
        send(SIGTERM)
        _ = wait()
    }

    private static func place(
        _ descriptor: Int32?,
        at number: Int32,
        _ mode: Int32,
        _ actions: inout posix_spawn_file_actions_t
    ) {
        if let descriptor {
            posix_spawn_file_actions_adddup2(&actions, descriptor, number)
        } else {
            posix_spawn_file_actions_addopen(&actions, number, "/dev/null", mode, 0)
        }
    }

    /// The variables of this process and others over them.
    private static func environment(_ others: [String]) -> [String] {
        var variables: [String] = []
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            let name = text.prefix { $0 != "=" } + "="
            if !others.contains(where: { $0.hasPrefix(name) }) { variables.append(text) }
            next += 1
        }
        return variables + others
    }

    private static func withStrings<Answer>(
        _ strings: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Answer
    ) -> Answer {
        let pointers = strings.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}
