import Bytes
import Messages

extension Anonymizer {
    /// Replaces the value of a pseudo-field, and answers whether it has changed.
    mutating func anonymizePseudoField(_ index: Int, of head: inout Head) -> Bool {
        let field = head.fields[index]
        if isInspecting { place.enter(.header, name: head.name(of: field)) }
        var value: [UInt8] = []
        guard rewritePseudoField(head.value(of: field), head.name(of: field), to: &value) else {
            return false
        }
        head.replaceValue(ofField: index, with: value.span)
        return true
    }

    /// Appends what takes the place of the value of a pseudo-field of HTTP/2; false if it stays.
    ///
    /// The path is the target of the request and has been looked into as such. An authority stays but for a user's
    /// name and password in it. The value of a field whose name is not known may be anything: it is a credential.
    private mutating func rewritePseudoField(
        _ value: Span<UInt8>,
        _ name: Span<UInt8>,
        to output: inout [UInt8]
    ) -> Bool {
        guard !value.isEmpty else { return false }
        let secret = Treatment(.pseudonymize, as: .credential)
        if name.equalsIgnoringCase(":authority") {
            guard let at = value.lastIndex(of: 0x40) else { return false }
            var edit = ByteEdit()
            replaceUser(0..<at, of: value, &edit)
            guard edit.isChanged else { return false }
            edit.finish(value)
            output.append(contentsOf: edit.output)
            return true
        }
        let known: [StaticString] = [":method", ":path", ":scheme", ":status", ":protocol"]
        if known.contains(where: { name.equalsIgnoringCase($0) }) { return false }
        return treat(value, secret, to: &output)
    }
}
