import Glibc
import Reports

/// The runs that are kept below the working folder.
enum RunCatalog {
    static let folder = ".tapedeck"
    static let runs = ".tapedeck/runs"
    static let recordName = "run.json"
    static let replayName = "replay.json"
    static let checkName = "check.json"
    static let observedName = "observed.trace.gz"
    static let pageName = "report.html"

    /// The name of what the replay `number` of a side observed, counted from 1.
    static func observedName(_ side: String, _ number: Int) -> String {
        number == 1 ? "\(side).trace.gz" : "\(side)-\(number).trace.gz"
    }

    /// Whether runs are kept here without being asked: somebody made the folder.
    static var isThere: Bool { access(folder, F_OK) == 0 }

    /// Makes the folders where they are not there; what lies in them is not for version control.
    static func make() throws {
        if mkdir(folder, 0o700) == 0 {
            try OutputFile.write(Array("*\n".utf8), to: "\(folder)/.gitignore")
        } else if errno != EEXIST {
            throw failure(folder)
        }
        guard mkdir(runs, 0o700) == 0 || errno == EEXIST else { throw failure(runs) }
    }

    static func failure(_ path: String) -> CommandFailure {
        CommandFailure("cannot make \(path): \(String(cString: strerror(errno)))")
    }

    /// The names of all runs, the oldest first.
    static func names() throws -> [String] {
        try entries(of: runs).filter { isFolder("\(runs)/\($0)") }.sorted()
    }

    /// What is told of a run.
    static func entry(_ name: String) throws -> RunList.Entry {
        let path = "\(runs)/\(name)"
        var size: UInt64 = 0
        for file in try entries(of: path) {
            var status = stat()
            if lstat("\(path)/\(file)", &status) == 0 { size += UInt64(max(0, status.st_size)) }
        }
        let bytes = try InputFile.read("\(path)/\(recordName)", maximumBytes: RunRecord.maximumBytes)
        return RunList.Entry(name: name, record: bytes.flatMap(RunRecord.init(parsing:)), size: size)
    }

    /// Removes a run: the files in its folder and the folder, and nothing that either only points to.
    static func remove(_ name: String) throws {
        let path = "\(runs)/\(name)"
        for file in try entries(of: path) {
            guard unlink("\(path)/\(file)") == 0 else { throw removalFailure("\(path)/\(file)") }
        }
        guard rmdir(path) == 0 else { throw removalFailure(path) }
    }

    private static func removalFailure(_ path: String) -> CommandFailure {
        CommandFailure("cannot remove \(path): \(String(cString: strerror(errno)))")
    }

    /// The names in a folder, none where there is no such folder.
    private static func entries(of path: String) throws -> [String] {
        guard let stream = opendir(path) else {
            if errno == ENOENT { return [] }
            throw CommandFailure("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Not a link to one.
    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
