import Bytes
import Packets

/// A capture file gives the same packets in any cut; every dissection stays within its packet.
enum PacketsFuzz {
    /// Files that begin otherwise are taken for a packet: its link type, then its bytes.
    static func run(_ input: Span<UInt8>) {
        let whole = read(input, window: input.count)
        let cut = read(input, window: 1 + input.count / 7)
        precondition(whole == cut, "the packets depend on the cut of the file")
        guard whole.packets.isEmpty, input.count >= 2 else { return }
        let link = LinkType(rawValue: UInt32(input[0]) | UInt32(input[1] & 0x01) << 8)
        var fragments = FragmentTable()
        dissect(
            input.extracting(2...),
            original: input.count,
            link: link,
            at: PacketTime(nanoseconds: 0),
            &fragments
        )
    }

    private struct Reading: Equatable {
        var packets: [Packet] = []
        var verdict: SavefileVerdict?
        var consumed: UInt64 = 0
    }

    private struct Packet: Equatable {
        var time: PacketTime
        var link: LinkType
        var interface: Int
        var originalLength: Int
        var bytes: [UInt8]
    }

    private static func read(_ file: Span<UInt8>, window: Int) -> Reading {
        var reading = Reading()
        var fragments = FragmentTable()
        var reader = SavefileReader()
        var start = 0
        var end = min(file.count, window)
        while true {
            var cursor = 0
            let view = file.extracting(start..<end)
            let step = reader.next(in: view, from: &cursor, isLast: end == file.count)
            switch step {
            case .packet(let packet):
                let bytes = view.extracting(packet.bytes.bounds)
                dissect(
                    bytes,
                    original: packet.originalLength,
                    link: packet.link,
                    at: packet.time,
                    &fragments
                )
                reading.packets.append(
                    Packet(
                        time: packet.time,
                        link: packet.link,
                        interface: packet.interface,
                        originalLength: packet.originalLength,
                        bytes: Array(bytes)
                    )
                )
            case .needsBytes(let count):
                precondition(count > view.count - cursor, "the reader asks for bytes that it has")
                end = min(file.count, max(start + cursor + count, end))
            case .end(let verdict):
                reading.verdict = verdict
                reading.consumed = reader.offset
                return reading
            }
            start += cursor
        }
    }

    private static func dissect(
        _ packet: Span<UInt8>,
        original: Int,
        link: LinkType,
        at time: PacketTime,
        _ fragments: inout FragmentTable
    ) {
        switch PacketDissector().dissect(packet, originalLength: original, link: link) {
        case .ignored: break
        case .aggregate(var frames):
            while let frame = frames.next(of: packet) {
                precondition(frame.end <= packet.count, "beyond the packet")
            }
        case .segment(let segment):
            precondition(segment.payload.end <= packet.count && segment.uncaptured >= 0, "beyond the packet")
        case .fragment(let fragment):
            precondition(
                fragment.payload.end <= packet.count && fragment.uncaptured >= 0,
                "beyond the packet"
            )
            let part = packet.extracting(fragment.payload.bounds)
            guard let whole = fragments.receive(fragment, part, at: time) else { return }
            if case .segment(let segment) = PacketDissector().dissect(whole) {
                precondition(segment.payload.end <= whole.bytes.count, "beyond the packet put together")
            }
        }
    }
}
