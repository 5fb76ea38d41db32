import Glibc
import Synchronization
import Traces

/// How many finished parts of a recording are kept, and how much disk they and the part at hand may take.
package struct Retention: Hashable, Sendable {
    package var files: Int?
    /// Bytes.
    package var size: UInt64?

    package init(files: Int? = nil, size: UInt64? = nil) {
        self.files = files
        self.size = size
    }
}

/// The finished parts that lie in the folder of a recording, the oldest first; removes what is past the limits.
///
/// Only regular files count whose name can have been made from the pattern and that begin as a trace does, those of
/// earlier runs included. What another process made under other names, and what is unfinished, is never touched.
final class FinishedParts: Sendable {
    private struct Part {
        var path: String
        var size: UInt64
    }

    private struct State {
        var parts: [Part] = []
        var total: UInt64 = 0
        var removed: UInt64 = 0
        var failure: TraceWriteError?
    }

    private let retention: Retention
    private let state: Mutex<State>

    init(_ pattern: TraceNamePattern, retention: Retention) {
        self.retention = retention
        var state = State()
        if retention != Retention() {
            state.parts = Self.existing(pattern)
            state.total = state.parts.reduce(0) { $0 + $1.size }
        }
        self.state = Mutex(state)
    }

    /// Parts removed so far.
    var removed: UInt64 { state.withLock { $0.removed } }

    /// Why a part could not be removed; said once.
    func takeFailure() -> TraceWriteError? { state.withLock { $0.failure.take() } }

    /// Takes note of what the writing thread has come to, and removes what is too much by now.
    func note(_ step: WritingStep) {
        state.withLock { state in
            switch step {
            case .wrote(let open): enforce(&state, open: open)
            case .published(let path, let size):
                state.parts.append(Part(path: path, size: size))
                state.total += size
                enforce(&state, open: 0)
            }
        }
    }

    /// O(parts removed).
    private func enforce(_ state: inout State, open: UInt64) {
        var excess = 0
        while excess < state.parts.count {
            let isTooMany = retention.files.map { state.parts.count - excess > $0 } ?? false
            let isTooLarge = retention.size.map { state.total + open > $0 } ?? false
            guard isTooMany || isTooLarge else { break }
            let part = state.parts[excess]
            // One that somebody else removed is as good as removed.
            if unlink(part.path) != 0, errno != ENOENT {
                state.failure = TraceWriteError(.remove(.last), path: part.path)
            } else {
                state.removed += 1
            }
            state.total -= min(state.total, part.size)
            excess += 1
        }
        state.parts.removeFirst(excess)
    }

    private static func existing(_ pattern: TraceNamePattern) -> [Part] {
        var found: [(part: Part, seconds: Int, nanoseconds: Int)] = []
        guard let folder = opendir(pattern.folder.isEmpty ? "." : pattern.folder) else { return [] }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            let path = pattern.folder + name
            var status = stat()
            guard pattern.matches(name), lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                beginsAsTrace(path)
            else { continue }
            let part = Part(path: path, size: UInt64(max(0, status.st_size)))
            found.append((part, status.st_mtim.tv_sec, status.st_mtim.tv_nsec))
        }
        return found.sorted {
            ($0.seconds, $0.nanoseconds, $0.part.path) < ($1.seconds, $1.nanoseconds, $1.part.path)
        }
        .map(\.part)
    }

    /// Whether a file has the fixed bytes of a trace's first member.
    private static func beginsAsTrace(_ path: String) -> Bool {
        guard let file = try? FileDescriptor(.reading, path) else { return false }
        var start = [UInt8](repeating: 0, count: 14)
        let count = start.withUnsafeMutableBytes { buffer in (try? file.read(into: buffer)) ?? 0 }
        return count == 14 && start.starts(with: MemberHeader.fixedBytes)
            && start[12...].elementsEqual("TD".utf8)
    }
}
