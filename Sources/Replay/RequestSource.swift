package import Packets
package import Traces

/// Gives the messages of one or more traces, ordered by start.
///
/// Responses may stand among the requests; they serve only to learn what a request was answered with. A message is
/// loaded when it is asked for, so a trace larger than memory can be behind this.
package protocol RequestSource {
    /// Whether reading may take as long as whoever writes likes; then it happens on no thread of its own.
    var isPipe: Bool { get }
    /// The next message, or `nil` at the end.
    mutating func next() throws -> RecordedMessage?
    /// The next message, in the place of one that is done with; false at the end.
    ///
    /// The same as ``next()``, for sources of so many messages that moving each of them counts.
    mutating func next(exchanging message: inout RecordedMessage) throws -> Bool
    /// Starts over from the first message.
    ///
    /// A source that is a pipe throws: what needs a second pass (`--loop`, `--rate`, and finding out whether the
    /// target was recorded) is then not to be had.
    mutating func rewind() throws
    /// The addresses of the servers that were recorded, as far as they can be known before the first message is read;
    /// asked only where the target may be one of them.
    mutating func recordedServers() throws -> Set<IPAddress>
    /// The address of the client that the last message belongs to; `nil` where the trace does not say.
    var client: IPAddress? { get }
    /// How much there is of it where that is known without reading it.
    var size: SourceSize? { get }
    /// Takes memory of a message that is done with; it may serve for the next ones.
    mutating func reuse(_ bytes: consuming [UInt8])
}

extension RequestSource {
    package var client: IPAddress? { nil }
    package var isPipe: Bool { false }
    package var size: SourceSize? { nil }
    package mutating func recordedServers() throws -> Set<IPAddress> { [] }
    package mutating func reuse(_ bytes: consuming [UInt8]) {}

    package mutating func next(exchanging message: inout RecordedMessage) throws -> Bool {
        guard let next = try next() else { return false }
        message = next
        return true
    }
}

/// How much there is of a source, for one pass.
package struct SourceSize: Hashable, Sendable {
    package var requests: UInt64
    /// Bytes of all its messages and of what is told of them, at the least those of the requests.
    package var bytes: UInt64

    package init(requests: UInt64, bytes: UInt64) {
        self.requests = requests
        self.bytes = bytes
    }
}
