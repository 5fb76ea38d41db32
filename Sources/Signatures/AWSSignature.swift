import Bytes
import Crypto
import Messages

/// AWS Signature Version 4 in the Authorization header (AWS documentation, "Create a signed AWS API request").
struct AWSSignature: Sendable {
    /// AWS refuses requests that are off by more than this, in seconds.
    static let tolerance: Int64 = 900

    private static let algorithm: StaticString = "AWS4-HMAC-SHA256"

    /// What the Authorization header says.
    private struct Statement {
        var accessKey: [UInt8]
        /// Region and service; the date before them and `aws4_request` behind them are not kept.
        var region: [UInt8]
        var service: [UInt8]
        var date: [UInt8]
        var signedHeaders: [[UInt8]]
        var signature: [UInt8]

        init?(_ value: Span<UInt8>) {
            guard value.count > 16, value.extracting(first: 16).equalsIgnoringCase(AWSSignature.algorithm)
            else {
                return nil
            }
            var parts: [String: ArraySlice<UInt8>] = [:]
            let text = Array(value)
            for part in text[16...].split(separator: 0x2C) {
                var part = part.drop { $0 == 0x20 }
                while part.last == 0x20 { part = part.dropLast() }
                guard let equals = part.firstIndex(of: 0x3D) else { return nil }
                parts[String(decoding: part[..<equals], as: UTF8.self)] = part[(equals + 1)...]
            }
            guard let credential = parts["Credential"], let headers = parts["SignedHeaders"],
                let signature = parts["Signature"]
            else { return nil }
            let scope = credential.split(separator: 0x2F, omittingEmptySubsequences: false)
            guard scope.count >= 5, scope[scope.count - 1].elementsEqual("aws4_request".utf8) else {
                return nil
            }
            accessKey = Array(scope[..<(scope.count - 4)].joined(separator: [0x2F]))
            date = Array(scope[scope.count - 4])
            region = Array(scope[scope.count - 3])
            service = Array(scope[scope.count - 2])
            signedHeaders = headers.split(separator: 0x3B).map { Array($0) }
            self.signature = Array(signature)
        }

        var scope: [UInt8] {
            Array([date, region, service, Array("aws4_request".utf8)].joined(separator: [0x2F]))
        }

        var text: [UInt8] {
            var text = Array("AWS4-HMAC-SHA256 Credential=".utf8)
            text += accessKey + [0x2F] + scope
            text += Array(", SignedHeaders=".utf8) + signedHeaders.joined(separator: [0x3B])
            text += Array(", Signature=".utf8) + signature
            return text
        }
    }

    func recognises(_ value: Span<UInt8>) -> Bool {
        value.count > 16 && value.extracting(first: 16).equalsIgnoringCase(Self.algorithm)
    }

    func verify(_ head: Head, body: Span<UInt8>, keys: [SignatureKey], at moment: Int64?) -> SignatureState {
        guard let value = head.value(of: "authorization") else { return .missing }
        guard let statement = Statement(value), let date = head.value(of: "x-amz-date"),
            let time = SignedTime(date, unit: .seconds)
        else { return .invalid }
        for key in keys {
            guard case .aws(let id, let secret) = key.material, id.map({ $0 == statement.accessKey }) ?? true,
                Self.signature(statement, head, body: body, date: Array(date), secret: secret)
                    .isEqualInConstantTime(to: statement.signature)
            else { continue }
            guard let moment else { return .valid }
            let late = moment.subtractingReportingOverflow(time.nanoseconds).partialValue.magnitude
            return late > UInt64(Self.tolerance) * 1_000_000_000 ? .stale : .valid
        }
        return .invalid
    }

    func isMalformed(_ head: Head) -> Bool {
        guard let value = head.value(of: "authorization") else { return false }
        guard let statement = Statement(value) else { return true }
        return statement.signature.count != 64 || TextCoding.hex.decode(statement.signature.span) == nil
    }

    /// Makes date and digest new; `false` where the request has no date of its own to sign.
    func refresh(_ request: inout SignedRequest, _ occasion: SigningOccasion, age: Int64) {
        let head = request.head
        guard head.fieldIndex(of: "x-amz-date" as StaticString) != nil else { return }
        let time = SignedTime(nanoseconds: occasion.now - age, style: .basic)
        request.put(time.text, at: .header("X-Amz-Date"))
        if let stated = head.value(of: "x-amz-content-sha256"), TextCoding.hex.decode(stated)?.count == 32 {
            let digest = TextCoding.hex.encode([UInt8].sha256(request.body.span))
            request.put(digest, at: .header("X-Amz-Content-SHA256"))
        }
    }

