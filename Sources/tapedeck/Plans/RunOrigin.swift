import Glibc
import JSON
import Reports

/// Where the plan of a run came from, so that the run can be repeated from its folder.
struct RunOrigin {
    /// The file to read.
    var plan: String
    /// What relative paths in it begin with; ends with a slash.
    var folder: String
    /// What was set over the file, in order.
    var settings: [String] = []

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
        if case .array(let elements)? = value["settings"] {
            for case .string(let setting) in elements { settings.append(setting) }
        }
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
