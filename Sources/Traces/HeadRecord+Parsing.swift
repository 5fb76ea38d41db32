package import Messages

extension HeadRecord {
    /// Reads the head again, whichever way its bytes are kept.
    ///
    /// Of a list of fields the framing is what the record says; of HTTP/1 it is what the head itself says.
    package func parsed() throws(HeadError) -> Head {
        switch encoding {
        case .http1: return try Head(parsing: bytes, kind: kind)
        case .fieldList:
            var head = try Head(parsingFieldList: bytes, kind: kind)
            head.framing = framing
            return head
        }
    }
}
