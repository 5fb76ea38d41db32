/// A part of Tapedeck that reads bytes of strangers, and what must hold whatever they are.
///
/// ``run(_:)`` traps where a property is broken, so that the fuzzer keeps the input. Any bytes are an input; the seeds
/// that `FuzzTesting/seeds` writes show the forms that lead far.
public enum FuzzTarget: String, CaseIterable, Sendable {
    /// Capture files, and packets of every link layer.
    case packets
    /// TCP segments.
    case streams
    /// Both directions of an HTTP/1 connection.
    case http1
    /// Both directions of an HTTP/2 connection.
    case http2
    /// Both directions of a WebSocket connection.
    case websocket
    /// Records, members, headers and indices of trace files.
    case traces
    /// Bodies and heads under the detectors and some rules.
    case anonymizing
    /// A capture file through everything up to the records of a trace.
    case recording
    /// Requests under every signature scheme.
    case signatures
    /// Pages of metrics.
    case metrics
    /// What a target tells of its runs.
    case runs

    /// Reads the input and traps where a property does not hold.
    public func run(_ input: Span<UInt8>) {
        switch self {
        case .packets: PacketsFuzz.run(input)
        case .streams: StreamsFuzz.run(input)
        case .http1: ConversationFuzz.run(input, isHTTP2: false)
        case .http2: ConversationFuzz.run(input, isHTTP2: true)
        case .websocket: WebSocketFuzz.run(input)
        case .traces: TracesFuzz.run(input)
        case .anonymizing: AnonymizingFuzz.run(input)
        case .recording: RecordingFuzz.run(input)
        case .signatures: SignaturesFuzz.run(input)
        case .metrics: MetricsFuzz.run(input)
        case .runs: RunsFuzz.run(input)
        }
    }
}
