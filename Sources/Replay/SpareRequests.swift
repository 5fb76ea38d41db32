/// Requests that are done with, whose memory serves for the next ones.
struct SpareRequests: Sendable {
    /// As many as are under way between the thread that reads ahead and the end of their answers, unless many are in flight.
    static let limit = 1_024

    private var requests: [PreparedRequest] = []

    /// Keeps a request whose memory is worth it: no more than ``PreparedRequest/roomLimit``.
    mutating func give(_ request: consuming PreparedRequest) {
        if requests.count < Self.limit, request.room <= PreparedRequest.roomLimit { requests.append(request) }
    }

    mutating func take() -> PreparedRequest? { requests.popLast() }
}
