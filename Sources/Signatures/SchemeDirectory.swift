import Bytes
package import Messages

/// The schemes of a run by the places where their signatures stand, so that one pass over a head finds them.
package struct SchemeDirectory: Sendable {
    private struct Entry: Sendable {
        var name: [UInt8]
        var scheme: Int
        /// The next entry of the same slot; -1 at the end.
        var next: Int
    }

    /// In the order in which they count where a request carries several.
    package let schemes: [WebhookScheme]
    /// Those with a field of their own.
    private let entries: [Entry]
    /// The first entry of each slot of names; -1 where there is none, as for nearly every field.
    private let slots: [Int]
    /// Those that are looked for in the query and in the body.
    private let queries: [Int]
    private let bodies: [Int]

    private static let slotCount = 1 << 10

    /// The built-in schemes; those in `described` come before them, and take the place of one with the same name.
    package init(described: [WebhookScheme] = []) {
        let names = Set(described.map(\.name))
        schemes = described + WebhookScheme.builtIn.filter { !names.contains($0.name) }
        var entries: [Entry] = []
        var slots = [Int](repeating: -1, count: Self.slotCount)
        var queries: [Int] = []
        var bodies: [Int] = []
        for (index, scheme) in schemes.enumerated() {
            switch scheme.form?.place {
            case .header(_)?, nil:
                let name = Array((scheme.fieldName ?? "").utf8)
                let slot = Self.slot(of: name.span)
                entries.append(Entry(name: name, scheme: index, next: slots[slot]))
                slots[slot] = entries.count - 1
            case .query(_)?: queries.append(index)
            case .form(_)?, .json(_)?: bodies.append(index)
            }
        }
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
        let list = head.fields.span
        for index in list.indices {
            let name = head.name(of: list[index])
            var next = slots[Self.slot(of: name)]
            while next >= 0 {
                let entry = entries[next]
                if entry.scheme < best, name.equalsIgnoringCase(entry.name.span),
                    schemes[entry.scheme].recognises(head.value(of: list[index]))
                {
                    best = entry.scheme
                }
                next = entry.next
            }
        }
        if best < schemes.count { return schemes[best] }
        if !queries.isEmpty, head.target.firstIndex(of: 0x3F) != nil {
            for index in queries where isInCompany(schemes[index], head, body: body) { return schemes[index] }
        }
        // Every such signature is a member or a field of this name.
        if body.count > 0, head.method.count == 4, body.contains("ignature") {
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
    /// Whether `word`, of at least one byte, stands somewhere in the bytes.
    fileprivate func contains(_ word: StaticString) -> Bool {
        let length = word.utf8CodeUnitCount
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: length)
        // Steps over whole words: every occurrence covers one of the looked-at bytes.
        var index = length - 1
        while index < count {
            let byte = self[index]
            for place in 0..<length where letters[place] == byte {
                let start = index - place
                guard start + length <= count else { continue }
                var isEqual = true
                for offset in 0..<length where self[start + offset] != letters[offset] {
                    isEqual = false
                    break
                }
                if isEqual { return true }
            }
            index += length
        }
        return false
    }
}
