extension NoisyService {
    /// A recording of `count` requests to it; answers its path.
    func record(_ count: Int, connections: Int = 1, in scratch: Scratch) throws -> String {
        let requests = (0..<count).map(Self.request)
        return try scratch.record(requests, connections: connections, named: "noisy") { answer($0) }
    }
}
