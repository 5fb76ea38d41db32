import Foundation

/// What this process, and so what it starts, may do.
enum Privileges {
    /// CAP_NET_RAW: capture packets.
    static let mayCapture = has(13)
    /// CAP_SYS_ADMIN: mount.
    static let mayMount = has(21)

    /// Whether bit `capability` of capabilities(7) is in the effective set.
    private static func has(_ capability: Int) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let bits = line?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? 0
        return geteuid() == 0 && bits >> capability & 1 == 1
    }
}