    func sign(_ request: inout SignedRequest, keys: [SignatureKey], isWrong: Bool) -> Bool {
        let head = request.head
        guard let value = head.value(of: "authorization"), var statement = Statement(value),
            let date = head.value(of: "x-amz-date"), date.count == 16,
            case .aws(let id, let secret)? = keys.first?.material
        else { return false }
        // Chunks are signed one by one, each with its own line in the body.
        if let stated = head.value(of: "x-amz-content-sha256"), stated.count > 10,
            stated.extracting(first: 10).equalsIgnoringCase("STREAMING-")
        {
            return false
        }
        // The field that holds the signature cannot be under it.
        guard !statement.signedHeaders.contains(where: { $0.span.equalsIgnoringCase("authorization") }) else {
            return false
        }
        if let id { statement.accessKey = id }
        let time = Array(date)
        statement.date = Array(time.prefix(8))
        statement.signature = Self.signature(
            statement,
            head,
            body: request.body.span,
            date: isWrong ? time + [0] : time,
            secret: secret
        )
        request.put(statement.text, at: .header("Authorization"))
        return true
    }

    private static func signature(
        _ statement: Statement,
        _ head: Head,
        body: Span<UInt8>,
        date: [UInt8],
        secret: [UInt8]
    ) -> [UInt8] {
        let canonical = canonicalRequest(statement, head, body: body)
        var text = Array("AWS4-HMAC-SHA256\n".utf8) + date + [0x0A] + statement.scope + [0x0A]
        text += TextCoding.hex.encode([UInt8].sha256(canonical.span))
        var key = Array("AWS4".utf8) + secret
        for step in [statement.date, statement.region, statement.service, Array("aws4_request".utf8)] {
            key = SignedContent(before: step).authenticationCode(SHA256.self, key, body: Span())
        }
        return TextCoding.hex.encode(
            SignedContent(before: text).authenticationCode(SHA256.self, key, body: Span())
        )
    }

    /// Method, path, query, fields and digest of the body, each in the one spelling that both sides agree on.
    private static func canonicalRequest(_ statement: Statement, _ head: Head, body: Span<UInt8>) -> [UInt8] {
        var text = Array(head.bytes[head.methodRange]) + [0x0A]
        let path = Array(head.bytes[head.pathRange])
        // Every service but S3 encodes the path as it goes over the wire once more, dots resolved.
        let isS3 = statement.service.elementsEqual("s3".utf8)
        text += path.isEmpty ? [0x2F] : isS3 ? path : canonicalPath(path)
        text.append(0x0A)
        if let query = head.queryRange { text += canonicalQuery(head.bytes.span.extracting(query.bounds)) }
        text.append(0x0A)
        for name in statement.signedHeaders {
            text += name.map(\.asciiLowercased) + [0x3A] + canonicalValue(of: name, in: head) + [0x0A]
        }
        text += [0x0A] + statement.signedHeaders.joined(separator: [0x3B]) + [0x0A]
        if let stated = head.value(of: "x-amz-content-sha256") {
            text += Array(stated)
        } else {
            text += TextCoding.hex.encode([UInt8].sha256(body))
        }
        return text
    }

    private static func canonicalPath(_ path: [UInt8]) -> [UInt8] {
        var segments: [ArraySlice<UInt8>] = []
        for segment in path.split(separator: 0x2F, omittingEmptySubsequences: true) {
            if segment.elementsEqual([0x2E]) { continue }
            if segment.elementsEqual([0x2E, 0x2E]) {
                if !segments.isEmpty { segments.removeLast() }
                continue
            }
            segments.append(segment)
        }
        var text: [UInt8] = []
        for segment in segments { text += [0x2F] + PercentEncoding.encode(segment) }
        if segments.isEmpty || path.last == 0x2F { text.append(0x2F) }
        return text
    }

    private static func canonicalQuery(_ query: Span<UInt8>) -> [UInt8] {
        let pairs = ParameterList(query).parameters.map {
            PercentEncoding.encode($0.name) + [0x3D] + PercentEncoding.encode($0.value)
        }
        return Array(pairs.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [0x26]))
    }

    /// All values of a field, joined by commas, runs of blanks as one.
    private static func canonicalValue(of name: [UInt8], in head: Head) -> [UInt8] {
        var values: [[UInt8]] = []
        var index = 0
        while let found = head.fieldIndex(of: name.span, from: index) {
            var value: [UInt8] = []
            for byte in head.bytes[head.fields[found].value] where byte != 0x20 || value.last != 0x20 {
                value.append(byte)
            }
            values.append(value)
            index = found + 1
        }
        if values.isEmpty, name.span.equalsIgnoringCase("host"), let authority = head.authorityRange {
            values.append(Array(head.bytes[authority]))
        }
        return Array(values.joined(separator: [0x2C]))
    }
}
