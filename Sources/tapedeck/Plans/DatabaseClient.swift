import Glibc
import LoadPlans

/// A `psql` that is kept open and told one script after the other: tapedeck itself speaks no SQL, and links no libpq.
///
/// The connection string goes through the environment, since arguments are in sight of others.
final class DatabaseClient {
    private var child: ChildProcess?
    /// To and from `psql`.
    private let input: Int32
    private let output: Int32

    private static let end = Array("tapedeck-end".utf8)

    /// `place` is where the connection string is: `env:VAR` or `file:PATH`. What `psql` says on its standard error stands among
    /// its answers, codes in place of words.
    init(_ place: String) throws {
        var (toChild, fromChild): ([Int32], [Int32]) = ([-1, -1], [-1, -1])
        guard pipe(&toChild) == 0 else {
            throw CommandFailure("no pipe: \(String(cString: strerror(errno)))")
        }
        guard pipe(&fromChild) == 0 else {
            let reason = String(cString: strerror(errno))
            for descriptor in toChild { close(descriptor) }
            throw CommandFailure("no pipe: \(reason)")
        }
        for descriptor in toChild + fromChild { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        (input, output) = (toChild[1], fromChild[0])
        defer {
            close(toChild[0])
            close(fromChild[1])
        }
        child = try ChildProcess(
            [
                "psql", "-X", "-A", "-t", "-q", "-F", "\t", "-v", "ON_ERROR_STOP=0", "-v",
                "VERBOSITY=sqlstate",
            ],
            input: toChild[0],
            output: fromChild[1],
            errors: fromChild[1],
            environment: try Self.variables(
                SecretText.value(place, of: "the connection string of the database")
            )
                + ["PGAPPNAME=tapedeck", "PGCONNECT_TIMEOUT=5"],
            // The interrupt of a terminal is not for it: the last round of a run is asked for behind it.
            isAlone: true
        )
    }

    deinit {
        close(input)
        close(output)
        if let child = child.take() { child.stop() }
    }

    /// Whether a connection string can be read; throws what is wrong with it.
    static func check(_ place: String) throws {
        _ = try variables(SecretText.value(place, of: "the connection string of the database"))
    }

    /// `host=… port=…` as the variables that libpq reads in its place.
    private static func variables(_ connection: String) throws -> [String] {
        let names = [
            "host": "PGHOST", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER",
            "password": "PGPASSWORD",
            "sslmode": "PGSSLMODE", "passfile": "PGPASSFILE",
        ]
        return try connection.split(separator: " ").map { part in
            let sides = part.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, let name = names[String(sides[0])] else {
                throw CommandFailure(
                    "its connection string is 'host=… port=… dbname=… user=… password=…', without blanks in a value"
                )
            }
            return "\(name)=\(sides[1])"
        }
    }

    /// Tells it a script and hands over every line that it says, in at most so many milliseconds and bytes. After an error
    /// it is of no use any more.
    func ask(_ script: String, patience: Int32, limit: Int, _ take: ([UInt8]) -> Void) throws {
        guard write(script + "\\echo tapedeck-end\n") else { throw CommandFailure("psql has ended") }
        var lines = StreamLines()
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let deadline = Clock.monotonic() + UInt64(patience) * 1_000_000
        var count = 0
        var isOver = false
        var last = ""
        while !isOver {
            let step = try read(&buffer, deadline, patience, last)
            count += step
            guard count <= limit else { throw CommandFailure("psql said too much") }
            lines.feed(buffer.span.extracting(0..<step)) { line in
                if line == Self.end {
                    isOver = true
                } else if !isOver {
                    last = String(decoding: line.prefix(200), as: UTF8.self)
                    take(line)
                }
            }
        }
    }

    /// Bytes that it said next, at least one.
    private func read(_ buffer: inout [UInt8], _ deadline: UInt64, _ patience: Int32, _ last: String) throws
        -> Int
    {
        while true {
            var wanted = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let rest = deadline - min(deadline, Clock.monotonic())
            let ready = poll(&wanted, 1, Int32(rest / 1_000_000))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else {
                throw CommandFailure("psql did not answer within \(patience / 1_000) s")
            }
            let count = Glibc.read(output, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw CommandFailure(
                    last.hasPrefix("psql: ")
                        ? String(last.dropFirst(6)) : "psql has ended without a word"
                )
            }
            return count
        }
    }

    private func write(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(input, $0.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            written += count
        }
        return true
    }
}
