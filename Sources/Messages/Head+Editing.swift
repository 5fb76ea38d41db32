import Bytes

/// Edits change the bytes named and nothing else: order, case and spelling of all the rest stay.
///
/// Ranges in `start` and `fields` follow. Flags and `framing` stay as they were, even if Content-Length or
/// Transfer-Encoding are edited: how a stored body is framed is kept beside the head. Each edit is O(head).
extension Head {
    /// Puts `value` in the place of the value of field `index`.
    ///
    /// CR, LF and NUL cannot stand in a value; each is written as a space (RFC 9110, section 5.5).
    package mutating func replaceValue(ofField index: Int, with value: Span<UInt8>) {
        replace(fields[index].value, with: value, escapingTarget: false)
    }

    /// Puts `target` in the place of the request target; responses have none to replace.
    ///
    /// Bytes that would end a target (controls, space, DEL) are written percent-encoded.
    package mutating func replaceTarget(with target: Span<UInt8>) {
        precondition(kind == .request, "a response has no target")
        // The pseudo-field that would hold it is not there.
        guard !targetRange.isEmpty else { return }
        replace(targetRange, with: target, escapingTarget: true)
    }

    /// Takes the field out with its whole line, foldings included.
    package mutating func removeField(at index: Int) {
        let field = fields.remove(at: index)
        var end = field.value.end
        while end < bytes.count, bytes[end] != .lineFeed { end &+= 1 }
        end = min(end &+ 1, bytes.count)
        // White space folded after the value belongs to the field as well.
        while end < bytes.count, bytes[end].isBlank {
            while end < bytes.count, bytes[end] != .lineFeed { end &+= 1 }
            end = min(end &+ 1, bytes.count)
        }
        bytes.removeSubrange(field.name.offset..<end)
        shift(from: end, by: field.name.offset &- end)
    }

    /// Writes `name: value` as the new field `index`, before the field that stood there or after the last one.
    ///
    /// `name` is a token; `value` is treated as in ``replaceValue(ofField:with:)``.
    package mutating func insertField(_ name: StaticString, value: Span<UInt8>, at index: Int) {
        name.withUTF8Buffer { insertField($0.span, value: value, at: index) }
    }

    /// Writes `name: value` as the new field `index`, for names known only at run time.
    package mutating func insertField(_ name: Span<UInt8>, value: Span<UInt8>, at index: Int) {
        precondition(!name.isEmpty, "a field has a name")
        let offset = index < fields.count ? fields[index].name.offset : endOfFields
        var line: [UInt8] = []
        line.reserveCapacity(name.count &+ value.count &+ 4)
        for position in name.indices {
            precondition(name[position].isTokenCharacter, "the name of a field is a token")
            line.append(name[position])
        }
        line.append(.colon)
        line.append(.space)
        for position in value.indices { line.append(value[position].cleanedForValue) }
        line.append(.carriageReturn)
        line.append(.lineFeed)
        bytes.insert(contentsOf: line, at: offset)
        shift(from: offset, by: line.count)
        let field = HeaderField(
            name: ByteRange(offset: offset, count: name.count),
            value: ByteRange(offset: offset &+ name.count &+ 2, count: value.count)
        )
        fields.insert(field, at: index)
    }

    /// Writes `name: value` after the last field.
    package mutating func appendField(_ name: StaticString, value: Span<UInt8>) {
        insertField(name, value: value, at: fields.count)
    }

    /// Gives the first field called `name` this value and takes the others of that name out, or appends it.
    package mutating func setField(_ name: StaticString, value: Span<UInt8>) {
        guard let first = fieldIndex(of: name) else { return appendField(name, value: value) }
        replaceValue(ofField: first, with: value)
        while let other = fieldIndex(of: name, from: first &+ 1) { removeField(at: other) }
    }

    /// Takes every field called `name` out and answers how many there were.
    @discardableResult
    package mutating func removeFields(_ name: StaticString) -> Int {
        var removed = 0
        while let index = fieldIndex(of: name) {
            removeField(at: index)
            removed &+= 1
        }
        return removed
    }

    /// Where the empty line begins.
    private var endOfFields: Int {
        guard bytes.last == .lineFeed else { return bytes.count }
        let end = bytes.count &- 1
        return end > 0 && bytes[end &- 1] == .carriageReturn ? end &- 1 : end
    }

    private mutating func replace(_ range: ByteRange, with new: Span<UInt8>, escapingTarget: Bool) {
        if new.count == range.count, !escapingTarget {
            for index in new.indices { bytes[range.offset &+ index] = new[index].cleanedForValue }
            return
        }
        var clean: [UInt8] = []
        clean.reserveCapacity(new.count)
        for index in new.indices {
            let byte = new[index]
            if !escapingTarget {
                clean.append(byte.cleanedForValue)
            } else if byte <= .space || byte == .delete {
                PercentEncoding.append(byte, to: &clean)
            } else {
                clean.append(byte)
            }
        }
        bytes.replaceSubrange(range.bounds, with: clean)
        let difference = clean.count &- range.count
        resize(range, by: difference)
    }

    /// Makes the part that is exactly `range` longer and moves everything after it.
    private mutating func resize(_ range: ByteRange, by difference: Int) {
        let resized = ByteRange(offset: range.offset, count: range.count &+ difference)
        if case .request(let method, let target) = start {
            // In a list of fields, method and target are values of fields.
            start = .request(
                method: method == range ? resized : method.moved(from: range.end, by: difference),
                target: target == range ? resized : target.moved(from: range.end, by: difference)
            )
        }
        for index in fields.indices {
            if fields[index].value == range {
                fields[index].value = resized
            } else {
                fields[index].value.move(from: range.end, by: difference)
                fields[index].name.move(from: range.end, by: difference)
            }
        }
    }

    private mutating func shift(from offset: Int, by difference: Int) {
        if version == .http2, case .request(let method, let target) = start {
            start = .request(
                method: method.moved(from: offset, by: difference),
                target: target.moved(from: offset, by: difference)
            )
        }
        for index in fields.indices {
            fields[index].name.move(from: offset, by: difference)
            fields[index].value.move(from: offset, by: difference)
        }
    }
}

extension ByteRange {
    fileprivate mutating func move(from start: Int, by difference: Int) {
        if offset >= start { offset &+= difference }
    }

    fileprivate func moved(from start: Int, by difference: Int) -> ByteRange {
        var moved = self
        moved.move(from: start, by: difference)
        return moved
    }
}

extension UInt8 {
    fileprivate var cleanedForValue: UInt8 {
        self == .carriageReturn || self == .lineFeed || self == 0 ? .space : self
    }
}
