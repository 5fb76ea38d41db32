import Glibc
import JSON
import LoadPlans
import Reports

/// Where the plan of a run came from, so that the run can be repeated from its folder.
struct RunOrigin {
    /// The file to read.
    var plan: String
    /// What relative paths in it begin with; ends with a slash.
    var folder: String
    /// What was set over the file, in order.
    var settings: [String] = []
    /// The names of the stages that were chosen; `nil` where all of them ran.
    var stages: [String]?
    /// The traces and rules of the run; `nil` where its folder does not say.
    var files: [RunFile]?
    /// The folder of the run that is repeated; `nil` where a plan is run.
    private(set) var repeated: String?

    /// Takes the path of a plan, or of the folder of a run, whose copy of the plan is read.
    init(_ path: String) throws {
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
            plan = path
            let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
            self.folder = Self.absolute(folder) ?? folder
            return
        }
        let run = path.hasSuffix("/") ? String(path.dropLast()) : path
        guard let text = TextFile.read("\(run)/\(PlanRunFolder.originName)"),
            let value = try? JSONValue(parsing: Array(text.utf8).span),
            case .string(let folder)? = value["folder"]
        else {
            throw CommandFailure("\(path) is neither a plan nor the folder of a run")
        }
        plan = "\(run)/\(PlanRunFolder.planName)"
        self.folder = folder
        repeated = run
        settings = Self.texts(value["settings"]) ?? []
        stages = Self.texts(value["stages"])
        if case .array(let elements)? = value["files"] { files = elements.compactMap(RunFile.init) }
    }

    private static func texts(_ value: JSONValue?) -> [String]? {
        guard case .array(let elements)? = value else { return nil }
        return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    /// What to do where a file is not where it was in the run that is repeated; `key` is where the plan names it. Nothing where
    /// a plan is run, or the file is there.
    func advice(on path: String, of key: String) -> String {
        guard repeated != nil, !OutputFile.isThere(path) else { return "" }
        return
            "; in the run that is repeated paths began with \(folder): put the file back there, or say where it is now with "
            + "--set \(key)=/PATH"
    }

    /// The file as it is.
    func text() throws -> [UInt8] {
        guard let text = TextFile.read(plan) else {
            throw CommandFailure("\(plan): \(String(cString: strerror(errno)))")
        }
        return Array(text.utf8)
    }

    func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("schema", "tapedeck.plan-origin/1")
        writer.member("folder", folder)
        writer.key("settings")
        writer.beginArray()
        for setting in settings { writer.string(setting) }
        writer.endArray()
        if let stages {
            writer.key("stages")
            writer.beginArray()
            for stage in stages { writer.string(stage) }
            writer.endArray()
        }
        if let files {
            writer.key("files")
            writer.beginArray()
            for file in files { file.write(to: &writer) }
            writer.endArray()
        }
        writer.endObject()
        writer.endLine()
        return writer.bytes
    }

    private static func absolute(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        let text = String(cString: resolved)
        return text.hasSuffix("/") ? text : text + "/"
    }
}

extension RunFile {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("path", path)
        writer.member("use", use.rawValue)
        writer.member("bytes", bytes)
        writer.member("sha256", digest)
        writer.endObject()
    }

    fileprivate init?(_ value: JSONValue) {
        guard case .string(let path)? = value["path"], case .string(let digest)? = value["sha256"],
            case .string(let name)? = value["use"], let use = Use(rawValue: name),
            case .number(let number)? = value["bytes"], let bytes = UInt64(number.spelling)
        else { return nil }
        self.init(path: path, use: use, bytes: bytes, digest: digest)
    }
}
