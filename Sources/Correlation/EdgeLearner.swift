import Bytes
import Messages
import Packets
package import Traces

/// Learns from a trace which values of answers appear in later requests.
///
/// A value counts only where an answer had it before any request did. What is too short to be told from chance, a small
/// number or a word, makes an edge only where many different ones agree and none speaks against it. Edges are told by
/// route, so that one holds for all exchanges of its kind; memory stays within ``Limits`` however long the trace is.
package struct EdgeLearner: Sendable {
    /// The bounds of what is kept at once.
    package struct Limits: Hashable, Sendable {
        /// Values whose places are remembered; beyond that the oldest are forgotten.
        package var values = 1 << 19
        /// Places of values, by route; values of further ones are passed over.
        package var places = 1 << 16
        package var routes = 4_096
        /// Pairs of places that were seen together.
        package var pairs = 1 << 17
        /// Values by pair that are told apart.
        package var uses = 1 << 20
        /// Requests that wait for their answers.
        package var open = 1 << 16

        package init() {}
    }

    /// What was read, and what went over a limit.
    package struct Counts: Hashable, Sendable {
        package var requests: UInt64 = 0
        package var answers: UInt64 = 0
        /// Values that were forgotten before the end of the trace.
        package var forgotten: UInt64 = 0
        /// Values in places, pairs and routes beyond what is kept.
        package var passedOver: UInt64 = 0
    }

    /// Fields and cookies are not told apart by the route they are sent to.
    static let anyRoute = 0

    let limits: Limits
    package private(set) var counts = Counts()
    private(set) var routes = ["*"]
    private var routeNumbers: [String: Int] = [:]
    private(set) var sources = PlaceTable<Source>()
    private(set) var sinks = PlaceTable<Sink>()
    private(set) var pairs: [Pair] = []
    private var pairNumbers: [UInt64: Int] = [:]
    private var entries: [Entry] = []
    private var entryNumbers: [ValueDigest: Int] = [:]
    private var nextEntry = 0
    private var uses: Set<UInt64> = []
    /// A request whose answer is still to come.
    private struct Asked {
        var route: Int
        var message: UInt32
    }
    private var asked: [UInt64: Asked] = [:]
    private var message: UInt32 = 0

    package init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Takes the next message of a trace, in order of start. O(n), but for tables.
    package mutating func take(_ recorded: RecordedMessage) {
        guard let head = try? recorded.head.parsed() else { return }
        message = message == .max ? .max : message + 1
        switch recorded.kind {
        case .request:
            counts.requests += 1
            take(request: MessageContent(head: head, body: recorded.body), recorded)
        case .response:
            guard !recorded.end.flags.contains(.interim),
                let asked = asked.removeValue(forKey: recorded.exchange)
            else { return }
            counts.answers += 1
            take(answer: MessageContent(head: head, body: recorded.body), asked, recorded.start.nanoseconds)
        }
    }

    // MARK: Answers

    private mutating func take(answer content: MessageContent, _ asked: Asked, _ time: Int64) {
        MessageValues.forEach(ofAnswer: content) { found in
            let shape = ValueShape(found.bytes, time: time)
            guard shape.strength > .none || shape.isTimelike, let number = source(found, asked.route) else {
                return
            }
            note(ValueDigest(found.bytes), shape, at: number, answering: asked.message)
        }
    }

    private mutating func source(_ found: borrowing FoundValue, _ route: Int) -> UInt32? {
        // A cookie is set anew by whatever is asked for.
        let number = sources.number(of: found, route: route, limit: limits.places, isShared: \.isCookie) {
            Source(route: $0, spot: $1)
        }
        if number == nil { counts.passedOver += 1 }
        return number
    }

    private mutating func note(
        _ digest: ValueDigest,
        _ shape: ValueShape,
        at number: UInt32,
        answering request: UInt32
    ) {
        let place = Int(number)
        sources[place].values += 1
        switch shape.strength {
        case .strong: sources[place].strong += 1
        case .medium: sources[place].medium += 1
        case .none, .word, .number: break
        }
        if shape.isTimelike { sources[place].timelike += 1 }
        guard !sources[place].isWorthless else { return }
        let entry = entry(digest)
        // What the request said, its answer only repeats.
        guard entries[entry].lastRequest != request else { return }
        if !entries[entry].has(source: number) {
            sources[place].distinct += 1
            makeRoom(in: entry)
            entries[entry].add(source: number, in: message)
        }
    }

    /// Forgets of a value that stands in many places one that has shown that it names nothing.
    private mutating func makeRoom(in entry: Int) {
        guard entries[entry].isFull else { return }
        for index in 0..<entries[entry].sourceCount {
            let source = sources[Int(entries[entry].sources[index].place)]
            guard source.values >= 8, source.uniqueness < 0.5, source.strong + source.medium == 0 else {
                continue
            }
            entries[entry].remove(source: index)
            return
        }
    }

    /// The entry of a value, made where it has none; the oldest makes room for it.
    private mutating func entry(_ digest: ValueDigest) -> Int {
        if let known = entryNumbers[digest] { return known }
        let number: Int
        if entries.count < limits.values {
            number = entries.count
            entries.append(Entry(digest))
        } else {
            number = nextEntry
            nextEntry = (nextEntry + 1) % limits.values
            entryNumbers[entries[number].digest] = nil
            entries[number] = Entry(digest)
            counts.forgotten += 1
        }
        entryNumbers[digest] = number
        return number
    }

    // MARK: Requests

    private mutating func take(request content: MessageContent, _ recorded: RecordedMessage) {
        let time = recorded.start.nanoseconds
        let route = route(of: content.head, time: time)
        if asked.count >= limits.open {
            // Answers that never came; a recording has few.
            asked.removeAll(keepingCapacity: true)
            counts.passedOver += UInt64(limits.open)
        }
        asked[recorded.exchange] = Asked(route: route, message: message)
        MessageValues.forEach(ofRequest: content) { found in use(found, route, time) }
    }

    /// The route of a request: segments that name one thing of many are left open.
    ///
    /// A segment does so by its shape, or where an answer gave its value before any request had it.
    private mutating func route(of head: borrowing Head, time: Int64) -> Int {
        var text = String(decoding: head.bytes[head.methodRange], as: UTF8.self) + " "
        var segments = 0
        MessageValues.forEachSegment(head.target) { index, segment in
            while segments <= index {
                text += "/"
                segments += 1
            }
            let isOpen = isOpen(segment, time: time)
            text += isOpen ? "{id}" : String(decoding: Array(segment), as: UTF8.self)
        }
        if segments == 0 { text += "/" }
        if let known = routeNumbers[text] { return known }
        guard routes.count < limits.routes, text.utf8.count <= 512, (try? RoutePattern(text)) != nil else {
            counts.passedOver += 1
            return Self.anyRoute
        }
        routes.append(text)
        routeNumbers[text] = routes.count - 1
        return routes.count - 1
    }

    private func isOpen(_ segment: Span<UInt8>, time: Int64) -> Bool {
        if RouteTemplate.isIdentifier(segment) || segment.isPlaceholder { return true }
        let shape = ValueShape(segment, time: time)
        if shape.strength == .strong { return true }
        let value = PercentEncoding.decode(segment, plusIsBlank: false)
        guard let number = entryNumbers[ValueDigest(value.span)], entries[number].request == 0 else {
            return false
        }
        for index in 0..<entries[number].sourceCount {
            let source = sources[Int(entries[number].sources[index].place)]
            if source.strength(of: shape) >= .medium { return true }
            if source.values >= 8, source.uniqueness >= 0.9, !source.spot.part.isPath { return true }
        }
        return false
    }

    private mutating func use(_ found: borrowing FoundValue, _ route: Int, _ time: Int64) {
        let shape = ValueShape(found.bytes, time: time)
        guard shape.strength > .none, let number = sink(found, route) else { return }
        sinks[Int(number)].uses += 1
        let entry = entry(ValueDigest(found.bytes))
        entries[entry].lastRequest = message
        if entries[entry].sourceCount == 0 {
            if entries[entry].request == 0 { entries[entry].request = message }
            entries[entry].add(sink: number, in: message)
            return
        }
        let birth = entries[entry].sources[0].message
        for index in 0..<entries[entry].sourceCount {
            let meeting = entries[entry].sources[index]
            let source = sources[Int(meeting.place)]
            let strength = source.strength(of: shape)
            if strength >= .medium {
                // Nobody makes such a value twice: it is from the answer that had it first, or from a client before.
                guard entries[entry].request == 0, meeting.message == birth else { continue }
            }
            // Chance is told by how often the request had the value before the answer.
            let isContradicted = entries[entry].firstUse(by: number).map { $0 < meeting.message } ?? false
            note(pair: meeting.place, number, entries[entry].digest, strength, isContradicted: isContradicted)
        }
        entries[entry].add(sink: number, in: message)
    }

    private mutating func sink(_ found: borrowing FoundValue, _ route: Int) -> UInt32? {
        // A field says the same whatever it is sent to.
        let number = sinks.number(of: found, route: route, limit: limits.places, isShared: \.isOfAnyRoute) {
            Sink(route: $0, spot: $1)
        }
        if number == nil { counts.passedOver += 1 }
        return number
    }

    private mutating func note(
        pair source: UInt32,
        _ sink: UInt32,
        _ digest: ValueDigest,
        _ strength: ValueShape.Strength,
        isContradicted: Bool
    ) {
        let key = UInt64(source) << 32 | UInt64(sink)
        let number: Int
        if let known = pairNumbers[key] {
            number = known
        } else {
            guard pairs.count < limits.pairs else {
                counts.passedOver += 1
                return
            }
            number = pairs.count
            pairs.append(Pair(source: Int(source), sink: Int(sink)))
            pairNumbers[key] = number
        }
        if isContradicted {
            pairs[number].contradicted += 1
            return
        }
        pairs[number].held += 1
        switch strength {
        case .strong: pairs[number].strong += 1
        case .medium: pairs[number].medium += 1
        case .number: pairs[number].numbers += 1
        case .none, .word: break
        }
        guard uses.count < limits.uses else { return }
        if uses.insert(JSONLeaves.mix(key, digest.key)).inserted { pairs[number].values += 1 }
    }
}

extension Span where Element == UInt8 {
    /// Whether a pattern would take the segment for one that is left open.
    fileprivate var isPlaceholder: Bool {
        count > 0 && (self[0] == 0x7B || count <= 2 && self[0] == 0x2A)
    }
}

extension ValuePart {
    fileprivate var isPath: Bool {
        if case .path = self { true } else { false }
    }
}
