/// What a path names.
enum Route: Equatable {
    /// What a tenant's readers may ask for.
    enum Reading: Equatable {
        case runs
        case run(String)
        case log(String)
        case stream(String)
    }

    case health
    case metrics
    case hook(String)
    case reading(Reading)

    /// Reads a path without its query; `nil` if nothing is there.
    init?(path: Substring) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1, parts[0].isEmpty else { return nil }
        switch (parts.count, parts[1], parts.count > 2 ? parts[2] : "") {
        case (2, "health", _): self = .health
        case (3, "api", "metrics"): self = .metrics
        case (3, "api", "runs"): self = .reading(.runs)
        case (4, "api", "hooks"): self = .hook(parts[3])
        case (4, "api", "runs"): self = .reading(.run(parts[3]))
        case (5, "api", "runs") where parts[4] == "logs": self = .reading(.log(parts[3]))
        case (6, "api", "runs") where parts[4] == "logs" && parts[5] == "stream":
            self = .reading(.stream(parts[3]))
        default: return nil
        }
    }

    /// The methods it takes; a HEAD is answered as a GET whose body stays away.
    var methods: [String] {
        switch self {
        case .hook: ["POST"]
        case .reading(.stream): ["GET"]
        case .health, .metrics, .reading: ["GET", "HEAD"]
        }
    }
}
