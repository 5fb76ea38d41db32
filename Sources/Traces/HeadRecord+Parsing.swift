package import Messages

extension HeadRecord {
    /// Reads the head again, whichever way its bytes are kept.
    ///
    /// Of a list of fields the framing is what the record says; of HTTP/1 it is what the head itself says.
    package func parsed() throws(HeadError) -> Head {
        var head = Head.empty(kind)
        try parse(into: &head)
        return head
    }

    /// Reads the head again into `head` as if it were the first one.
    package func parse(into head: inout Head) throws(HeadError) {
        var lines = RepeatedLines()
        try parse(into: &head, repeating: &lines)
    }

    /// Reads the head again into `head`, whose storage serves for one after another; what it holds is of no use where
    /// this throws. `lines` are those of heads read before.
    package func parse(into head: inout Head, repeating lines: inout RepeatedLines) throws(HeadError) {
        switch encoding {
        case .http1: try head.read(bytes, kind: kind, repeating: &lines)
        case .fieldList:
            head = try Head(parsingFieldList: bytes, kind: kind)
            head.framing = framing
        }
    }
}
