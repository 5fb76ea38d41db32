import Foundation

/// What this process, and so what it starts, may do.
enum Privileges {
    /// CAP_NET_RAW: capture packets.
    static let mayCapture = has(13)
    /// Mount a file system that only the process and its children see; containers often forbid that even to root.
    static let mayMount = has(21) && succeeds("mount -t tmpfs -o size=64k tmpfs /tmp")

    /// Whether a script succeeds in a mount namespace of its own.
    private static func succeeds(_ script: String) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        process.arguments = ["--mount", "/bin/sh", "-c", script]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Whether bit `capability` of capabilities(7) is in the effective set.
    private static func has(_ capability: Int) -> Bool {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let bits = line?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? 0
        return geteuid() == 0 && bits >> capability & 1 == 1
    }
}
