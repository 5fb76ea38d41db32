import Bytes
import Messages
import Signatures

/// Gives the requests of a copied session an identity of their own, the same in all of them.
///
/// Session cookies, bearer tokens and what the session goes by become others of the same shape and length, which
/// follow from the seed; keys of idempotency and identifiers of deliveries become new ones with every run. What was
/// equal stays equal within a copy. A value is replaced wherever it stands in its request by itself.
struct CopyIdentity: Sendable {
    /// Shorter values stay: they stand everywhere for something else, too.
    static let shortest = 4

    private static let onceOnly: [StaticString] = [
        "idempotency-key", "x-idempotency-key", "idempotency-token", "x-request-id", "x-correlation-id",
        "request-id",
    ]
    /// Where senders that put it into the body write the identifier of a delivery.
    private static let bodyIDs: [(scheme: String, pointer: String)] = [
        ("stripe", "/id"), ("slack", "/event_id"), ("square", "/event_id"), ("paddle", "/event_id"),
        ("paddle", "/notification_id"), ("intercom", "/id"),
    ]

    private let marks: [SessionRule.Mark]
    private let deliveryNames: [[UInt8]]
    private let idempotencyPlaces: [SignaturePlace]
    private let bodyIDs: [Int: [SignaturePlace]]
    private let seed: UInt64
    private let run: String
    /// By copy; made when the first request of it comes.
    private var identities: [DeliveryRenewal?]
    private var deliveries: [(loop: UInt32, renewal: DeliveryRenewal)?]

    init(plan: ReplayPlan) {
        var marks: [SessionRule.Mark] = [.sessionCookie, .bearer]
        for mark in plan.sessions.marks + plan.copies.identities where !marks.contains(mark) {
            marks.append(mark)
        }
        self.marks = marks
        deliveryNames = plan.schemes.deliveryPlaces.compactMap { $0.headerName.map { Array($0.utf8) } }
        idempotencyPlaces = ["json:/idempotency_key", "json:/idempotencyKey"].compactMap {
            SignaturePlace($0)
        }
        var bodyIDs: [Int: [SignaturePlace]] = [:]
        for (name, pointer) in Self.bodyIDs {
            guard let index = plan.schemes.schemes.firstIndex(where: { $0.name == name }),
                let place = SignaturePlace("json:\(pointer)")
            else { continue }
            bodyIDs[index, default: []].append(place)
        }
        self.bodyIDs = bodyIDs
        seed = plan.seed
        run = plan.run
        identities = Array(repeating: nil, count: Int(plan.copies.count))
        deliveries = Array(repeating: nil, count: Int(plan.copies.count))
    }

    /// Replaces what tells users and deliveries apart; `copy` is not 0.
    mutating func apply(to request: inout PreparedRequest, copy: UInt32, loop: UInt32) {
        let values = values(in: request.content)
        var changes: [(old: [UInt8], new: [UInt8])] = []
        if !values.users.isEmpty {
            let renewal = identity(of: copy)
            changes += values.users.map { ($0, renewal.renewed(keepingLengthOf: $0.span)) }
        }
        if !values.deliveries.isEmpty {
            let renewal = delivery(of: copy, loop: loop)
            changes += values.deliveries.map { ($0, renewal.renewed(keepingLengthOf: $0.span)) }
        }
        changes.removeAll { $0.old == $0.new || $0.old.count != $0.new.count }
        guard !changes.isEmpty else { return }
        // A long value may hold a short one.
        changes.sort { $0.old.count > $1.old.count }
        request.withContent { $0.replace(changes) }
    }

    private mutating func identity(of copy: UInt32) -> DeliveryRenewal {
        if let known = identities[Int(copy)] { return known }
        let made = DeliveryRenewal(run: "the users of \(seed)", pass: copy)
        identities[Int(copy)] = made
        return made
    }

    private mutating func delivery(of copy: UInt32, loop: UInt32) -> DeliveryRenewal {
        if let known = deliveries[Int(copy)], known.loop == loop { return known.renewal }
        let made = DeliveryRenewal(run: "\(run), copy \(copy)", pass: loop)
        deliveries[Int(copy)] = (loop, made)
        return made
    }

    /// The values that are to be replaced.
    private func values(in request: PreparedRequest.Content) -> IdentityValues {
        var values = IdentityValues()
        for line in request.lines {
            let name = request.bytes.span.extracting(line.line.offset..<line.line.offset + line.nameCount)
            guard
                Self.onceOnly.contains(where: { name.equalsIgnoringCase($0) })
                    || deliveryNames.contains(where: { name.equalsIgnoringCase($0.span) })
            else { continue }
            values.noteDelivery(Array(request.bytes[request.valuePlace(of: line)]))
        }
        for mark in marks {
            switch mark {
            case .sessionCookie:
                request.eachCookie { name, value in
                    if name.isSessionCookieName { values.noteUser(value) }
                }
            case .cookie(let wanted):
                request.eachCookie { name, value in
                    if name.equals(Array(wanted.utf8).span) { values.noteUser(value) }
                }
            case .bearer: values.noteUser(request.bearerToken)
            case .place(let place):
                values.noteUser(place.value(in: request.plainHead, body: request.body.span))
            case .client, .delivery, .connection: break
            }
        }
        var places: [SignaturePlace] = []
        if let scheme = request.signing?.scheme { places += bodyIDs[scheme] ?? [] }
        if request.body.span.holdsJSONMember("idempotency") { places += idempotencyPlaces }
        for place in places {
            values.noteDelivery(place.value(in: request.plainHead, body: request.body.span))
        }
        return values
    }
}

