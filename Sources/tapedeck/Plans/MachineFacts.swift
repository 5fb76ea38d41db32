import Glibc
import LoadPlans
import Reports

/// What a reader of figures wants to know of the machine that they were measured on.
enum MachineFacts {
    static func notes() -> [LoadPlan.Note] {
        var notes = [LoadPlan.Note(name: "host", text: TraceIdentity.hostName())]
        let processors = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let model = field("model name", of: "/proc/cpuinfo").map { ", \($0)" } ?? ""
        notes.append(LoadPlan.Note(name: "processors", text: "\(processors)\(model)"))
        if let memory = field("MemTotal", of: "/proc/meminfo")?.split(separator: " ").first.flatMap({
            UInt64($0)
        }) {
            notes.append(LoadPlan.Note(name: "memory", text: Quantity.bytes(memory << 10)))
        }
        if let release = TextFile.read("/proc/sys/kernel/osrelease") {
            notes.append(LoadPlan.Note(name: "kernel", text: trimmed(Substring(release))))
        }
        if let load = TextFile.read("/proc/loadavg")?.split(separator: " ").first {
            notes.append(LoadPlan.Note(name: "load before", text: String(load)))
        }
        return notes
    }

    /// The first value under a name in a file of lines like `name : value`.
    private static func field(_ name: String, of path: String) -> String? {
        guard let text = TextFile.read(path) else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            return trimmed(line[line.index(after: colon)...])
        }
        return nil
    }

    private static func trimmed(_ text: Substring) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
