import Foundation
import Synchronization
import Testing

/// A run of a program to its end, with everything it said.
struct Run {
    var status: Int32
    var output: Data
    var errors: String

    var text: String { String(decoding: output, as: UTF8.self) }

    /// The lines of standard output as JSON objects.
    func jsonLines() throws -> [[String: Any]] {
        try text.split(separator: "\n").map { line in
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(value as? [String: Any])
        }
    }

    func json() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: output) as? [String: Any])
    }
}

/// A process under test; it is killed when it is let go, so that no test leaves one behind.
final class Program {
    let process = Process()
    private let output = Pipe()
    private let errors = Pipe()
    private let collected = Collected()
    private var readers: [Thread] = []

    /// What a process wrote, collected while it runs so that a full pipe never stops it.
    private final class Collected: Sendable {
        let output = Mutex<Data>(Data())
        let errors = Mutex<Data>(Data())
        let open = DispatchGroup()
    }

    /// The built `tapedeck`, as the Makefile names it, else beside the test bundle.
    static let tapedeck: String = {
        if let path = ProcessInfo.processInfo.environment["TAPEDECK_BINARY"] { return path }
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return bundle.appending(path: "tapedeck").path
    }()

    init(
        _ executable: String = Program.tapedeck,
        _ arguments: [String],
        environment: [String: String] = [:],
        input: Data? = nil
    ) throws {
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = errors
        let standardInput = Pipe()
        process.standardInput = input == nil ? FileHandle.nullDevice : standardInput
        try process.run()
        let collected = collected
        Self.collect(output.fileHandleForReading, in: collected) { data in
            collected.output.withLock { $0.append(data) }
        }
        Self.collect(errors.fileHandleForReading, in: collected) { data in
            collected.errors.withLock { $0.append(data) }
        }
        if let input {
            try? standardInput.fileHandleForWriting.write(contentsOf: input)
            try? standardInput.fileHandleForWriting.close()
        }
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private static func collect(
        _ handle: FileHandle,
        in collected: Collected,
        _ append: @escaping @Sendable (Data) -> Void
    ) {
        collected.open.enter()
        let descriptor = handle.fileDescriptor
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count > 0 { append(Data(buffer[..<count])) } else if count == 0 || errno != EINTR { break }
            }
            collected.open.leave()
        }
    }

    /// What it wrote to standard output until now.
    var outputSoFar: String { String(decoding: collected.output.withLock { $0 }, as: UTF8.self) }

    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Waits for the end; a process that lives past `seconds` is killed, and the test fails.
    func finish(within seconds: Double = 60, sourceLocation: SourceLocation = #_sourceLocation) -> Run {
        let deadline = Date(timeIntervalSinceNow: seconds)
        let ended = collected.open.wait(timeout: .now() + seconds) == .success
        if !ended || Date() > deadline {
            Issue.record(
                "\(process.arguments ?? []) did not end within \(seconds) s",
                sourceLocation: sourceLocation
            )
            kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        return Run(
            status: process.terminationStatus,
            output: collected.output.withLock { $0 },
            errors: String(decoding: collected.errors.withLock { $0 }, as: UTF8.self)
        )
    }

    /// Waits until `condition` holds for what the process wrote to standard error so far.
    func waitForErrors(
        within seconds: Double = 20,
        _ condition: (String) -> Bool
    ) throws -> String {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            let text = String(decoding: collected.errors.withLock { $0 }, as: UTF8.self)
            if condition(text) { return text }
            if !process.isRunning { break }
            usleepUntilNextLook()
        }
        throw StartFailure(
            said: String(decoding: collected.errors.withLock { $0 }, as: UTF8.self)
        )
    }

    /// The program ended, or never said what it should have said.
    struct StartFailure: Error {
        var said: String
    }

    @discardableResult
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        input: Data? = nil,
        within seconds: Double = 60
    ) throws -> Run {
        try Program(tapedeck, arguments, environment: environment, input: input).finish(within: seconds)
    }
}

/// Lets the process under test go on; waiting is bounded by its caller's deadline.
func usleepUntilNextLook() {
    poll(nil, 0, 20)
}

/// A folder of the test's own, removed when it is let go.
final class Scratch {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "tapedeck-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }
}
