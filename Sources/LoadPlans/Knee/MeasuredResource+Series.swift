extension MeasuredResource {
    /// The names of the series that tell of it.
    package var series: [String] {
        var names = waits.map { wait in
            switch wait {
            case .waiting(let name), .secondsPerSecond(let name), .mean(let name): name
            }
        }
        if let use { names.append(use) }
        if case .series(let name) = limit { names.append(name) }
        return names
    }
}
