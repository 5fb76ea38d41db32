import Messages

extension EdgeLearner {
    /// The edges that the trace so far speaks for, those that were seen most often first.
    package func edges() -> [ValueEdge] {
        let candidates = candidates()
        let wholes = wholes(among: candidates)
        var served: Set<Int> = []
        var servedByRoute: Set<UInt64> = []
        return candidates.compactMap { number in
            let pair = pairs[number]
            // What is a part of a value goes with the whole.
            let sink = sinks[pair.sink]
            if sink.spot.part.isRun,
                wholes[SinkPlace(route: sink.route, place: sink.spot.place)] ?? 0 >= pair.held * 9 / 10 + 1
            {
                return nil
            }
            // What could be chance is taken from one place alone.
            if kind(of: pair) < .medium, served.contains(pair.sink) { return nil }
            // One answer has the value in several places; the first is as good as the others.
            let key = UInt64(pair.sink) << 32 | UInt64(sources[pair.source].route)
            guard servedByRoute.insert(key).inserted else { return nil }
            served.insert(pair.sink)
            return edge(pair)
        }
    }

    private struct SinkPlace: Hashable {
        var route: Int
        var place: ValuePlace
    }

    /// How often the whole content of a place was a value.
    private func wholes(among candidates: [Int]) -> [SinkPlace: UInt64] {
        var wholes: [SinkPlace: UInt64] = [:]
        for number in candidates {
            let sink = sinks[pairs[number].sink]
            guard !sink.spot.part.isRun else { continue }
            wholes[SinkPlace(route: sink.route, place: sink.spot.place), default: 0] += pairs[number].held
        }
        return wholes
    }

    /// The numbers of all pairs that are more than chance, the best first.
    private func candidates() -> [Int] {
        var sound = pairs.indices.filter { isSound(pairs[$0]) }
        let proven = Set(sound.compactMap { role(of: pairs[$0]) })
        sound += pairs.indices.filter { number in
            guard !isSound(pairs[number]), let role = role(of: pairs[number]) else { return false }
            return proven.contains(role) && agrees(pairs[number])
        }
        return sound.sorted { left, right in
            let (first, second) = (pairs[left], pairs[right])
            if first.sink != second.sink {
                return first.held != second.held ? first.held > second.held : first.sink < second.sink
            }
            if first.held != second.held { return first.held > second.held }
            let ranks = (rank(first), rank(second))
            return ranks.0 != ranks.1 ? ranks.0 < ranks.1 : first.source < second.source
        }
    }

    /// What a value is there for in requests, whatever their method and what follows: `/runs/{id}` and `/runs/{id}/logs`
    /// name a run in one place.
    private struct Role: Hashable {
        var source: Int
        var spot: ValueSpot
        /// The segment before one of the path.
        var resource = ""
    }

    /// `nil` for places that say too little to be recognised on another route.
    private func role(of pair: Pair) -> Role? {
        let sink = sinks[pair.sink]
        var role = Role(source: pair.source, spot: sink.spot)
        switch sink.spot.place {
        case .path(let index):
            role.resource = Self.resource(before: index, in: routes[sink.route])
            return role.resource.isEmpty || role.resource.hasPrefix("{") ? nil : role
        case .query, .form, .json: return role
        case .header, .cookie, .event, .html, .body: return nil
        }
    }

    /// Whether nothing speaks against a pair whose source is known to name things in this place of other requests, and which
    /// was seen too seldom to show it alone.
    private func agrees(_ pair: Pair) -> Bool {
        let source = sources[pair.source]
        guard pair.values >= 2, !source.isTimelike, source.uniqueness >= 0.9 else { return false }
        return pair.contradicted == 0 && pair.held * 10 >= sinks[pair.sink].uses * 9
    }

    private func rank(_ pair: Pair) -> Int {
        let spot = sources[pair.source].spot
        let isHinted = isHinted(sources[pair.source], sinks[pair.sink])
        return (isHinted ? 0 : 100) + spot.place.rank * 10 + spot.part.rank
    }

    private func kind(of pair: Pair) -> ValueShape.Strength {
        if pair.strong * 2 >= pair.held { return .strong }
        if (pair.strong + pair.medium) * 2 >= pair.held { return .medium }
        return (pair.strong + pair.medium + pair.numbers) * 2 >= pair.held ? .number : .word
    }

