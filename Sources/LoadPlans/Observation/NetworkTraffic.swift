/// What the network devices of one namespace have carried, in bytes, as /proc/PID/net/dev counts it.
///
/// The kernel counts bytes by device, and not by process: these are those of every process in the namespace.
package struct NetworkTraffic: Hashable, Sendable {
    /// Over the loopback device, where what is sent is what is received.
    package var loopback: UInt64 = 0
    /// Over all others. What passes two of them, such as a bridge, is counted on both.
    package var received: UInt64 = 0
    package var sent: UInt64 = 0

    /// Devices read of one namespace.
    package static let limit = 4_096

    /// Reads /proc/PID/net/dev: two lines of heading, then a device in each (proc_pid_net(5)). `nil` where there is none.
    package init?(devices text: String) {
        var count = 0
        for line in text.split(separator: "\n").prefix(Self.limit) {
            // Old kernels leave no blank behind the colon.
            guard let colon = line.firstIndex(of: ":") else { continue }
            let fields = line[line.index(after: colon)...].split(separator: " ")
            guard fields.count >= 16, let received = UInt64(fields[0]), let sent = UInt64(fields[8]) else {
                continue
            }
            count += 1
            if line[..<colon].drop(while: { $0 == " " }) == "lo" {
                loopback &+= sent
            } else {
                self.received &+= received
                self.sent &+= sent
            }
        }
        guard count > 0 else { return nil }
    }

    package init(loopback: UInt64, received: UInt64, sent: UInt64) {
        self.loopback = loopback
        self.received = received
        self.sent = sent
    }
}
