import Bytes
import JSON
import Messages

extension MessageContent {
    /// Values of one place in one message beyond these are not told apart.
    package static let maximumValues = 256

    /// What stands at a spot, decoded, in the order of the message; empty where nothing does.
    ///
    /// A path with `[*]` means several values; each keeps its number in this list.
    package func values(at spot: ValueSpot) -> [[UInt8]] {
        var values: [[UInt8]] = []
        func take(_ whole: [UInt8]) -> Bool {
            // A value without the part keeps its number, so that those behind it keep theirs.
            values.append(ValuePieces.piece(spot.part, of: whole) ?? [])
            return values.count < Self.maximumValues
        }
        switch spot.place {
        case .path(let index):
            MessageValues.forEachSegment(head.target) { place, segment in
                if place == index { _ = take(PercentEncoding.decode(segment, plusIsBlank: false)) }
            }
        case .query(let name):
            let target = head.target
            let start = ValuePieces.queryStart(of: target, from: target.pathOfTarget.upperBound)
            collect(name, in: target, from: start, take)
        case .form(let name):
            if form == .form { collect(name, in: body.span, from: 0, take) }
        case .header(let name):
            var index = head.fieldIndex(of: name.utf8.span)
            while let place = index, take(Array(head.value(of: head.fields[place]))) {
                index = head.fieldIndex(of: name.utf8.span, from: place + 1)
            }
        case .cookie(let name): collectCookie(name, take)
        case .json(let path):
            guard form == .json else { break }
            JSONLeaves.forEach(body.span) { leaf, walk in
                guard walk.isMeant(by: path.steps, in: body.span) else { return true }
                return take(leaf.value(in: body.span))
            }
        case .event(let path):
            guard form == .events else { break }
            EventData.forEach(body.span) { data in
                JSONLeaves.forEach(data) { leaf, walk in
                    guard walk.isMeant(by: path.steps, in: data) else { return true }
                    return take(leaf.value(in: data))
                }
                return values.count < Self.maximumValues
            }
        case .html(let name):
            guard form == .html else { break }
            Markup.forEachField(body.span) { field, value in
                if field == name, values.count < Self.maximumValues { _ = take(value) }
            }
        case .body:
            if form == .text { _ = take(body) }
        }
        return values
    }

    private func collect(_ name: String, in text: Span<UInt8>, from start: Int, _ take: ([UInt8]) -> Bool) {
        for parameter in ValuePieces.parameters(of: text, from: start) {
            let found = PercentEncoding.decode(text.extracting(parameter.name), plusIsBlank: true)
            guard found.elementsEqual(name.utf8) else { continue }
            guard take(PercentEncoding.decode(text.extracting(parameter.value), plusIsBlank: true)) else {
                return
            }
        }
    }

    private func collectCookie(_ name: String, _ take: ([UInt8]) -> Bool) {
        let isRequest = head.kind == .request
        for field in head.fields {
            guard head.name(of: field).equalsIgnoringCase(isRequest ? "cookie" : "set-cookie") else {
                continue
            }
            let value = head.value(of: field)
            Cookies.forEach(value, onlyFirst: !isRequest) { key, range in
                if Array(value.extracting(key)).elementsEqual(name.utf8) {
                    _ = take(Array(value.extracting(range)))
                }
            }
        }
    }
}
