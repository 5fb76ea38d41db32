import Glibc
import JSON
import Reports

/// A run as it was named on the command line, and what is left of it.
struct RunPlace {
    var name: String
    var record: RunRecord?
    var replay: JSONValue?
    var check: JSONValue?
    /// What it observed, where that was kept.
    var observed: String?

    /// Reads `last`, `last~N`, the name of a run or the end of one, a folder, a JSON file of `replay` or `check`, or an
    /// observed trace.
    init(_ text: String) throws {
        if let back = Self.back(text) {
            let names = try RunCatalog.names()
            guard back < names.count else {
                throw CommandFailure(
                    "\(text): there are only \(names.count) runs; 'tapedeck runs' lists them"
                )
            }
            try self.init(folder: "\(RunCatalog.runs)/\(names[names.count - 1 - back])")
            return
        }
        var status = stat()
        if stat(text, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR {
                try self.init(folder: text)
            } else if text.hasSuffix(".gz") {
                self.init(name: text, observed: text)
            } else {
                try self.init(file: text)
            }
            return
        }
        let found = try RunCatalog.names().filter { $0 == text || $0.hasSuffix("Z-" + text) }
        guard let latest = found.last else {
            throw CommandFailure(
                "\(text): no run, folder or file of that name; 'tapedeck runs' lists the runs"
            )
        }
        try self.init(folder: "\(RunCatalog.runs)/\(latest)")
    }

    private init(name: String, observed: String) {
        self.name = name
        self.observed = observed
    }

    /// How far back `last` and `last~N` go; `nil` for anything else.
    private static func back(_ text: String) -> Int? {
        if text == "last" { return 0 }
        guard text.hasPrefix("last~") else { return nil }
        return Int(text.dropFirst(5)).flatMap { $0 >= 0 ? $0 : nil }
    }

    private init(folder: String) throws {
        name = folder.split(separator: "/").last.map(String.init) ?? folder
        let record = try InputFile.read(
            "\(folder)/\(RunCatalog.recordName)",
            maximumBytes: RunRecord.maximumBytes
        )
        self.record = record.flatMap(RunRecord.init(parsing:))
        replay = try Self.json("\(folder)/\(RunCatalog.replayName)")
        check = try Self.json("\(folder)/\(RunCatalog.checkName)")
        let trace = "\(folder)/\(RunCatalog.observedName)"
        if access(trace, F_OK) == 0 { observed = trace }
        guard replay != nil || check != nil || observed != nil else {
            throw CommandFailure("\(folder): no run, or one that did not come to its end")
        }
    }

    private init(file: String) throws {
        name = file
        guard let json = try Self.json(file) else { throw CommandFailure("\(file) is gone") }
        switch json["schema"] {
        case .string("tapedeck.replay/1")?: replay = json
        case .string("tapedeck.check/1")?: check = json
        default:
            throw CommandFailure("\(file): neither what 'replay --json' wrote nor what 'check --json' did")
        }
    }

    private static func json(_ path: String) throws -> JSONValue? {
        guard let bytes = try InputFile.read(path, maximumBytes: 256 << 20) else { return nil }
        do {
            return try JSONValue(parsing: bytes.span)
        } catch {
            throw CommandFailure("\(path): no JSON: \(error)")
        }
    }
}
