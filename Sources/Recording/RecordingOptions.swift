package import Messages
package import Packets
package import Streams

/// What is recorded of the packets, and within which bounds.
package struct RecordingOptions: Sendable {
    package var fragments = FragmentLimits()
    package var reassembly = ReassemblyLimits.standard
    package var http = HTTPLimits.default
    /// Only connections to servers with one of these ports are recorded; empty means every port on which HTTP is
    /// recognised.
    package var ports = PortSet([])
    /// Tunnels to look into besides those on their well-known ports.
    package var tunnels: [Tunnel] = []
    /// Leaves out packets with a wrong checksum of IPv4 or TCP.
    package var checksChecksums = false
    /// Takes requests that a replay sent too, with their responses.
    package var includesReplays = false
    /// Takes only the exchanges that it selects.
    package var filter = RequestFilter.all
    /// Index into the `sources` of the trace's header.
    package var source: UInt16 = 0
    package var limits = RecordingLimits()

    package init() {}
}

/// How much a recording holds in memory of what is not written yet.
package struct RecordingLimits: Hashable, Sendable {
    /// Bytes of messages under way, and of connections not yet recognised, in all; past it bodies are cut off and
    /// flagged `truncated`.
    package var openBytes = 256 << 20
    /// Bytes of one direction that are held until it is clear whether they are HTTP; past it they are not.
    package var sniffedBytes = 262_144
    /// Bytes of a connection joined in the middle that are searched for a message; past it it is not HTTP.
    package var searchedBytes: UInt64 = 1 << 20
    /// Bytes of a server-sent event held until it is whole; a longer one is masked where there is an anonymizer.
    /// The same goes for a line of JSON and a message of gRPC in a body that is written as it comes.
    package var eventBytes = 262_144
    /// Nanoseconds of packet time after which a message that is not over goes out as far as it can.
    package var openAge: Int64 = 1_000_000_000
    /// Nanoseconds of packet time after which a body is masked that an anonymizer could only judge whole.
    package var heldAge: Int64 = 60_000_000_000
    /// Nanoseconds of packet time from one look at the messages that are not over to the next.
    package var lookInterval: Int64 = 1_000_000_000

    /// Bytes of requests that are over and wait for the status by which they are selected, in all; past it an exchange is
    /// recorded whatever its status will be.
    package var undecidedBytes = 64 << 20

    /// Servers with a ledger of their own; those past it have one in common. Servers of which nothing was HTTP take
    /// no more than half of the places.
    package var endpoints = 1_024
    /// Notes on one connection that the trace holds; the rest is counted in its summary.
    package var notes = 64
    /// Summaries of connections without a message that are written for each second of packet time; the rest is counted.
    package var summaries = 100

    package init() {}
}
