import Bytes
import Traces

/// Walks from member to member of a file, past damage, and keeps account of it.
struct MemberWalker: ~Copyable, Sendable {
    var input: TraceInput
    let header: TraceHeader
    private let tag: UInt64
    /// The first member as it stands in the file.
    let headerMember: [UInt8]
    private(set) var damage = DamageReport()
    /// Whether the last member has been met, and led to the index.
    private(set) var isFinished = false
    private var indexOffset: UInt64?
    private var checker = BlockDecoder()
    private var nextSequence: UInt32 = 1
    /// Bytes of the member that was given out last; it stays in the window until the next is asked for.
    private var current = 0

    /// Opens a file and reads its header.
    init(path: String) throws(TraceReadError) {
        var input = try TraceInput(path: path)
        (headerMember, header) = try Self.first(of: &input)
        tag = header.traceID.high
        self.input = input
    }

    private static func first(
        of input: inout TraceInput
    ) throws(TraceReadError) -> ([UInt8], TraceHeader) {
        guard try input.ensure(1) else { throw TraceReadError(.empty, path: input.path) }
        try input.ensureMemberHeader()
        var decoder = BlockDecoder()
        let member: MemberHeader
        do throws(MemberFault) {
            guard let parsed = try MemberHeader.parse(input.window) else { throw MemberFault.cut }
            guard parsed.kind == .header else { throw MemberFault.outOfPlace }
            member = parsed
        } catch {
            let isForeign = error == .notAMember || error == .extraField
            throw TraceReadError(isForeign ? .foreign : .headerDamaged(error), path: input.path)
        }
        _ = try input.ensure(member.memberSize)
        do throws(MemberFault) {
            try decoder.decode(input.window, member)
        } catch {
            throw TraceReadError(.headerDamaged(error), path: input.path)
        }
        let header: TraceHeader
        do throws(TraceHeaderError) {
            header = try TraceHeader(parsing: decoder.bytes.span)
        } catch {
            throw TraceReadError(.header(error), path: input.path)
        }
        guard header.traceID.high == member.tag else {
            throw TraceReadError(.headerDamaged(.outOfPlace), path: input.path)
        }
        let bytes = Array(input.window.extracting(0..<member.memberSize))
        input.consume(member.memberSize)
        return (bytes, header)
    }

    /// Where the member starts that was given out last.
    var offset: UInt64 { input.offset }

    /// The next data block, whole in the window, or `nil` at the end; other members are dealt with here.
    ///
    /// With `skipping` only the header is looked at, and the contents of a file need not be read.
    mutating func next(skipping: Bool = false) throws(TraceReadError) -> MemberHeader? {
        try passCurrent()
        while let member = try nextHeader() {
            guard try skipping ? fits(member) : input.ensure(member.memberSize) else {
                lose(.cut, input.available)
                // Of a file that was cut, what is left of the block may not be in the window yet.
                while try input.ensure(1) { lose(input.available) }
                return nil
            }
            guard accept(member) else {
                lose(.outOfPlace, member.memberSize)
                continue
            }
            current = member.memberSize
            if member.kind == .data { return member }
            guard [.index, .end].contains(member.kind) || member.kind.maySkip else {
                throw TraceReadError(.unknownBlock(member.kind.rawValue), path: input.path)
            }
            if !skipping { check(member) }
            try passCurrent()
        }
        return nil
    }

    /// Says that the member that was given out last cannot be used.
    mutating func reject(_ fault: MemberFault) {
        damage.add(fault, at: offset)
        damage.blocksLost += 1
        damage.bytesSkipped += UInt64(current)
    }

    /// Appends the member that was given out last, as it stands in the file.
    func appendCurrent(to bytes: inout [UInt8]) {
        bytes.append(contentsOf: input.window.extracting(0..<current))
    }

    /// Where the member ends that was given out last.
    var end: UInt64 { input.offset + UInt64(current) }

    /// Goes to a place where a member begins.
    mutating func seek(to offset: UInt64) throws(TraceReadError) {
        try input.seek(to: offset)
        current = 0
    }

    /// Goes to the member of that number, forward or back; what lies between is not missed.
    mutating func seek(to offset: UInt64, sequence: UInt32) throws(TraceReadError) {
        try seek(to: offset)
        nextSequence = sequence
        isFinished = false
    }

    /// Goes back to the first data block of a file.
    mutating func rewind() throws(TraceReadError) {
        try input.seek(to: UInt64(headerMember.count))
        damage = DamageReport()
        isFinished = false
        indexOffset = nil
        nextSequence = 1
        current = 0
    }

    private mutating func passCurrent() throws(TraceReadError) {
        if current > 0 { _ = try input.skip(current) }
        current = 0
    }

    private func fits(_ member: MemberHeader) -> Bool {
        guard let size = input.size else { return true }
        return offset + UInt64(member.memberSize) <= size
    }

    /// The header of the next member, found again behind damage; `nil` at the end.
    private mutating func nextHeader() throws(TraceReadError) -> MemberHeader? {
        while try input.ensure(1) {
            try input.ensureMemberHeader()
            do throws(MemberFault) {
                if isFinished { throw .outOfPlace }
                guard let member = try MemberHeader.parse(input.window) else { throw .cut }
                return member
            } catch {
                try resynchronize(after: error)
            }
        }
        return nil
    }

    /// Goes on to the next header that is right, or to the end when there is none.
    ///
    /// A header that seems cut may only have a damaged length: it is one only if nothing follows.
    private mutating func resynchronize(after fault: MemberFault) throws(TraceReadError) {
        let place = offset
        lose(1)
        var isFound = false
        while !isFound, try input.ensure(1) {
            switch MemberSearch.next(in: input.window, from: 0, tag: tag) {
            case .found(let distance, _) where !isFinished:
                lose(distance)
                isFound = true
            case .found:
                lose(input.available)
            case .none(before: 0):
                // A beginning that all the rest of the file does not make whole is none.
                if try !input.ensure(input.available + 1) { lose(1) }
            case .none(let distance):
                lose(distance)
            }
        }
        damage.add(fault == .cut && isFound ? .headerChecksum : fault, at: place)
    }

    private mutating func lose(_ count: Int) {
        damage.bytesSkipped += UInt64(count)
        input.consume(count)
    }

    private mutating func lose(_ fault: MemberFault, _ count: Int) {
        damage.add(fault, at: offset)
        lose(min(count, input.available))
    }

    /// Whether a member is where its number belongs; numbers that are missing before it are blocks that were lost.
    private mutating func accept(_ member: MemberHeader) -> Bool {
        guard member.tag == tag, member.kind != .header, member.sequence >= nextSequence else { return false }
        damage.blocksLost += UInt64(member.sequence - nextSequence)
        nextSequence = member.sequence &+ 1
        return true
    }

    /// Verifies a member that holds no records, and sees whether it ends the file.
    private mutating func check(_ member: MemberHeader) {
        do throws(MemberFault) {
            try checker.decode(input.window, member)
            switch member.kind {
            case .index:
                guard TraceIndex(parsing: checker.bytes.span) != nil else { throw .index }
                indexOffset = offset
            case .end:
                guard indexOffset == member.indexOffset else { throw .index }
                isFinished = true
            default: break
            }
        } catch {
            damage.add(error, at: offset)
            damage.bytesSkipped += UInt64(current)
        }
    }
}
