package import Anonymization
import Bytes
package import Packets
package import Streams
import Traces

/// Turns packets into the records of a trace: packets in, in the order of capture; records out.
///
/// Every stage runs within ``receive(_:originalLength:link:at:)``, so when it returns, all that can be written has
/// been written, or handed over where ``hand(to:)`` says to whom. Nothing that an anonymizer would rewrite reaches the output before it has. Exchanges are numbered in
/// the order of their first byte, connections in that of their first message. A request without a response is known
/// by the trace: no response with its exchange number follows.
package struct RecordingPipeline<Output: RecordOutput & ~Copyable>: ~Copyable {
    package let options: RecordingOptions
    /// How often fragments may be found inside the payload of packets that came in fragments.
    private static var maximumNesting: Int { 4 }

    private let dissector: PacketDissector
    private var fragments: FragmentTable
    private var copies = PacketCopies()
    private var copiedBytes: UInt64 = 0
    private var reassembler: Reassembler
    private var recorder: StreamRecorder
    private let channel: OutputChannel<Output>
    private var packets = PacketLedger()
    /// The latest time of a packet, or of the clock where nothing came; what a snapshot of the ledger is of.
    package private(set) var latest = PacketTime.distantPast
    /// What was last handed over as the ledger.
    private var account = LedgerAccount()
    /// When it is next looked for messages that have been open for long.
    private var nextLook = PacketTime.distantPast
    private var receivedBytes: UInt64 = 0
    private var otherPortBytes: UInt64 = 0
    /// Says which connections are recorded; `nil` records all.
    package var sampling: ConnectionSampling?
    private var sampled = (bytes: UInt64(0), connections: UInt64(0))

    /// `anonymizer` is `nil` only where raw payloads may be kept.
    package init(
        options: RecordingOptions = RecordingOptions(),
        signatures: SignatureReader = SignatureReader(),
        anonymizer: consuming Anonymizer?,
        output: consuming Output
    ) {
        self.options = options
        dissector = PacketDissector(
            tunnels: options.tunnels,
            checksChecksums: options.checksChecksums
        )
        fragments = FragmentTable(limits: options.fragments)
        var reassembly = options.reassembly
        if !options.ports.isEmpty { reassembly.serverPorts = options.ports }
        reassembler = Reassembler(limits: reassembly)
        let scopes: ScopeFinder? =
            switch anonymizer {
            case .some(let anonymizer): ScopeFinder(anonymizer.tests)
            case .none: nil
            }
        channel = OutputChannel(output, signatures: signatures, anonymizer: anonymizer)
        let messages = MessageRecorder(options: options, scopes: scopes, output: channel)
        recorder = StreamRecorder(messages: messages)
    }

    /// Takes one packet; its bytes are borrowed for the call.
    ///
    /// `interface` is where it was captured, where the capture is of several: then copies of a packet that are seen
    /// on its way are left out.
    package mutating func receive(
        _ packet: Span<UInt8>,
        originalLength: Int,
        link: LinkType,
        interface: Int? = nil,
        at time: PacketTime
    ) {
        packets.delivered &+= 1
        latest = max(latest, time)
        switch dissector.dissect(packet, originalLength: originalLength, link: link) {
        case .ignored(let reason): packets.count(reason, 1)
        case .segment(let segment): follow(segment, of: packet, packets: 1, interface, at: time)
        case .fragment(let fragment): take(fragment, of: packet, interface, at: time)
        case .aggregate(var frames):
            packets.delivered &-= 1
            var count = 0
            while let frame = frames.next(of: packet) {
                count += 1
                let bytes = packet.extracting(frame.bounds)
                receive(bytes, originalLength: frame.count, link: .ethernet, interface: interface, at: time)
            }
            if count == 0 {
                packets.delivered &+= 1
                packets.count(.badLength, 1)
            }
        }
        if latest >= nextLook { deliverOpenMessages() }
    }

    /// Writes what can go of messages that have been open for long; O(open connections), once in an interval.
    private mutating func deliverOpenMessages() {
        nextLook = latest.advanced(by: options.limits.lookInterval)
        recorder.deliverOpenMessages(at: latest)
    }

    private mutating func take(
        _ fragment: IPFragment,
        of packet: Span<UInt8>,
        _ interface: Int?,
        at time: PacketTime
    ) {
        var fragment = fragment
        let part = packet.extracting(fragment.payload.bounds)
        if let interface {
            fragment.key.network = 0
            if copies.isCopy(fragment, part, on: interface) {
                packets.duplicate &+= 1
                return
            }
        }
        packets.fragment &+= 1
        guard let whole = fragments.receive(fragment, part, at: time) else { return }
        follow(whole, interface, at: time)
    }

    /// Takes the payload of a packet that came in fragments; what it turns out to be, they were.
    private mutating func follow(
        _ whole: ReassembledPayload,
        _ interface: Int?,
        depth: Int = 1,
        at time: PacketTime
    ) {
        switch dissector.dissect(whole) {
        case .ignored(let reason):
            packets.fragment &-= whole.packets
            packets.count(reason, whole.packets)
        case .segment(let segment):
            packets.fragment &-= whole.packets
            follow(segment, of: whole.bytes.span, packets: whole.packets, interface, at: time)
        // Inside a tunnel whose own packets came in fragments.
        case .fragment(let fragment):
            guard depth < Self.maximumNesting else { return }
            let part = whole.bytes.span.extracting(fragment.payload.bounds)
            if let next = fragments.receive(fragment, part, packets: whole.packets, at: time) {
                follow(next, interface, depth: depth + 1, at: time)
            }
        // Frames of the air stand in no IP packet.
        case .aggregate: break
        }
    }

    private mutating func follow(
        _ found: TCPSegment,
        of bytes: Span<UInt8>,
        packets count: UInt64,
        _ interface: Int?,
        at time: PacketTime
    ) {
        var segment = found
        let payload = bytes.extracting(segment.payload.bounds)
        receivedBytes &+= UInt64(payload.count)
        guard options.ports.isEmpty || options.ports.contains(segment) else {
            packets.otherPort &+= count
            otherPortBytes &+= UInt64(payload.count)
            return
        }
        if let interface {
            // A packet may be seen inside its tunnel and outside of it.
            segment.network = 0
            if copies.isCopy(segment, payload, on: interface) {
                packets.duplicate &+= count
                copiedBytes &+= UInt64(payload.count)
                return
            }
        }
        if leavesOut(segment, at: time) {
            packets.sampled &+= count
            sampled.bytes &+= UInt64(payload.count)
            return
        }
        packets.followed &+= count
        reassembler.receive(segment, payload: payload, packets: count, at: time, into: &recorder)
    }

    /// Whether sampling leaves out the connection of a segment; one that is followed already goes on.
    private mutating func leavesOut(_ segment: TCPSegment, at time: PacketTime) -> Bool {
        guard let isActive = sampling?.isActive, isActive else { return false }
        let flow = segment.flow.key
        let opens = segment.flags.contains(.syn)
        guard sampling?.keeps(flow, opens: opens, at: time) == false, !reassembler.knows(flow) else {
            return false
        }
        if opens, !segment.flags.contains(.acknowledgement) { sampled.connections &+= 1 }
        return true
    }

    /// Counts a packet that a filter expression left out before the pipeline.
    package mutating func countFiltered() {
        packets.delivered &+= 1
        packets.filtered &+= 1
    }

    /// Notes what the system says it lost before the recorder saw it; the numbers are totals.
    package mutating func noteDrops(kernel: UInt64, interface: UInt64) {
        packets.kernelDropped = kernel
        packets.interfaceDropped = interface
    }

    /// Notes what a capture file says besides its packets: what was lost before them, comments and names. To be
    /// called once, when the file was read.
    package mutating func note(_ notes: SavefileNotes) {
        packets.kernelDropped = notes.dropped.kernel
        packets.interfaceDropped = notes.dropped.interface
        packets.comments = UInt64(notes.comments.count)
        packets.names = UInt64(notes.names.count)
        packets.secrets = UInt64(notes.secrets.count)
        packets.notesLeftOut = notes.leftOut
        recorder.messages.write(notes)
    }

    /// Closes connections that have been idle too long, and writes what can go of open messages; for live captures in
    /// which nothing happens.
    package mutating func advance(to time: PacketTime) {
        latest = max(latest, time)
        reassembler.expire(before: time.advanced(by: -options.reassembly.idle), into: &recorder)
        if latest >= nextLook { deliverOpenMessages() }
    }

    /// Notes that a batch of packets is over, at a time of a clock that only goes forward, for the output to act on, and
    /// hands over what is there. O(1) for each packet, since the ledger of before is written until enough have come to make it
    /// anew, which is O(open connections).
    package mutating func mark(at now: UInt64) {
        let channel = channel
        guard channel.isCarried else {
            return channel.output.mark(at: now) {
                drawAccount(at: now)
                return LedgerRecord(time: account.time, counts: account.ledger.counts)
            }
        }
        drawAccount(at: now)
        channel.append(.mark(at: now, account.time, account.ledger))
        channel.flush()
    }

    private mutating func drawAccount(at now: UInt64) {
        let connections = reassembler.connectionCount
        guard account.isDue(at: now, packets: packets.delivered, connections: connections) else { return }
        account = LedgerAccount(ledger: ledger, time: latest, made: now, packets: packets.delivered)
    }

    /// Has everything from here on rewritten and written by `carrier`, which calls ``batchWriter`` for that.
    package func hand(to carrier: any BatchCarrier) { channel.hand(to: carrier) }

    /// What writes the batches that are handed over.
    package var batchWriter: any BatchWriter { channel }

    /// Waits until everything so far has been written.
    package func settle() { channel.settle() }

    /// Begins the next part of the recording: what is open is introduced again in it where something of it follows.
    package mutating func beginPart() {
        recorder.messages.part &+= 1
    }

    /// Ends every connection and every message: no more packets will come.
    package mutating func finish(at time: PacketTime) {
        reassembler.finish(at: time, into: &recorder)
    }
}

