import Glibc

/// What a service manager is told by the protocol of sd_notify(3): datagrams of `NAME=value` lines to the socket that
/// it names in the environment. Nothing happens where there is none.
///
/// The variables are taken out of the environment, so that no program that is started from here speaks for this one.
final class ServiceNotification: Sendable {
    private let descriptor: Int32
    /// Half of the time within which the manager wants to hear from the process, in nanoseconds; `nil` where it does not.
    let watchdogInterval: UInt64?

    init() {
        descriptor = Self.variable("NOTIFY_SOCKET").flatMap { Self.connect($0) } ?? -1
        let process = Self.variable("WATCHDOG_PID").map { Int32($0) == getpid() } ?? true
        let microseconds = Self.variable("WATCHDOG_USEC").flatMap { UInt64($0) }
        watchdogInterval = process ? microseconds.map { min($0, 3_600_000_000) * 500 } : nil
        for name in ["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"] { unsetenv(name) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    func ready(_ status: String) { send("READY=1\nSTATUS=\(status)") }

    func status(_ text: String) { send("STATUS=\(text)") }

    func watchdog() { send("WATCHDOG=1") }

    func stopping() { send("STOPPING=1") }

    private func send(_ text: String) {
        guard descriptor >= 0 else { return }
        let bytes = Array(text.utf8)
        // A manager that does not listen is none of the recording's business.
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    /// A datagram socket connected to a path, or to an abstract name that begins with `@`.
    private static func connect(_ name: String) -> Int32? {
        var bytes = Array(name.utf8)
        var address = sockaddr_un()
        guard let first = bytes.first, bytes.count < MemoryLayout.size(ofValue: address.sun_path),
            first == UInt8(ascii: "/") || first == UInt8(ascii: "@")
        else { return nil }
        if first == UInt8(ascii: "@") { bytes[0] = 0 }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, length) == 0
            }
        }
        guard isConnected else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
