import Foundation
import Testing

/// Ctrl-C: a command that has something to finish finishes it, any other ends at once; both with 130.
@Suite struct InterruptTests {
    @Test func aReaderOfASilentPipeEndsAtOnce() throws {
        // Standard input that never brings anything: only the signal can end the command.
        let pipe = Pipe()
        let program = Process()
        program.executableURL = URL(fileURLWithPath: Program.tapedeck)
        program.arguments = ["cat", "-"]
        program.standardInput = pipe
        program.standardOutput = FileHandle.nullDevice
        try program.run()
        defer { if program.isRunning { kill(program.processIdentifier, SIGKILL) } }
        // A signal before the mask is set would end the process too, by the signal's own action.
        let deadline = Date(timeIntervalSinceNow: 20)
        while program.isRunning, Date() < deadline {
            program.interrupt()
            usleepUntilNextLook()
        }
        #expect(!program.isRunning)
        if program.terminationReason == .exit { #expect(program.terminationStatus == 130) }
    }

    @Test func aRecordingFromASilentPipeIsFinished() throws {
        let scratch = try Scratch()
        let input = Pipe()
        let program = Process()
        program.executableURL = URL(fileURLWithPath: Program.tapedeck)
        program.arguments = ["record", "-r", "-", "-w", scratch.path("x.trace.gz"), "--quiet"]
        program.standardInput = input
        program.standardOutput = FileHandle.nullDevice
        try program.run()
        defer { if program.isRunning { kill(program.processIdentifier, SIGKILL) } }
        let capture = CaptureBuilder.steady(count: 50, seconds: 1, connections: 2).file()
        try input.fileHandleForWriting.write(contentsOf: capture)
        let deadline = Date(timeIntervalSinceNow: 20)
        let partial = scratch.path("x.trace.gz.partial")
        while !FileManager.default.fileExists(atPath: partial), Date() < deadline { usleepUntilNextLook() }
        program.interrupt()
        while program.isRunning, Date() < deadline { usleepUntilNextLook() }
        #expect(!program.isRunning)
        #expect(program.terminationStatus == 130)
        let summary = try Program.run(["inspect", scratch.path("x.trace.gz"), "--json"])
        #expect(summary.status == 0)
        #expect(try summary.json()["finished"] as? Bool == true)
    }
}
