/// What /proc says of one process, or of several of a name together.
package struct ProcessSample: Hashable, Sendable {
    /// Ticks of processor time, of which there are ``ticksPerSecond`` in a second.
    package var ticks: UInt64 = 0
    package var residentBytes: UInt64 = 0
    package var threads: UInt64 = 0
    package var descriptors: UInt64 = 0
    package var readBytes: UInt64 = 0
    package var writtenBytes: UInt64 = 0
    package var processes: UInt64 = 0
    /// What the devices of the network namespaces that they are in have carried, by namespace.
    package var traffic: [String: NetworkTraffic] = [:]
    /// What their own TCP sockets hold; `nil` where nobody looked.
    package var sockets: SocketSample?

    package static let ticksPerSecond: UInt64 = 100

    package init() {}

    package mutating func add(_ other: ProcessSample) {
        ticks &+= other.ticks
        residentBytes &+= other.residentBytes
        threads &+= other.threads
        descriptors &+= other.descriptors
        readBytes &+= other.readBytes
        writtenBytes &+= other.writtenBytes
        processes &+= other.processes
        // Processes of one namespace share its devices.
        traffic.merge(other.traffic) { _, last in last }
    }

    /// Reads /proc/PID/stat (proc(5)); the name of the process stands in brackets and may hold any of them. `pageBytes` is
    /// the size of a page.
    package init?(stat text: String, pageBytes: UInt64) {
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        // The field after the name is the third.
        guard fields.count >= 22, let user = UInt64(fields[11]), let system = UInt64(fields[12]),
            let threads = UInt64(fields[17]), let pages = UInt64(fields[21])
        else { return nil }
        ticks = user &+ system
        self.threads = threads
        residentBytes = pages &* pageBytes
        processes = 1
    }

    /// Adds what /proc/PID/io says, which only the owner of the process may read.
    package mutating func take(io text: String) {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":")
            guard parts.count == 2, let value = UInt64(parts[1].drop { $0 == " " }) else { continue }
            switch parts[0] {
            case "read_bytes": readBytes = value
            case "write_bytes": writtenBytes = value
            default: continue
            }
        }
    }

    /// The samples of a look at the processes called `name`, and of the time since the look before.
    package func samples(named name: String, since before: ProcessSample?, seconds: Double) -> [MetricSample]
    {
        func metric(_ what: String, _ value: Double) -> MetricSample {
            MetricSample(name: "process_\(what){process=\"\(name)\"}", value: value)
        }
        var samples = [
            metric("resident_bytes", Double(residentBytes)), metric("threads", Double(threads)),
            metric("open_fds", Double(descriptors)), metric("count", Double(processes)),
        ]
        if let sockets {
            samples += [
                metric("tcp_connections", Double(sockets.connections)),
                metric("tcp_unaccepted", Double(sockets.unaccepted)),
                metric("tcp_unread_bytes", Double(sockets.unread)),
                metric("tcp_unacknowledged_bytes", Double(sockets.unacknowledged)),
            ]
        }
        guard let before, seconds > 0 else { return samples }
        func rate(_ now: UInt64, _ then: UInt64) -> Double { now >= then ? Double(now - then) / seconds : 0 }
        samples.append(metric("cpu_share", rate(ticks, before.ticks) / Double(Self.ticksPerSecond)))
        samples.append(metric("read_bytes_per_second", rate(readBytes, before.readBytes)))
        samples.append(metric("written_bytes_per_second", rate(writtenBytes, before.writtenBytes)))
        let pairs = traffic.compactMap { namespace, now in before.traffic[namespace].map { (now, $0) } }
        guard !pairs.isEmpty else { return samples }
        func carried(_ bytes: (NetworkTraffic) -> UInt64) -> Double {
            pairs.reduce(0) { $0 + rate(bytes($1.0), bytes($1.1)) }
        }
        samples += [
            metric("namespace_loopback_bytes_per_second", carried(\.loopback)),
            metric("namespace_received_bytes_per_second", carried(\.received)),
            metric("namespace_sent_bytes_per_second", carried(\.sent)),
        ]
        return samples
    }
}

/// What /proc/stat says of the machine's processors.
package struct MachineSample: Hashable, Sendable {
    package var busyTicks: UInt64
    package var allTicks: UInt64

    /// Reads the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal (proc(5)).
    package init?(stat text: String) {
        guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
        let fields = line.split(separator: " ").dropFirst().prefix(8).compactMap { UInt64($0) }
        guard fields.count == 8 else { return nil }
        allTicks = fields.reduce(0, &+)
        busyTicks = allTicks &- fields[3] &- fields[4]
    }

    /// The share of all processors that was busy since the look before, from 0 to 1.
    package func busyShare(since before: MachineSample) -> Double? {
        guard allTicks > before.allTicks, busyTicks >= before.busyTicks else { return nil }
        return Double(busyTicks - before.busyTicks) / Double(allTicks - before.allTicks)
    }
}