extension RecordingPipeline where Output: ~Copyable {
    /// Where the records go, when everything so far has been written.
    package var output: Output {
        _read {
            channel.settle()
            yield channel.output
        }
        _modify {
            channel.settle()
            yield &channel.output
        }
    }

    /// What was anonymized, where there is an anonymizer.
    package var audit: Audit? {
        channel.settle()
        return switch channel.writer.anonymizer {
        case .some(let anonymizer): anonymizer.audit
        case .none: nil
        }
    }

    /// What was anonymized by rule and kind, in the order of the rules.
    package var anonymizedByRule: [(rule: String, kind: String, count: UInt64)] {
        channel.settle()
        return switch channel.writer.anonymizer {
        case .some(let anonymizer): anonymizer.countsByRule
        case .none: []
        }
    }

    /// What would have been anonymized, where that was counted instead of done; most frequent first.
    package var anonymizerChanges:
        [(rule: String, action: String, kind: String, place: String, count: UInt64)]
    {
        channel.settle()
        return switch channel.writer.anonymizer {
        case .some(let anonymizer): anonymizer.changes
        case .none: []
        }
    }

    /// Packets taken so far, and the payload of their TCP segments.
    package var taken: (packets: UInt64, payloadBytes: UInt64) { (packets.delivered, receivedBytes) }

