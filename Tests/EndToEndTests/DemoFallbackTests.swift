import Foundation
import Testing

/// The demo where capturing is not permitted: it says so, reads a capture file instead, and does all the rest.
@Suite struct DemoFallbackTests {
    /// Runs a copy of the program, which has no file capabilities, as a user without any.
    private func runDemo(_ arguments: [String], in folder: URL) throws -> Run {
        let copy = folder.appending(path: "tapedeck").path
        try FileManager.default.copyItem(
            at: URL(fileURLWithPath: Program.tapedeck).resolvingSymlinksInPath(),
            to: URL(fileURLWithPath: copy)
        )
        let unprivileged = "setpriv --reuid=65534 --regid=65534 --clear-groups"
        let command = "cd '\(folder.path)' && exec \(geteuid() == 0 ? unprivileged : "") ./tapedeck demo "
        return try Program("/bin/sh", ["-c", command + arguments.joined(separator: " ")]).finish(within: 120)
    }

    private func makeReadable(_ folder: URL) throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
    }

    @Test func theCaptureFileStandsIn() throws {
        let scratch = try Scratch()
        try makeReadable(scratch.url)
        let captures = scratch.url.appending(path: "Captures")
        try FileManager.default.createDirectory(at: captures, withIntermediateDirectories: false)
        try makeReadable(captures)
        try FileManager.default.copyItem(
            atPath: CapturesTests.path("demo.pcap"),
            toPath: captures.appending(path: "demo.pcap").path
        )
        let run = try runDemo([], in: scratch.url)
        #expect(run.status == 0, "\(run.errors)\n\(run.text)")
        #expect(run.errors.contains("cap_net_raw"), "the remedy is named: \(run.errors)")
        #expect(run.errors.contains("reading Captures/demo.pcap instead"), "\(run.errors)")
        #expect(run.text.contains("Captures/demo.pcap"), "the report says where the traffic came from")
        #expect(run.text.contains("691 requests, 691 responses on 17 connections"), "\(run.text)")
        #expect(run.text.contains("planted values found in the trace: none"))
        #expect(run.text.contains("All as recorded.\n"))
        // The folder is not the user's, so the page is among temporary files; its path comes last.
        let file = try #require(
            run.text.split(separator: "\n").last?.split(separator: " ").last.map(String.init)
        )
        #expect(file.hasSuffix(".html") && run.text.hasSuffix("\nThe report is in \(file)\n"), "\(run.text)")
        let page = try String(contentsOfFile: file, encoding: .utf8)
        #expect(page.contains("All as recorded") && page.contains("Replayed at 10x"))
        try FileManager.default.removeItem(atPath: file)
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.url.path)
        #expect(Set(left) == ["tapedeck", "Captures"])
    }

    @Test func withoutACaptureFileTheRemedyIsAllThereIs() throws {
        let scratch = try Scratch()
        try makeReadable(scratch.url)
        let run = try runDemo(["--quiet"], in: scratch.url)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("cap_net_raw"), "\(run.errors)")
    }
}
