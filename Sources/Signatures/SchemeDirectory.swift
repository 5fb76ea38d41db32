import Bytes
package import Messages

/// The schemes of a run by the places where their signatures stand, so that one pass over a head finds them.
package struct SchemeDirectory: Sendable {
    private struct Entry: Sendable {
        /// Where the name stands in ``names``.
        var name: ByteRange
        var scheme: Int
        /// The next entry of the same slot; -1 at the end.
        var next: Int
    }

    /// In the order in which they count where a request carries several.
    package let schemes: [WebhookScheme]
    /// Those with a field of their own.
    private let entries: [Entry]
    /// The names of the fields, one behind the other.
    private let names: [UInt8]
    /// The first entry of each slot of names; -1 where there is none, as for nearly every field.
    private let slots: [Int16]
    /// Those that are looked for in the query and in the body.
    private let queries: [Int]
    private let bodies: [Int]

    private static let slotCount = 1 << 10

    /// The built-in schemes; those in `described` come before them, and take the place of one with the same name.
    package init(described: [WebhookScheme] = []) {
        let taken = Set(described.map(\.name))
        schemes = described + WebhookScheme.builtIn.filter { !taken.contains($0.name) }
        var names: [UInt8] = []
        var entries: [Entry] = []
        var slots = [Int16](repeating: -1, count: Self.slotCount)
        var queries: [Int] = []
        var bodies: [Int] = []
        for (index, scheme) in schemes.enumerated() {
            switch scheme.form?.place {
            case .header(_)?, nil:
                let start = names.count
                names.append(contentsOf: (scheme.fieldName ?? "").utf8)
                let name = ByteRange(start..<names.count)
                let slot = Self.slot(of: names.span.extracting(name.bounds))
                entries.append(Entry(name: name, scheme: index, next: Int(slots[slot])))
                slots[slot] = Int16(entries.count - 1)
            case .query(_)?: queries.append(index)
            case .form(_)?, .json(_)?: bodies.append(index)
            }
        }
        self.names = names
        self.entries = entries
        self.slots = slots
        self.queries = queries
        self.bodies = bodies
    }

    /// A number that names with the same letters share, whatever their case.
    private static func slot(of name: Span<UInt8>) -> Int {
        guard name.count > 0 else { return 0 }
        let ends = Int(name[0] | 0x20) &* 7 &+ Int(name[name.count &- 1] | 0x20) &* 129
        return (name.count &* 37 &+ ends) & (slotCount &- 1)
    }

    /// The directory of the built-in schemes.
    package static let builtIn = SchemeDirectory()

    package subscript(name name: String) -> WebhookScheme? { schemes.first { $0.name == name } }

    /// The scheme whose signature a request carries, right or wrong; O(fields), without an allocation where there is
    /// none.
    ///
    /// Signatures in the body are found only where `body` is the whole of it.
    package func recognise(_ head: Head, body: Span<UInt8>) -> WebhookScheme? {
        var best = schemes.count
        let bytes = head.bytes.span
        let list = head.fields.span
        let slots = slots.span
        let names = names.span
        for index in list.indices {
            let name = bytes.extracting(list[index].name.bounds)
            var next = Int(slots[Self.slot(of: name)])
            while next >= 0 {
                let scheme = entries[next].scheme
                if scheme < best, name.equalsIgnoringCase(names.extracting(entries[next].name.bounds)),
                    schemes[scheme].recognises(bytes.extracting(list[index].value.bounds))
                {
                    best = scheme
                }
                next = entries[next].next
            }
        }
        if best < schemes.count { return schemes[best] }
        if !queries.isEmpty, head.target.firstIndex(of: 0x3F) != nil {
            for index in queries where isInCompany(schemes[index], head, body: body) { return schemes[index] }
        }
        // Every such signature is a member or a field of this name.
        if body.count > 0, head.method.count == 4, body.mayHoldSignature {
            for index in bodies where isInCompany(schemes[index], head, body: body) { return schemes[index] }
        }
        return nil
    }

    private func isInCompany(_ scheme: WebhookScheme, _ head: Head, body: Span<UInt8>) -> Bool {
        guard let form = scheme.form, form.place.value(in: head, body: body) != nil else { return false }
        guard case .company(let places) = form.recognition else { return true }
        return places.allSatisfy { $0.value(in: head, body: body) != nil }
    }

    /// The schemes of a family whose field or place is in a request.
    package func present(family: String, in head: Head, body: Span<UInt8>) -> [WebhookScheme] {
        schemes.filter { scheme in
            guard scheme.family == family else { return false }
            guard let name = scheme.fieldName else { return isInCompany(scheme, head, body: body) }
            return head.fieldIndex(of: Array(name.utf8).span) != nil
        }
    }
}

extension Span where Element == UInt8 {
    /// Whether `ignature` stands somewhere in the bytes, as in the name of every such member or field.
    fileprivate var mayHoldSignature: Bool {
        // Of its letters, the `g` is the one that is met least often otherwise.
        guard count >= 8 else { return false }
        let raw = bytes
        var index = 0
        let letter = WideLanes.all(0x67)
        while index &+ 16 <= count {
            let found = (raw.wideLanes(at: index) .== letter).firstLane
            index &+= found
            if found < 16 {
                if isInSignature(index) { return true }
                index &+= 1
            }
        }
        while index < count {
            if self[index] == 0x67, isInSignature(index) { return true }
            index &+= 1
        }
        return false
    }

    /// Whether the byte at `letter` is that of `ignature`.
    private func isInSignature(_ letter: Int) -> Bool {
        letter > 0 && letter &+ 7 <= count
            && extracting(letter &- 1..<letter &+ 7).equalsIgnoringCase("ignature" as StaticString)
    }
}