/// Values that tell a request apart: of the user, and of this delivery alone; each once.
private struct IdentityValues {
    private(set) var users: [[UInt8]] = []
    private(set) var deliveries: [[UInt8]] = []

    mutating func noteUser(_ value: [UInt8]?) {
        if let value, isNew(value) { users.append(value) }
    }

    mutating func noteDelivery(_ value: [UInt8]?) {
        if let value, isNew(value) { deliveries.append(value) }
    }

    private func isNew(_ value: [UInt8]) -> Bool {
        value.count >= CopyIdentity.shortest && !users.contains(value) && !deliveries.contains(value)
    }
}

extension PreparedRequest.Content {
    /// Where the value of a field stands, without the blanks before it.
    func valuePlace(of line: FieldLine) -> Range<Int> {
        var start = line.line.offset + line.nameCount
        while start < line.line.end, bytes[start] != 0x3A { start += 1 }
        return bytes.span.trimmed(min(start + 1, line.line.end)..<line.line.end)
    }

    fileprivate func eachCookie(_ body: (Span<UInt8>, [UInt8]) -> Void) {
        for line in lines where line.nameCount == 6 {
            let name = bytes.span.extracting(line.line.offset..<line.line.offset + 6)
            guard name.equalsIgnoringCase("cookie" as StaticString) else { continue }
            let value = bytes.span.extracting(valuePlace(of: line))
            var cookies = CookieWalk()
            while let cookie = cookies.next(in: value) {
                body(value.extracting(cookie.name), Array(value.extracting(cookie.value)))
            }
        }
    }

    /// What stands behind `Bearer`; names and passwords are not made up.
    fileprivate var bearerToken: [UInt8]? {
        for line in lines where line.nameCount == 13 {
            let name = bytes.span.extracting(line.line.offset..<line.line.offset + 13)
            guard name.equalsIgnoringCase("authorization" as StaticString) else { continue }
            let value = bytes.span.extracting(valuePlace(of: line))
            guard value.count > 7, value.extracting(0..<7).equalsIgnoringCase("bearer " as StaticString)
            else {
                return nil
            }
            return Array(value.extracting(value.trimmed(7..<value.count)))
        }
        return nil
    }

    /// The fields and the target as a head, Host left out.
    fileprivate var plainHead: Head {
        Head(
            bytes: bytes,
            start: .request(method: method, target: target),
            version: version,
            fields: lines.map { line in
                HeaderField(
                    name: ByteRange(offset: line.line.offset, count: line.nameCount),
                    value: ByteRange(valuePlace(of: line))
                )
            },
            framing: .none,
            flags: []
        )
    }

    /// Puts values of the same lengths wherever others stand by themselves, in the target, in the fields and in the body;
    /// the mark of the run, which is the last of the fields, stays.
    fileprivate mutating func replace(_ changes: [(old: [UInt8], new: [UInt8])]) {
        let isEncoded = isEncoded
        for (old, new) in changes {
            bytes.overwrite(old, with: new, in: target.bounds)
            for line in lines.dropLast() { bytes.overwrite(old, with: new, in: line.line.bounds) }
            if !isEncoded { body.overwrite(old, with: new, in: 0..<body.count) }
        }
    }

    /// Whether the body is compressed: what looks like a value in it is none.
    private var isEncoded: Bool {
        lines.contains { line in
            line.nameCount == 16
                && bytes.span.extracting(line.line.offset..<line.line.offset + 16)
                    .equalsIgnoringCase("content-encoding" as StaticString)
        }
    }
}

extension Array where Element == UInt8 {
    /// Overwrites each occurrence in a range that no letter or digit adjoins.
    fileprivate mutating func overwrite(_ old: [UInt8], with new: [UInt8], in range: Range<Int>) {
        var position = range.lowerBound
        while position + old.count <= range.upperBound {
            guard let start = span.firstIndex(of: old[0], from: position),
                start + old.count <= range.upperBound
            else {
                return
            }
            position = start + 1
            guard self[start..<start + old.count].elementsEqual(old),
                start == range.lowerBound || !self[start - 1].isWordByte,
                start + old.count == range.upperBound || !self[start + old.count].isWordByte
            else { continue }
            for index in old.indices { self[start + index] = new[index] }
            position = start + old.count
        }
    }
}

extension UInt8 {
    fileprivate var isWordByte: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}

extension Span where Element == UInt8 {
    func equalsIgnoringCase(_ other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index].asciiLowercased != other[index].asciiLowercased {
            return false
        }
        return true
    }

    /// Whether a body that begins like a JSON object holds a word.
    fileprivate func holdsJSONMember(_ word: StaticString) -> Bool {
        let start = trimmed(0..<count).lowerBound
        return start < count && self[start] == 0x7B && holds(word)
    }
}
