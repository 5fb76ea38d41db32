/// Requests that are done with, whose memory serves for the next ones.
///
/// Of long bodies fewer are kept: a replay's memory is bounded whatever the trace holds.
package struct SpareRequests: Sendable {
    /// As many as are under way between the thread that reads ahead and the end of their answers, unless many are in flight.
    package static let limit = 1_024
    /// Bytes of memory kept in all, and of one request.
    package static let memoryLimit = 2 << 20
    static let requestLimit = 32 << 10

    private var requests: [PreparedRequest] = []
    private var held = 0

    package init() {}

    /// Keeps a request whose memory is worth it.
    package mutating func give(_ request: consuming PreparedRequest) {
        let memory = request.memory
        guard memory <= Self.requestLimit, held + memory <= Self.memoryLimit, requests.count < Self.limit
        else { return }
        held += memory
        requests.append(request)
    }

    package mutating func take() -> PreparedRequest? {
        guard let request = requests.popLast() else { return nil }
        held -= request.memory
        return request
    }
}
