import Glibc
import LoadPlans

/// The processes of this machine, by name.
enum ProcessTable {
    /// What the processes of each name take together; a name without any is left out.
    static func look(at names: [String]) -> [String: ProcessSample] {
        guard !names.isEmpty, let directory = opendir("/proc") else { return [:] }
        defer { closedir(directory) }
        let page = UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
        var found: [String: ProcessSample] = [:]
        while let entry = readdir(directory) {
            let id = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard id.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let name = name(of: id, among: names),
                var sample = TextFile.read("/proc/\(id)/stat").flatMap({
                    ProcessSample(stat: $0, pageBytes: page)
                })
            else { continue }
            if let io = TextFile.read("/proc/\(id)/io") { sample.take(io: io) }
            sample.descriptors = count("/proc/\(id)/fd")
            found[name, default: ProcessSample()].add(sample)
        }
        return found
    }

    /// The name among those wanted that is the process's own, or that of its program; a number names a process.
    private static func name(of id: String, among names: [String]) -> String? {
        if names.contains(id) { return id }
        guard let own = TextFile.read("/proc/\(id)/comm")?.split(separator: "\n").first.map(String.init)
        else {
            return nil
        }
        if names.contains(own) { return own }
        guard let line = TextFile.read("/proc/\(id)/cmdline"),
            let program = line.split(separator: "\0").first?.split(separator: "/").last
        else { return nil }
        // What the kernel calls a process is cut after 15 bytes; some write a title behind their name.
        let first = program.prefix { $0 != ":" && $0 != " " }
        return names.first { $0 == program || $0 == first }
    }

    private static func count(_ folder: String) -> UInt64 {
        guard let directory = opendir(folder) else { return 0 }
        defer { closedir(directory) }
        var count: UInt64 = 0
        while readdir(directory) != nil { count += 1 }
        return count - min(count, 2)
    }
}
