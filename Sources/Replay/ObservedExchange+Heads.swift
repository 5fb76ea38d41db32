import Bytes
package import Messages
package import Traces

/// What went over HTTP/2 is kept as a list of fields, like what was recorded there.
extension ObservedExchange {
    /// The head of the request as a trace keeps it.
    package func requestRecord(to scheme: ReplayTarget.Scheme) -> (encoding: HeadEncoding, bytes: [UInt8]) {
        guard isHTTP2, let head = try? Head(parsing: requestHead, kind: .request) else {
            return (.http1, requestHead)
        }
        return (.fieldList, head.fieldList(scheme: scheme))
    }

    /// How the body of the request was framed.
    package var requestFraming: BodyFraming {
        switch scheduled.request.bodyMode {
        case .none: .none
        case .counted: .length(UInt64(scheduled.request.bodyCount))
        case .chunked: isHTTP2 ? .untilClose : .chunked
        }
    }
}

extension ObservedResponse {
    /// The head as a trace keeps it.
    package var record: (encoding: HeadEncoding, bytes: [UInt8]) {
        guard isHTTP2, let head = try? Head(parsing: head, kind: .response) else { return (.http1, head) }
        return (.fieldList, head.fieldList(scheme: .https))
    }

    /// How the body was framed; what HTTP/1 says of it in the head counts more there.
    package var framing: BodyFraming {
        if flags.contains(.chunked) { return .chunked }
        if flags.contains(.upgraded) || isHTTP2 && bodyLength == 0 { return .none }
        return .length(bodyLength)
    }
}

extension Head {
    /// The lines of a head of HTTP/1 as they go over HTTP/2: pseudo-fields for the first line and for Host, names in lower
    /// case, fields of the connection left out (RFC 9113, sections 8.2 and 8.3.1).
    fileprivate func fieldList(scheme: ReplayTarget.Scheme) -> [UInt8] {
        var list: [UInt8] = []
        list.reserveCapacity(bytes.count + 64)
        switch start {
        case .request(let method, let target):
            list.append(field: ":method".utf8, bytes[method])
            list.append(field: ":path".utf8, bytes[target])
            list.append(field: ":scheme".utf8, scheme.rawValue.utf8)
            if let host = fieldIndex(of: "host") {
                list.append(field: ":authority".utf8, bytes[fields[host].value])
            }
        case .response(let status, _):
            list.append(field: ":status".utf8, String(status).utf8)
        }
        for field in fields where !isKeptFromHTTP2(field) {
            list.append(field: bytes[field.name].lazy.map(Self.lowercased), bytes[field.value])
        }
        list.append(line: "")
        return list
    }

    private func isKeptFromHTTP2(_ field: HeaderField) -> Bool {
        let name = bytes.span.extracting(field.name.bounds)
        if name.equalsIgnoringCase("te") {
            return !bytes.span.extracting(field.value.bounds).equalsIgnoringCase("trailers")
        }
        return name.equalsIgnoringCase("host") || name.equalsIgnoringCase("http2-settings")
            || isOfConnection(field)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}

extension [UInt8] {
    fileprivate mutating func append(field name: some Sequence<UInt8>, _ value: some Sequence<UInt8>) {
        append(contentsOf: name)
        append(": ")
        append(contentsOf: value)
        append(line: "")
    }
}
