import Glibc

/// How many descriptors the process may hold, and how many of them connections may take.
package enum DescriptorLimit {
    /// Left for files, epoll and the timers.
    static let reserve = 100

    /// Throws where fewer connections fit than requests are to be in flight; each takes one.
    static func check(_ needed: Int, among connections: Int) throws {
        guard needed > connections else { return }
        throw TransportError(
            .descriptors,
            "\(needed) requests in flight need \(needed + reserve) descriptors, and this process may have"
                + " \(connections + reserve); raise the hard limit (ulimit -Hn, LimitNOFILE=), or ask for fewer with"
                + " --max-in-flight"
        )
    }

    /// Raises the soft limit to the hard one and answers how many connections fit.
    @discardableResult
    package static func raise() -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return 1_024 - reserve }
        if limit.rlim_cur < limit.rlim_max {
            let before = limit.rlim_cur
            limit.rlim_cur = limit.rlim_max
            if setrlimit(resource, &limit) != 0 { limit.rlim_cur = before }
        }
        return max(1, Int(clamping: limit.rlim_cur) - reserve)
    }
}
