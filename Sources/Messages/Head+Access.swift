package import Bytes

extension Head {
    /// The method as on the wire; empty for responses.
    package var method: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(methodRange.bounds) }
    }

    /// Where the method stands; empty for responses.
    package var methodRange: ByteRange {
        switch start {
        case .request(let method, _): method
        case .response: ByteRange(offset: 0, count: 0)
        }
    }

    /// What the method says about the response.
    package var requestMethod: RequestMethod { RequestMethod(method) }

    /// The request target as on the wire; empty for responses.
    package var target: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(targetRange.bounds) }
    }

    /// Where the request target stands; empty for responses.
    package var targetRange: ByteRange {
        switch start {
        case .request(_, let target): target
        case .response: ByteRange(offset: 0, count: 0)
        }
    }

    /// 0 to 999; `nil` for requests.
    package var status: UInt16? {
        switch start {
        case .request: nil
        case .response(let status, _): status
        }
    }

    /// The reason phrase as on the wire; empty for requests.
    package var reason: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            switch start {
            case .request: bytes.span.extracting(0..<0)
            case .response(_, let reason): bytes.span.extracting(reason.bounds)
            }
        }
    }

    /// The name of a field of this head as on the wire.
    @_lifetime(borrow self)
    package func name(of field: HeaderField) -> Span<UInt8> {
        bytes.span.extracting(field.name.bounds)
    }

    /// The value of a field of this head as on the wire.
    @_lifetime(borrow self)
    package func value(of field: HeaderField) -> Span<UInt8> {
        bytes.span.extracting(field.value.bounds)
    }

    /// The index of the first field called `name` at or after `start`, letters compared without their case; O(fields).
    package func fieldIndex(of name: StaticString, from start: Int = 0) -> Int? {
        let fields = fields.span
        var index = start
        while index < fields.count {
            // Most names differ in length already.
            if fields[index].name.count == name.utf8CodeUnitCount,
                bytes.span.extracting(fields[index].name.bounds).equalsIgnoringCase(name)
            {
                return index
            }
            index &+= 1
        }
        return nil
    }

    /// The index of the first field called `name` at or after `start`, for names known only at run time.
    package func fieldIndex(of name: Span<UInt8>, from start: Int = 0) -> Int? {
        var index = start
        while index < fields.count {
            if self.name(of: fields[index]).equalsIgnoringCase(name) { return index }
            index &+= 1
        }
        return nil
    }

    /// The value of the first field called `name`, letters compared without their case; O(fields), no allocation.
    @_lifetime(borrow self)
    package func value(of name: StaticString) -> Span<UInt8>? {
        guard let index = fieldIndex(of: name) else { return nil }
        return bytes.span.extracting(fields[index].value.bounds)
    }

    /// The value of the first field called `name`, for names known only at run time.
    @_lifetime(borrow self)
    package func value(of name: Span<UInt8>) -> Span<UInt8>? {
        guard let index = fieldIndex(of: name) else { return nil }
        return bytes.span.extracting(fields[index].value.bounds)
    }

    /// What Content-Type says the body is.
    package var mediaType: MediaType {
        guard let value = value(of: "content-type") else { return .absent }
        return MediaType(value)
    }

    /// Whether Content-Type says JSON: `application/json`, `text/json` or anything that ends in `+json`.
    package var isJSON: Bool { mediaType == .json }
}
