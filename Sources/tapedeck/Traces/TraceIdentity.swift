import Glibc
import Traces

/// What tells one trace from another: a random id, and the name of the machine it was made on.
enum TraceIdentity {
    static func new() -> TraceID {
        var generator = SystemRandomNumberGenerator()
        return TraceID(randomHigh: generator.next(), low: generator.next())
    }

    static func hostName() -> String {
        var name = [CChar](repeating: 0, count: Int(HOST_NAME_MAX) + 1)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return name.withUnsafeBufferPointer { buffer in
            buffer.baseAddress.map { String(cString: $0) } ?? "unknown"
        }
    }
}
