import Glibc

/// Where the demo's traces go: a folder that is kept, or one that goes with the demo.
final class DemoFolder {
    private let path: String
    private let isKept: Bool

    init(keeping folder: String?) throws {
        if let folder {
            if mkdir(folder, 0o700) != 0, errno != EEXIST {
                throw CommandFailure("cannot make \(folder): \(String(cString: strerror(errno)))")
            }
            path = folder
            isKept = true
        } else {
            path = try ScratchFolder.make()
            isKept = false
        }
    }

    deinit {
        guard !isKept else { return }
        for name in [recorded, observed("1x"), observed("10x")] {
            unlink(name)
            unlink(name + ".partial")
        }
        rmdir(path)
    }

    var recorded: String { "\(path)/recorded.trace.gz" }

    func observed(_ name: String) -> String { "\(path)/observed-\(name).trace.gz" }
}

/// The capture file that stands in for a live capture.
enum DemoCapture {
    /// How long the traffic of the project's own lasts: `Captures/make` passes it to `demo --seconds`.
    static let seconds: Int64 = 4

    /// The file that was named, else the project's own, from the current folder or from where the program was built.
    static func find(_ named: String?) throws -> String? {
        if let named { return named }
        let name = "Captures/demo.pcap"
        let folder = executable().map { String($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)]) }
        let candidates = [name] + (folder.map { ["\($0)/../../\(name)", "\($0)/../../../\(name)"] } ?? [])
        return candidates.first { access($0, R_OK) == 0 }
    }

    private static func executable() -> String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }
}
