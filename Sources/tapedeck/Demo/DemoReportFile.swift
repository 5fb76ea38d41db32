import Glibc
import MeshTarget
import Reports

/// Where the demo's page goes, which stays when the demo is over.
enum DemoReportFile {
    private static let name = "tapedeck-demo.html"

    /// Writes the page into the folder that is kept, else into the current one, else among temporary files; answers where it
    /// is.
    static func write(_ page: String, keeping folder: String?) throws -> String {
        let path =
            if let folder {
                folder + "/report.html"
            } else if access(".", W_OK) == 0 {
                name
            } else {
                try temporary()
            }
        try OutputFile.write(Array(page.utf8), to: path)
        guard let absolute = realpath(path, nil) else { return path }
        defer { free(absolute) }
        return String(cString: absolute)
    }

    /// A file of a name that nobody can have taken before.
    private static func temporary() throws -> String {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let suffix = ".html"
        var template = Array("\(folder)/tapedeck-demo-XXXXXX\(suffix)".utf8CString)
        let descriptor = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { mkstemps($0, Int32(suffix.utf8.count)) } ?? -1
        }
        guard descriptor >= 0 else {
            throw CommandFailure("cannot write to \(folder): \(String(cString: strerror(errno)))")
        }
        close(descriptor)
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension DemoReport {
    /// The page on the whole round trip.
    func html(of trace: String) -> String {
        var page = RoundTripReport(
            isGood: isGood,
            headline: isGood ? "All as recorded" : "Not all is as it should be",
            subject: "Recorded, anonymized, replayed and checked on this machine"
        )
        if let traffic {
            page.findings.append(
                "\(Quantity.count(traffic.sent)) requests sent, \(Quantity.count(traffic.answered)) answered"
            )
        } else if let captureFile {
            page.findings.append("read from \(captureFile)")
        }
        if let leaks {
            let found = leaks.found.isEmpty ? "none" : "\(Quantity.count(leaks.found.count))"
            page.findings.append(
                "planted personal data and secrets found in the trace: \(found), of \(Quantity.count(leaks.planted))"
            )
        }
        page.parts = replays.map { replay in
            RoundTripReport.Part(
                name: replay.name,
                replay: ReplayReport(replay.summary),
                check: CheckReport(replay.check, subject: "the answers at \(replay.name)")
            )
        }
        page.context = .ofThisRun(recordings: TraceInspection.all(of: [trace]))
        return page.html()
    }
}
