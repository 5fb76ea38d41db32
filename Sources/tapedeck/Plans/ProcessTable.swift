import Glibc
import LoadPlans

/// The processes of this machine, by name.
struct ProcessTable {
    private let names: [String]
    /// Nanoseconds between two looks.
    private let interval: UInt64
    /// Looks until sockets are looked at again.
    private var rest: UInt64 = 0

    /// Sockets that are told apart.
    private static let socketLimit = 1 << 17
    /// Bytes of a list of sockets; one takes 150.
    private static let listLimit = 32 << 20
    /// The share of one processor that looking at sockets may take: thousands of them take milliseconds.
    private static let socketShare: UInt64 = 100

    init(_ names: [String], interval: UInt64) {
        self.names = names
        self.interval = interval
    }

    /// What the processes of each name take together; a name without any is left out. Their sockets are told where there is
    /// `load`: without it they say little, and the next look at them would be far away.
    mutating func look(load: Bool) -> [String: ProcessSample] {
        guard !names.isEmpty, let directory = opendir("/proc") else { return [:] }
        defer { closedir(directory) }
        let page = UInt64(max(1, sysconf(Int32(_SC_PAGESIZE))))
        var found: [String: ProcessSample] = [:]
        var devices: [String: NetworkTraffic] = [:]
        var sockets = Sockets()
        let seesSockets = load && rest == 0
        rest -= min(rest, 1)
        while let entry = readdir(directory) {
            let id = Self.name(of: entry)
            guard id.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let name = name(of: id),
                var sample = TextFile.read("/proc/\(id)/stat").flatMap({
                    ProcessSample(stat: $0, pageBytes: page)
                })
            else { continue }
            if let io = TextFile.read("/proc/\(id)/io") { sample.take(io: io) }
            if let namespace = Self.link(AT_FDCWD, "/proc/\(id)/ns/net") {
                let traffic =
                    devices[namespace]
                    ?? TextFile.read("/proc/\(id)/net/dev").flatMap { NetworkTraffic(devices: $0) }
                devices[namespace] = traffic
                sample.traffic[namespace] = traffic
                sockets.namespaces[namespace] = id
            }
            sample.descriptors =
                seesSockets
                ? sockets.note("/proc/\(id)/fd", of: name, limit: Self.socketLimit)
                : Self.count("/proc/\(id)/fd")
            found[name, default: ProcessSample()].add(sample)
        }
        if seesSockets {
            for (name, sample) in sockets.samples(limit: Self.listLimit) { found[name]?.sockets = sample }
            rest = sockets.nanoseconds / max(1, interval / Self.socketShare)
        }
        return found
    }

    /// The name among those wanted that is the process's own, or that of its program; a number names a process.
    private func name(of id: String) -> String? {
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

    private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
    }

    /// Where a link leads, of which the names of /proc's are short.
    private static func link(_ folder: Int32, _ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 64)
        let count = readlinkat(folder, path, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The sockets that the processes of a look hold.
    private struct Sockets {
        /// A process of each network namespace.
        var namespaces: [String: String] = [:]
        /// Whose each socket is, by its inode.
        private var owners: [UInt64: Int] = [:]
        private var names: [String] = []
        /// The processor time that looking at them has taken: on a busy machine a look takes longer, and no more of it.
        private(set) var nanoseconds: UInt64 = 0

        /// Notes the sockets among the descriptors of a process; answers how many descriptors there are.
        mutating func note(_ folder: String, of name: String, limit: Int) -> UInt64 {
            guard let directory = opendir(folder) else { return 0 }
            let start = Clock.threadTime()
            defer {
                closedir(directory)
                nanoseconds += Clock.threadTime() - start
            }
            let owner = names.firstIndex(of: name) ?? names.endIndex
            if owner == names.endIndex { names.append(name) }
            var count: UInt64 = 0
            while let entry = readdir(directory) {
                count += 1
                guard owners.count < limit,
                    let inode = TCPTable.inode(
                        of: ProcessTable.link(dirfd(directory), ProcessTable.name(of: entry))
                    )
                else { continue }
                owners[inode] = owner
            }
            return count - min(count, 2)
        }

        /// What the sockets of each name hold.
        mutating func samples(limit: Int) -> [(String, SocketSample)] {
            let start = Clock.threadTime()
            defer { nanoseconds += Clock.threadTime() - start }
            var samples = [SocketSample](repeating: SocketSample(), count: names.count)
            guard !owners.isEmpty else { return Array(zip(names, samples)) }
            for id in namespaces.values {
                for list in ["tcp", "tcp6"] {
                    guard let text = TextFile.bytes("/proc/\(id)/net/\(list)", limit: limit) else { continue }
                    TCPTable.read(text.span) { row in
                        if let owner = owners[row.inode] { samples[owner].add(row) }
                    }
                }
            }
            return Array(zip(names, samples))
        }
    }
}
