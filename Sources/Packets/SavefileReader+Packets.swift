import Bytes

// Blocks of a pcapng file that are held whole; `body` lies between the two lengths of the block.
extension SavefileReader {
    mutating func interfaceDescription(
        _ order: ByteOrder,
        _ window: Span<UInt8>,
        _ body: Range<Int>
    ) -> Advance {
        guard interfaces.count < limits.interfaces else { return damaged(.tooManyInterfaces) }
        var resolution: UInt8 = 6
        var seconds: Int64 = 0
        var cursor = body.lowerBound + 8
        while cursor + 4 <= body.upperBound {
            let code = order.load(UInt16.self, window, at: cursor)
            let length = Int(order.load(UInt16.self, window, at: cursor + 2))
            let value = cursor + 4
            guard code != 0 else { break }
            guard value + length <= body.upperBound else { return damaged(.optionsBeyondBlock) }
            if code == InterfaceOption.timeResolution, length == 1 { resolution = window[value] }
            if code == InterfaceOption.timeOffset, length == 8 {
                seconds = order.load(Int64.self, window, at: value)
            }
            cursor = value + (length + 3) & ~3
        }
        let interface = SavefileInterface(
            link: LinkType(rawValue: UInt32(order.load(UInt16.self, window, at: body.lowerBound))),
            snapshotLength: order.load(UInt32.self, window, at: body.lowerBound + 4),
            scale: TimestampScale(resolution: resolution, offset: seconds)
        )
        takeComments(
            order,
            window,
            in: body.lowerBound + 8..<body.upperBound,
            on: .interface(interfaceBase + interfaces.count)
        )
        interfaces.append(interface)
        counts.interfaces &+= 1
        return .consumed(body.count + 12, .blocks(order))
    }

    /// An enhanced packet block, or the obsolete packet block: the latter has a 16-bit interface and a
    /// drop count in the place of the 32-bit interface.
    mutating func enhancedPacket(
        _ order: ByteOrder,
        _ window: Span<UInt8>,
        _ body: Range<Int>,
        isObsolete: Bool
    ) -> Advance {
        let start = body.lowerBound
        let number =
            isObsolete
            ? UInt32(order.load(UInt16.self, window, at: start)) : order.load(UInt32.self, window, at: start)
        guard number < interfaces.count else { return damaged(.unknownInterface(number)) }
        let interface = interfaces[Int(number)]
        let high = UInt64(order.load(UInt32.self, window, at: start + 4))
        let low = UInt64(order.load(UInt32.self, window, at: start + 8))
        let captured = Int(order.load(UInt32.self, window, at: start + 12))
        let original = Int(order.load(UInt32.self, window, at: start + 16))
        guard captured <= limits.packetLength else { return damaged(.packetTooLong(UInt64(captured))) }
        guard start + 20 + captured <= body.upperBound else { return damaged(.packetBeyondBlock) }
        let options = start + 20 + (captured + 3) & ~3
        if options < body.upperBound {
            takePacketOptions(order, window, in: options..<body.upperBound, of: interfaceBase + Int(number))
        }
        if isObsolete {
            let drops = order.load(UInt16.self, window, at: start + 2)
            // All ones: not known.
            if drops != .max { notes.noteDrops(UInt64(drops), beforePacketOf: interfaceBase + Int(number)) }
        }
        let packet = SavefilePacket(
            time: interface.scale.time(high << 32 | low),
            link: interface.link,
            interface: interfaceBase + Int(number),
            isOneOfSeveral: counts.interfaces > 1,
            bytes: ByteRange(offset: start + 20, count: captured),
            originalLength: original
        )
        return .packet(packet, consumed: body.count + 12)
    }

    /// A packet of the section's first interface, without a time and without a captured length of its own.
    mutating func simplePacket(_ order: ByteOrder, _ window: Span<UInt8>, _ body: Range<Int>) -> Advance {
        guard let interface = interfaces.first else { return damaged(.unknownInterface(0)) }
        let original = Int(order.load(UInt32.self, window, at: body.lowerBound))
        let limit = interface.snapshotLength == 0 ? original : Int(interface.snapshotLength)
        let captured = min(original, limit)
        guard captured <= limits.packetLength else { return damaged(.packetTooLong(UInt64(captured))) }
        guard captured <= body.count - 4 else { return damaged(.packetBeyondBlock) }
        counts.timelessPackets &+= 1
        let packet = SavefilePacket(
            time: lastTime,
            link: interface.link,
            interface: interfaceBase,
            isOneOfSeveral: counts.interfaces > 1,
            bytes: ByteRange(offset: body.lowerBound + 4, count: captured),
            originalLength: original
        )
        return .packet(packet, consumed: body.count + 12)
    }
}

/// Codes of the options of an interface that change how its packets are read (pcapng draft, section 4.2).
private enum InterfaceOption {
    static let timeResolution: UInt16 = 9
    static let timeOffset: UInt16 = 14
}
