import Foundation
import Testing

/// A server written in Python, in a process of its own: what is tested is the other end.
///
/// It is started with its folder and further arguments, and says its port in its first line, once it listens.
final class PythonServer {
    let port: UInt16
    /// What belongs to it, gone when it is stopped.
    let folder: URL
    private let process = Process()

    /// `prepare` puts into the folder what the script looks for there.
    init(_ script: String, _ arguments: [String], prepare: (URL) throws -> Void = { _ in }) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "server-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try prepare(folder)
        let file = folder.appending(path: "server.py")
        try Data(script.utf8).write(to: file)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", file.path, folder.path] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(
            UInt16(line.trimmingCharacters(in: .whitespacesAndNewlines)),
            "the server says its port: python3 and openssl are installed by .ci/setup test"
        )
    }

    func stop() {
        // A thread of the test's keeps every other signal from what it starts.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }
}