    /// Whether what was seen is more than chance.
    private func isSound(_ pair: Pair) -> Bool {
        let source = sources[pair.source]
        let sink = sinks[pair.sink]
        guard pair.held > 0, !source.isTimelike, sink.uses > 0 else { return false }
        let confidence = Double(pair.held) / Double(sink.uses)
        let contradicted = Double(pair.contradicted) / Double(pair.held + pair.contradicted)
        let coverage = Double(pair.values) / Double(max(1, source.distinct))
        let isHinted = isHinted(source, sink)
        switch kind(of: pair) {
        case .strong: return true
        case .medium:
            guard source.uniqueness >= 0.5, confidence >= 0.3 else { return false }
            return isHinted || pair.values >= 2
        case .number:
            guard source.uniqueness >= 0.9, contradicted <= 0.05 else { return false }
            if isHinted, isSameResource(source, sink) { return confidence >= 0.5 }
            return confidence >= 0.9 && pair.values >= 5 && coverage >= 0.3
        case .word:
            guard pair.values >= 8, source.uniqueness >= 0.9, confidence >= 0.9, contradicted <= 0.02 else {
                return false
            }
            return isHinted || coverage >= 0.3
        case .none: return false
        }
    }

    private static let namesOfIdentifiers = [
        "id", "uuid", "guid", "key", "token", "ref", "reference", "number", "no", "slug", "handle", "cursor",
        "nonce",
        "etag", "code", "ticket", "job", "run",
    ]

    /// Whether the names on both sides say that something is named there.
    private func isHinted(_ source: Source, _ sink: Sink) -> Bool {
        let isNamed: Bool
        if case .path = source.spot.part {
            isNamed = true
        } else {
            isNamed = Self.isNameOfIdentifier(source.spot.place.name) || source.spot.place == .body
        }
        guard isNamed else { return false }
        if case .path = sink.spot.place { return true }
        if case .path = sink.spot.part { return true }
        let name = if case .query(let name) = sink.spot.part { name } else { sink.spot.place.name }
        return Self.isNameOfIdentifier(name)
    }

    /// Whether the names on both sides are of one kind of thing: `POST /runs` and `/runs/{id}`, `run.id` and `run_id`.
    private func isSameResource(_ source: Source, _ sink: Sink) -> Bool {
        var given = [
            Self.resource(ofName: source.spot.place.name),
            Self.resource(before: nil, in: routes[source.route]),
        ]
        if case .path(let index) = source.spot.part {
            // A link says itself where it leads.
            if case .path(index) = sink.spot.place { return true }
            given.removeFirst()
        }
        let wanted =
            if case .path(let index) = sink.spot.place {
                Self.resource(before: index, in: routes[sink.route])
            } else {
                Self.resource(ofName: sink.spot.place.name)
            }
        return !wanted.isEmpty && given.contains(wanted)
    }

    /// `run` of `run_id`, `runId`, `X-Run-Id` and `run`; nothing of `id`.
    private static func resource(ofName name: String) -> String {
        var small = name.lowercased().filter { $0.isLetter || $0.isNumber }
        for word in ["uuid", "guid", "number", "id", "no", "ref", "key"] where small.hasSuffix(word) {
            small.removeLast(word.count)
            break
        }
        if name.lowercased().hasPrefix("x-") { small = String(small.dropFirst()) }
        return singular(small)
    }

    /// The last word of a route's path, or the one before a segment.
    private static func resource(before index: Int?, in route: String) -> String {
        guard let slash = route.firstIndex(of: "/") else { return "" }
        let segments = route[slash...].dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let words = segments.prefix(index ?? segments.count)
        if index != nil { return words.last.map { singular($0.lowercased()) } ?? "" }
        return words.last { !$0.hasPrefix("{") }.map { singular($0.lowercased()) } ?? ""
    }

    private static func singular(_ word: String) -> String {
        if word.hasSuffix("ies") { return word.dropLast(3) + "y" }
        return word.hasSuffix("s") ? String(word.dropLast()) : word
    }

    private static func isNameOfIdentifier(_ name: String) -> Bool {
        let small = name.lowercased()
        return namesOfIdentifiers.contains { word in
            guard small.hasSuffix(word) else { return false }
            // `runId`, `run_id`, `x-run-id` and `id`, not `paid`.
            let rest = name.dropLast(word.count)
            guard let before = rest.last else { return true }
            return !before.isLetter || name.suffix(word.count).first?.isUppercase == true
        }
    }

    private func edge(_ pair: Pair) -> ValueEdge? {
        let source = sources[pair.source]
        let sink = sinks[pair.sink]
        guard let from = try? RoutePattern(routes[source.route]),
            let to = try? RoutePattern(routes[sink.route])
        else { return nil }
        return ValueEdge(
            from: from,
            take: source.spot,
            to: to,
            put: sink.spot,
            evidence: ValueEdge.Evidence(held: pair.held, of: sink.uses, values: pair.values)
        )
    }
}
