import Bytes
import Glibc
import LoadPlans

/// Runs the commands that show what the target keeps, and looks through what they print.
enum CanaryCommands {
    /// Milliseconds that a command may take.
    private static let patience: UInt64 = 60_000
    /// Milliseconds between two looks at whether there was an interrupt.
    private static let pace: UInt64 = 200
    /// Bytes that are looked through.
    private static let limit = 1 << 30

    static func search(_ commands: [LoadPlan.CanaryCommand], _ isolation: IsolationBook) {
        for command in commands {
            do {
                guard !Interrupt.isRequested else { throw CommandFailure("interrupted") }
                try search(command, isolation)
            } catch {
                let message = CommandFailure.message(of: error)
                isolation.miss("what \(command.name) shows (\(message))")
            }
        }
    }

    private static func search(_ command: LoadPlan.CanaryCommand, _ isolation: IsolationBook) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw CommandFailure("no pipe: \(String(cString: strerror(errno)))")
        }
        for descriptor in ends { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let child: ChildProcess
        do {
            defer { close(ends[1]) }
            child = try ChildProcess(command.command, output: ends[1])
        }
        do {
            try read(ends[0], command, isolation)
        } catch {
            child.stop()
            throw error
        }
        let code = child.wait()
        guard code == 0 else { throw CommandFailure("it ended with \(code)") }
    }

    private static func read(
        _ descriptor: Int32,
        _ command: LoadPlan.CanaryCommand,
        _ isolation: IsolationBook
    ) throws {
        // A reader who is not known is held to secrets alone, nobody to data as well.
        let reader = command.mayHoldData ? nil : ""
        var lines = StreamLines()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var total = 0
        let deadline = Clock.monotonic() + patience * 1_000_000
        while total < limit {
            let now = Clock.monotonic()
            guard now < deadline else { throw CommandFailure("it took longer than a minute") }
            guard !Interrupt.isOverdue else { throw CommandFailure("interrupted") }
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let rest = min((deadline - now) / 1_000_000 + 1, pace)
            guard poll(&wanted, 1, Int32(clamping: rest)) > 0 else { continue }
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            total += count
            lines.feed(buffer.span.extracting(0..<count)) {
                isolation.search($0.span, place: "what \(command.name) shows", reader: reader)
            }
        }
        // The last line need not have an end.
        lines.feed([0x0A].span) {
            isolation.search($0.span, place: "what \(command.name) shows", reader: reader)
        }
        guard total < limit else { throw CommandFailure("it shows more than a gigabyte") }
    }
}
