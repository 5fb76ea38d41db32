extension WebSocketSession {
    /// How the request counts whose session is over.
    package var outcome: Outcome {
        switch end {
        case .target, .client, .cutShort: .responded(status: 101)
        case .silent, .overdue: .failed(.timeout)
        case .broken, nil: .failed(.protocolError)
        }
    }
}
