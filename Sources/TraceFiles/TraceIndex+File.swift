import Traces

extension TraceIndex {
    /// Reads the index of a finished file by way of its last member.
    ///
    /// `nil` when the file is a pipe, is not finished, or its index is not whole: the walk through the file tells why.
    static func read(from path: String, tag: UInt64) throws(TraceReadError) -> TraceIndex? {
        var input = try TraceInput(path: path)
        let endSize = UInt64(MemberHeader.endMemberSize)
        guard let size = input.size, size >= endSize else { return nil }
        try input.seek(to: size - endSize)
        var decoder = BlockDecoder()
        guard let end = try member(.end, in: &input, tag: tag, with: &decoder),
            end.indexOffset < size - endSize
        else { return nil }
        try input.seek(to: end.indexOffset)
        guard let member = try member(.index, in: &input, tag: tag, with: &decoder),
            end.indexOffset + UInt64(member.memberSize) == size - endSize
        else { return nil }
        return TraceIndex(parsing: decoder.bytes.span)
    }

    private static func member(
        _ kind: MemberKind,
        in input: inout TraceInput,
        tag: UInt64,
        with decoder: inout BlockDecoder
    ) throws(TraceReadError) -> MemberHeader? {
        try input.ensureMemberHeader()
        guard let header = try? MemberHeader.parse(input.window), header.kind == kind, header.tag == tag
        else { return nil }
        guard try input.ensure(header.memberSize) else { return nil }
        do throws(MemberFault) {
            try decoder.decode(input.window, header)
        } catch {
            return nil
        }
        return header
    }
}
