import Glibc
import Packets
import Reports

/// The folder of a run under way: `.tapedeck/runs/TIME-NAME` in the working folder, for this user alone.
struct RunFolder {
    /// The name of the folder.
    let name: String
    let path: String
    private let start: Int64

    /// Longer names are refused; folders have names of 255 bytes at most.
    private static let longestName = 100

    /// Makes the folder of a run that begins now; `label` is what the user calls it.
    init(_ label: String) throws {
        try Self.require(label)
        start = Clock.wall()
        try RunCatalog.make()
        // 2026-11-27T09:16:44.123456Z without its marks sorts as times do.
        let time = UTCTime(PacketTime(nanoseconds: start)).description.prefix(19).filter {
            $0 != "-" && $0 != ":"
        }
        var candidate = "\(time)Z-\(label)"
        var number = 1
        while mkdir("\(RunCatalog.runs)/\(candidate)", 0o700) != 0 {
            guard errno == EEXIST, number < 1_000 else {
                throw RunCatalog.failure("\(RunCatalog.runs)/\(candidate)")
            }
            number += 1
            candidate = "\(time)Z-\(label)-\(number)"
        }
        name = candidate
        path = "\(RunCatalog.runs)/\(candidate)"
    }

    /// Throws for what cannot be part of a folder's name: anything but letters, digits, `.`, `_` and `-`, no dot first.
    static func require(_ label: String) throws {
        let isSafe = label.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard isSafe, label.utf8.first.map({ $0 != 0x2E && $0 != 0x2D }) == true,
            label.utf8.count <= longestName
        else {
            throw CommandFailure(
                "--run: a run is called by letters, digits, '.', '_' and '-', at most \(longestName), and begins with a "
                    + "letter or a digit"
            )
        }
    }

    /// What a run of `trace` is called where nobody says.
    static func label(of trace: String) -> String {
        var base = trace.split(separator: "/").last.map(String.init) ?? "run"
        for suffix in [".trace.gz", ".gz"] where base.hasSuffix(suffix) {
            base = String(base.dropLast(suffix.count))
        }
        let safe = base.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                ? Character(scalar) : "-"
        }
        let label = String(String(safe).drop { $0 == "-" }.prefix(60))
        return label.isEmpty ? "run" : label
    }

    /// Where a file of the run lies.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ bytes: [UInt8], _ name: String) throws {
        try OutputFile.write(bytes, to: file(name))
    }

    /// Keeps another name of a file that was written elsewhere, where the file system has such.
    func link(_ path: String, _ name: String) {
        if path != "-" { _ = Glibc.link(path, file(name)) }
    }

    /// Removes the folder where nothing came to lie in it.
    func leave() { rmdir(path) }

    /// Says how the run ended; without this it counts as unfinished.
    func finish(
        command: String,
        traces: [String],
        target: String?,
        outcome: String,
        requests: UInt64,
        failed: UInt64
    ) throws {
        let record = RunRecord(
            name: name,
            command: command,
            arguments: CommandLine.arguments,
            traces: traces,
            target: target,
            start: start,
            end: Clock.wall(),
            outcome: outcome,
            requests: requests,
            failed: failed
        )
        try OutputFile.replace(record.json(), at: file(RunCatalog.recordName))
    }
}
