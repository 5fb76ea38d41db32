import Glibc
import LoadPlans
import Packets
import Reports

/// The folder that a run of a plan leaves: plan, figures, reports, and what each replay observed.
struct PlanRunFolder {
    static let planName = "plan.yaml"
    static let originName = "origin.json"
    static let runName = "run.json"
    static let observationsName = "observations.om"
    static let stagesName = "stages"

    let path: String

    /// Folders that are tried for runs that begin in the same second.
    private static let attempts = 100

    /// Bytes of the file of figures.
    private static let runLimit = 64 << 20

    /// Makes the folder; `runs/PLAN/TIME` unless another is named, which must not be there or be empty. Behind the time of a
    /// run that began in the same second as another stands a number.
    init(_ named: String?, plan: String, start: Int64) throws {
        if let named {
            path = named
            guard try !Self.make(named) else { return }
            try Self.requireEmpty(named)
            return
        }
        let place = "runs/\(Self.slug(plan))/\(Self.stamp(start))"
        for number in 1...Self.attempts {
            let folder = number == 1 ? place : "\(place)-\(number)"
            guard try Self.make(folder) else { continue }
            path = folder
            return
        }
        throw CommandFailure("\(place) is there already; name another folder with --out")
    }

    /// Throws where a run would take the place of something, or lie among it. What a run leaves that could not begin, since a
    /// secret was missing or a port taken, is nothing.
    private static func requireEmpty(_ path: String) throws {
        guard let names = entries(path) else {
            throw CommandFailure("cannot read \(path): \(String(cString: strerror(errno)))")
        }
        let isUnbegun =
            names.contains(originName) && names.allSatisfy { [originName, planName].contains($0) }
        guard !names.isEmpty, !isUnbegun else { return }
        let what = names.contains(runName) ? "a run" : "files"
        throw CommandFailure("\(path) holds \(what) already; name another folder with --out")
    }

    /// The folder of a stage, or of a step of its search, within this one; it is made when it is asked for.
    func place(of stage: Stage, step: Int? = nil) throws -> String {
        var place = "\(Self.stagesName)/\(stage.name)"
        if let step { place += step < 10 ? "/0\(step)" : "/\(step)" }
        try Self.make("\(path)/\(place)")
        return place
    }

    /// What was set over the plan stands in the origin as it was typed, so that it is for nobody but the owner.
    func write(_ bytes: [UInt8], to name: String) throws {
        try OutputFile.write(bytes, to: "\(path)/\(name)", isPrivate: name == Self.originName)
    }

    /// Reads the run in a folder.
    static func run(in folder: String) throws -> PlanRun {
        let path = "\(folder)/\(runName)"
        guard let text = TextFile.read(path, limit: runLimit) else {
            throw CommandFailure("\(path): \(String(cString: strerror(errno)))")
        }
        guard text.utf8.count < runLimit else {
            throw CommandFailure("\(path) is larger than \(runLimit >> 20) MiB, and no run of a plan")
        }
        do {
            return try PlanRun(json: Array(text.utf8))
        } catch {
            throw CommandFailure("\(path): \(error)")
        }
    }

    /// The last run of the same plan before `run`, among the folders beside its own.
    static func previous(to run: PlanRun, in folder: String) -> PlanRun? {
        previous(to: run.plan, before: run.start, beside: folder)
    }

    /// The last run of a plan that began before `start`, among the folders beside `folder`.
    static func previous(to plan: String, before start: Int64, beside folder: String) -> PlanRun? {
        let own = realpath(folder, nil)
        defer { free(own) }
        guard let own else { return nil }
        let place = String(cString: own)
        guard let slash = place.lastIndex(of: "/") else { return nil }
        let parent = String(place[..<slash])
        var found: PlanRun?
        for name in Self.entries(parent) ?? [] where "\(parent)/\(name)" != place {
            guard let other = try? Self.run(in: "\(parent)/\(name)"), other.plan == plan,
                other.start < start, other.start > found?.start ?? .min
            else { continue }
            found = other
        }
        return found
    }

    /// The names in a folder; `nil` where it cannot be read.
    private static func entries(_ folder: String) -> [String]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Makes a folder and those that it is in; answers whether it was not there before.
    @discardableResult
    private static func make(_ path: String) throws -> Bool {
        var made = ""
        var isNew = false
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            made += made.isEmpty && part.isEmpty ? "/" : (made.isEmpty || made == "/" ? "" : "/") + part
            guard !part.isEmpty else { continue }
            isNew = mkdir(made, 0o700) == 0
            guard isNew || errno == EEXIST else {
                throw CommandFailure("cannot make \(made): \(String(cString: strerror(errno)))")
            }
        }
        return isNew
    }

    /// Small letters, digits and dashes.
    static func slug(_ name: String) -> String {
        var slug = ""
        for character in name.lowercased() {
            if character.isASCII, character.isLetter || character.isNumber {
                slug.append(character)
            } else if slug.last != "-", !slug.isEmpty {
                slug.append("-")
            }
        }
        while slug.last == "-" { slug.removeLast() }
        return slug.isEmpty ? "plan" : slug
    }

    /// `20260102-030405`, in UTC.
    private static func stamp(_ time: Int64) -> String {
        let text = UTCTime(PacketTime(nanoseconds: time)).description.filter(\.isNumber)
        return "\(text.prefix(8))-\(text.dropFirst(8).prefix(6))"
    }
}
