import CPcap
import Glibc

/// Memory images of this process, which would hold payloads as they were captured.
package enum CoreDumps {
    /// Lets the kernel write none from here on, and no other process of the user look into this one.
    package static func forbid() {
        _ = tapedeck_forbid_dumps()
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    }
}
