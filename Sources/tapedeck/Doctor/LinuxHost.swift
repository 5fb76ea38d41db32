import Capture
import Diagnosis
import Glibc

/// What Linux says about its interfaces and servers, without privileges.
enum LinuxHost {
    /// The facts that do not change while a diagnosis listens.
    static func facts(interface: String, ports: [UInt16]) -> HostFacts {
        var facts = HostFacts(interface: interface)
        facts.ports = ports
        let known = (try? CaptureInterface.list()) ?? []
        for one in known {
            let index = Int(if_nametoindex(one.name))
            guard index != 0 else { continue }
            facts.interfaces.append(one.name)
            facts.names[index] = one.name
        }
        if let own = known.first(where: { $0.name == interface }) {
            facts.isUp = own.isUp || interface == "any"
            facts.isLoopback = own.isLoopback
        } else {
            // Without permission nothing is listed, but the system knows the name.
            facts.exists = interface == "any" || if_nametoindex(interface) != 0
        }
        let index = Int(if_nametoindex(interface))
        facts.index = index == 0 ? nil : index
        facts.offloads = interface == "any" ? [] : Offloads.enabled(on: interface)
        facts.listening = Listeners.find(ports)
        facts.isInContainer = isInContainer()
        return facts
    }

    /// Whether this process is in another network namespace than the first one, as far as the system lets it see.
    private static func isInContainer() -> Bool {
        if let own = link("/proc/self/ns/net"), let first = link("/proc/1/ns/net") { return own != first }
        return access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0
    }

    private static func link(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count: Int = bytes.withUnsafeMutableBytes {
            guard let start = $0.baseAddress else { return -1 }
            return readlink(path, start.assumingMemoryBound(to: CChar.self), $0.count)
        }
        return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
    }
}

/// Which servers listen, as /proc/net/tcp tells it (proc(5)).
enum Listeners {
    static func find(_ ports: [UInt16]) -> HostFacts.Listening {
        guard !ports.isEmpty else { return .unknown }
        guard let tables = tables(), !tables.isEmpty else { return .unknown }
        var found = HostFacts.Listening.nobody
        for line in tables {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            // State 0A: listening.
            guard fields.count > 3, fields[3] == "0A" else { continue }
            let local = fields[1].split(separator: ":")
            guard local.count == 2, let port = UInt16(local[1], radix: 16), ports.contains(port) else {
                continue
            }
            if !isLoopback(local[0]) { return .elsewhere }
            found = .onLoopbackOnly
        }
        return found
    }

    /// Whether the address, in words of the host's order, is one of the loopback interface.
    static func isLoopback(_ address: Substring) -> Bool {
        if address.count == 8 { return address.hasSuffix("7F") }
        // ::1, and 127/8 as version 6 writes it.
        return address == "00000000000000000000000001000000"
            || (address.hasPrefix("0000000000000000FFFF0000") && address.hasSuffix("7F"))
    }

    /// The lines of both tables; `nil` where they cannot be read.
    private static func tables() -> [Substring]? {
        var lines: [Substring] = []
        var isRead = false
        for path in ["/proc/net/tcp", "/proc/net/tcp6"] {
            guard let text = TextFile.read(path) else { continue }
            isRead = true
            lines += text.split(separator: "\n").dropFirst()
        }
        return isRead ? lines : nil
    }
}

/// What the driver of an interface does to packets before and after the kernel sees them.
enum Offloads {
    /// Commands of ethtool that read one switch each.
    private static let switches: [(name: String, command: UInt32, bit: UInt32)] = [
        ("gro", 0x2B, 1), ("gso", 0x23, 1), ("tso", 0x1E, 1), ("lro", 0x25, 1 << 15),
    ]

    private static let ethtoolRequest: UInt = 0x8946

    private struct Value {
        var command: UInt32
        var data: UInt32 = 0
    }

    static func enabled(on interface: String) -> [String] {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return switches.compactMap { entry in
            (ask(entry.command, interface, descriptor) ?? 0) & entry.bit != 0 ? entry.name : nil
        }
    }

    private static func ask(_ command: UInt32, _ interface: String, _ descriptor: Int32) -> UInt32? {
        guard interface.utf8.count < Int(IFNAMSIZ) else { return nil }
        var value = Value(command: command)
        let result = withUnsafeMutablePointer(to: &value) { pointer -> Int32 in
            // The name of the interface, then a pointer to the question.
            withUnsafeTemporaryAllocation(byteCount: MemoryLayout<ifreq>.size, alignment: 16) { request in
                request.initializeMemory(as: UInt8.self, repeating: 0)
                for (place, byte) in interface.utf8.enumerated() { request[place] = byte }
                request.storeBytes(
                    of: UnsafeMutableRawPointer(pointer),
                    toByteOffset: Int(IFNAMSIZ),
                    as: UnsafeMutableRawPointer.self
                )
                guard let start = request.baseAddress else { return -1 }
                return ioctl(descriptor, ethtoolRequest, start)
            }
        }
        return result == 0 ? value.data : nil
    }
}

/// Small files of the kernel, whose size is not known before they are read.
enum TextFile {
    static let limit = 4 << 20

    /// The text, cut at a limit that no such file reaches; `nil` where it cannot be read.
    static func read(_ path: String, limit: Int = Self.limit) -> String? {
        bytes(path, limit: limit).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The same as it is.
    static func bytes(_ path: String, limit: Int = Self.limit) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count < limit {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