    /// What the reassembly of streams has counted.
    package var streams: StreamCounts { reassembler.counts }

    /// Where everything went so far; O(open connections).
    package var ledger: Ledger {
        var ledger = Ledger()
        ledger.packets = packets
        ledger.packets.seen = packets.delivered &+ packets.kernelDropped &+ packets.interfaceDropped
        ledger.bytes.received = receivedBytes
        ledger.bytes.otherPort = otherPortBytes
        ledger.bytes.duplicate = copiedBytes
        ledger.bytes.sampled = sampled.bytes
        ledger.connections.opened = sampled.connections
        ledger.connections.sampled = sampled.connections
        ledger.add(reassembler.counts)
        ledger.add(recorder.endpoints(reassembler))
        ledger.requests.begun = recorder.messages.begun.requests
        ledger.responses.begun = recorder.messages.begun.responses
        ledger.events.begun = recorder.messages.begunEvents
        return ledger
    }

    /// The same for each server on its own; O(open connections).
    package var endpointLedgers: EndpointLedgers {
        EndpointLedgers(
            recorder.endpoints(reassembler),
            total: ledger,
            strays: reassembler.counts,
            copiedBytes: copiedBytes,
            otherPortBytes: otherPortBytes
        )
    }

    /// Requests and responses in the trace; interim responses do not count.
    package var stored: (requests: UInt64, responses: UInt64, connections: UInt64) {
        let stored = recorder.messages.stored
        return (stored.requests, stored.responses, recorder.messages.connectionCount)
    }
}
